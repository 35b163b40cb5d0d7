"""Normalize one restored paragraph: width, punctuation, quotation marks, spaces, look-alikes.

`normalize` applies `RULES` in order until the text stands still, so cleaning a clean text changes nothing.
A new rule is a function ``str -> Iterable[Edit]`` in the module of its theme and one entry here. No
NFKC and nothing that maps Chinese punctuation to ASCII: both ruin Chinese text.
"""

from collections.abc import Callable, Iterable

from etl.normalize.brackets import widen_brackets
from etl.normalize.ellipsis import write_ellipsis
from etl.normalize.invisible import remove_invisible
from etl.normalize.lookalikes import round_year_zeros
from etl.normalize.punctuation import widen_punctuation
from etl.normalize.quotes import pair_double_quotes, pair_single_quotes
from etl.normalize.spaces import close_gaps, close_marks, plain_spaces, trim_ends
from etl.normalize.width import narrow_alphanumerics
from etl.traced import Change, Edit, Traced, apply

Rule = Callable[[str], Iterable[Edit]]

# What has no width goes first, so that every later rule sees true neighbours; spaces come last, when all
# marks that they may stand at are full width.
RULES: tuple[Rule, ...] = (
    remove_invisible,
    plain_spaces,
    trim_ends,
    narrow_alphanumerics,
    round_year_zeros,
    write_ellipsis,
    pair_double_quotes,
    pair_single_quotes,
    widen_brackets,
    widen_punctuation,
    close_marks,
    close_gaps,
)

# One mark set right can make its neighbour plain. Reports stand still after two or three rounds; the bound
# is for text made to be slow.
ROUNDS = 16


def normalize(text: Traced) -> tuple[Traced, tuple[Change, ...]]:
    """The text made clean, and one `Change` for every edit; a clean text comes back as it is.

    >>> normalize(Traced.raw("他说:今天 很好,真的!"))[0].text
    '他说：今天很好，真的！'
    """
    ledger: list[Change] = []
    for _ in range(ROUNDS):
        before = text
        for rule in RULES:
            if edits := tuple(rule(text.text)):
                text, changes = apply(text, edits, "normalize")
                ledger += changes
        if text is before:
            break
    return text, tuple(ledger)


__all__ = ["RULES", "Rule", "normalize"]
