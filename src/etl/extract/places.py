"""Places: the tagger's, cleaned of words that name none, chains joined, single-letter countries told apart.

A suffix, a country or a word that is no place is an entry in ``config/lexicon/places.toml``.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extract.context import Context, Span, keep_longest

LONGEST = 30
# Behind these a place becomes a body: 美国政府 is found as an organization instead.
SPLIT_SIGNS = re.compile("[、，。；：！？,;:!?“”‘’\"'()（）《》<>\\s]")


def find_places(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Spans of named places outside of the ``taken`` spans, none overlapping another."""
    used = [*taken, *context.closed]
    letters = list(_letters(context))
    whole = [span for span in _chains(context) if not any(a <= span[0] and span[1] <= b for a, b in _pairs(letters))]
    spans = [span for span in (*whole, *_known(context)) if is_name(context, span)]
    kept = list(keep_longest(spans, used))
    yield from sorted([*kept, *keep_longest(letters, [*used, *kept])])


def is_name(context: Context, span: Span) -> bool:
    """Whether a span names one place rather than a kind of place."""
    name = context.folded[slice(*span)]
    words = context.lexicon.places
    if name in words.generic or len(name) > LONGEST or SPLIT_SIGNS.search(name):
        return False
    return len(name) > 1


def _chains(context: Context) -> Iterator[Span]:
    """Places in an unbroken chain (山西省运城市绛县) as one, with a suffix word right behind them."""
    words, i = context.words, 0
    while i < len(words):
        if words[i].tag != "LOC" or _is_generic(context, i):
            i += 1
            continue
        last = i
        while last + 1 < len(words) and words[last + 1].start == words[last].end and _continues(context, last + 1):
            last += 1
        yield (words[i].start, words[last].end)
        i = last + 1


def _is_generic(context: Context, index: int) -> bool:
    word = context.words[index]
    return context.folded[word.start : word.end] in context.lexicon.places.generic


def _continues(context: Context, index: int) -> bool:
    word = context.words[index]
    if word.tag == "LOC":
        return not _is_generic(context, index)
    name = context.folded[word.start : word.end]
    return word.tag in {"n", "s", "nz"} and len(name) > 1 and name in context.lexicon.places.suffixes


def _known(context: Context) -> Iterator[Span]:
    known = context.lexicon.places.known
    for word in context.words:
        if word.tag not in {"ORG", "PER"} and context.folded[word.start : word.end] in known:
            yield (word.start, word.end)


def _letters(context: Context) -> Iterator[Span]:
    """Countries and provinces of one character: both of 中美, the one of 来华, each of 京津冀."""
    places = context.lexicon.places
    for i, word in enumerate(context.words):
        name = context.folded[word.start : word.end]
        if word.tag in {"LOC", "nz", "n", "ns", "j"} and 1 < len(name) <= 5 and places.letters.issuperset(name):  # noqa: PLR2004
            if name not in places.known and name not in places.generic:
                yield from ((k, k + 1) for k in range(word.start, word.end))
        elif name in places.lone_letters and _stands_for_country(context, i):
            yield (word.start, word.end)
        elif len(name) == 2 and name[0] in places.before_letter and name[1] in places.lone_letters:  # noqa: PLR2004
            if word.tag in {"v", "vn", "n"}:
                yield (word.start + 1, word.end)


def _stands_for_country(context: Context, index: int) -> bool:
    word = context.words[index]
    before = context.folded[max(0, word.start - 1) : word.start]
    after = context.folded[word.end : word.end + 1]
    if after in context.lexicon.places.not_after_letter:
        return False
    return word.tag == "LOC" or before in context.lexicon.places.before_letter


def _pairs(letters: Iterable[Span]) -> list[Span]:
    """Runs of neighbouring letters, as one span each."""
    runs: list[Span] = []
    for start, end in letters:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
