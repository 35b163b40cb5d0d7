"""Normalize one restored paragraph: characters, width, punctuation, quotation marks, spaces, look-alikes.

`normalize` applies `RULES` in order until none changes the text, so cleaning a clean text changes nothing.
A new rule is a function ``str -> Iterable[Edit]`` in the module of its theme, one entry here, and a card
in ``etl/rules/normalize.toml``. No NFKC and nothing that maps Chinese punctuation to ASCII: both ruin
Chinese text.

Characters: `invisible`, `unreadable`, `entities`, `forms`, `radicals`, `lookalikes`, `doubled`, `width`.
Punctuation: `punctuation`, `brackets`, `quotes`, `ellipsis`. Spaces: `spaces`, `spacing`, `letters`,
`hyphens`. `context` tells the rules what surrounds a place.

The package imports values and `etl.text`; the pipeline and `etl.quality` may import it.
"""

from collections.abc import Callable, Iterable, Sequence

from etl.model.report import Repaired
from etl.model.traced import Change, Edit, Traced, apply, concat
from etl.normalize.brackets import widen_brackets
from etl.normalize.doubled import undouble
from etl.normalize.ellipsis import write_ellipsis
from etl.normalize.entities import write_entities
from etl.normalize.forms import write_forms, write_private_signs
from etl.normalize.hyphens import drop_hyphens
from etl.normalize.invisible import remove_invisible
from etl.normalize.letters import close_letters
from etl.normalize.lookalikes import round_year_zeros
from etl.normalize.punctuation import widen_punctuation
from etl.normalize.quotes import pair_double_quotes, pair_single_quotes
from etl.normalize.radicals import write_ideographs
from etl.normalize.spaces import close_gaps, close_marks, close_strewn_gaps, plain_spaces, trim_ends
from etl.normalize.spacing import is_strewn
from etl.normalize.unreadable import unreadable
from etl.normalize.width import narrow_alphanumerics
from etl.text.expressions import compiled

Rule = Callable[[str], Iterable[Edit]]

# What has no width goes first, so that every later rule sees true neighbours, then characters become what
# they stand for; spaces come last, when all marks that they may stand at are full width.
RULES: tuple[Rule, ...] = (
    remove_invisible,
    write_entities,
    plain_spaces,
    trim_ends,
    write_ideographs,
    write_forms,
    write_private_signs,
    undouble,
    close_letters,
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
# In a report strewn with stray spaces the last rule asks for less.
STREWN: tuple[Rule, ...] = (*RULES[:-1], close_strewn_gaps)

CELL_END = "\t"
# For text of ideographs, figures, Latin letters and single marks, in which no other rule finds anything.
PRINTED: tuple[Rule, ...] = (undouble, round_year_zeros)
# For the same with blanks.
BLANKS: tuple[Rule, ...] = (trim_ends, undouble, close_letters, round_year_zeros, close_marks, close_gaps)
BLANKS_STREWN: tuple[Rule, ...] = (*BLANKS[:-1], close_strewn_gaps)
_SET, _MARK, _BLANK = "[一-鿋0-9A-Za-z《》（）「」『』〔〕【】“”‘’—…·]", "[，。、；：？！]", "[ \u3000]*+"
PLAIN = compiled(f"{_SET}*+(?:{_MARK}{_SET}++)*+{_MARK}?")
WITH_BLANKS = compiled(
    f"{_BLANK}(?:{_SET}++{_BLANK})*+(?:{_MARK}{_BLANK}(?:{_SET}++{_BLANK})++)*+(?:{_MARK}{_BLANK})?"
)
# One mark set right can make its neighbour plain. Reports stand still after two or three rounds; the bound
# is for text made to be slow.
ROUNDS = 16


def normalize(text: Traced, *, strewn: bool = False) -> tuple[Traced, tuple[Change, ...]]:
    """Clean a text; return it with one `Change` for every edit. A clean text is returned unchanged.

    Args:
        text: a paragraph.
        strewn: its report is strewn with stray spaces, see `is_strewn`.

    >>> normalize(Traced.raw("他说:今天 很好,真的!"))[0].text
    '他说：今天 很好，真的！'
    """
    rules = _rules(text.text, strewn=strewn)
    text, ledger = (text, ()) if rules is PRINTED else apply(text, drop_hyphens(text), "normalize")
    for _ in range(ROUNDS):
        before = text
        for rule in rules:
            if edits := tuple(rule(text.text)):
                text, changes = apply(text, edits, "normalize")
                ledger += changes
        if text is before:
            break
        rules = _rules(text.text, strewn=strewn)
    return text, ledger


def _rules(text: str, *, strewn: bool) -> Sequence[Rule]:
    """Return the rules that may find something in a text, by its characters."""
    if PLAIN.fullmatch(text):
        return PRINTED
    if WITH_BLANKS.fullmatch(text):
        return BLANKS_STREWN if strewn else BLANKS
    return STREWN if strewn else RULES


class Writer:
    """The normalization of one report's paragraphs in several passes; what it made before it leaves as it is.

    Args:
        rows: where rows of tables begin in the raw text; each of their cells is a text of its own.
    """

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._rows = frozenset(rows)
        self._written: set[str] = set()
        self._strewn: bool | None = None

    def __call__(self, paragraphs: Sequence[Traced]) -> Repaired:
        """Normalize paragraphs; return those that are not empty afterwards, and all changes made to them."""
        if self._strewn is None:
            self._strewn = is_strewn(paragraph.text for paragraph in paragraphs)
        out, ledger = list[Traced](), list[Change]()
        for paragraph in paragraphs:
            text = paragraph
            if text.text not in self._written:
                text, changes = self._normalized(paragraph)
                ledger += changes
            if text.text:
                self._written.add(text.text)
                out.append(text)
        return Repaired(tuple(out), tuple(ledger))

    def _normalized(self, text: Traced) -> tuple[Traced, tuple[Change, ...]]:
        strewn = bool(self._strewn)
        if not (text.runs and text.runs[0].raw_start in self._rows and CELL_END in text.text):
            return normalize(text, strewn=strewn)
        made, ledger, at = list[Traced](), list[Change](), 0
        for cell in text.text.split(CELL_END):
            done, changes = normalize(text.slice(at, at + len(cell)), strewn=strewn)
            end = at + len(cell)
            made += (done, text.slice(end, end + 1))
            ledger += changes
            at = end + 1
        return concat(made), tuple(ledger)


__all__ = ["RULES", "STREWN", "Rule", "Writer", "is_strewn", "normalize", "unreadable"]
