"""Places: the tagger's, cleaned of words that name none, chains joined, single-letter countries told apart.

A suffix, a country or a word that is no place is an entry in ``config/lexicon/places.toml``.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extract.context import Context, Span, keep_longest

LONGEST = 30
FACILITY_TAGS = frozenset({"n", "nz", "vn", "an", "s", "nw", "LOC"})
FACILITY_WORDS = 4
PAIR_TAGS = frozenset({"LOC", "ORG", "nz", "n", "ns", "j"})
VILLAGE = re.compile("[村镇乡屯]")
CELLS = ("党支部", "党总支", "支部")
# A road ends an address: 江州高速公路|南城.
ROADS = ("公路", "铁路", "高铁", "高速")
SPLIT_SIGNS = re.compile("[、，。；：！？,;:!?“”‘’\"'()（）《》<>\\s]")


def find_places(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Spans of named places outside of the ``taken`` spans, none overlapping another."""
    used = [*taken, *context.closed]
    letters = list(_letters(context))
    whole = [
        span
        for span in _chains(context)
        if not any(a <= span[0] and span[1] <= b for a, b in _pairs(letters))
    ]
    spans = [span for span in (*whole, *_known(context), *_villages(context)) if is_name(context, span)]
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
    """Places in an unbroken chain (湖南省湘潭市韶山) as one, with a suffix word right behind them."""
    words, i = context.words, 0
    while i < len(words):
        if words[i].tag != "LOC" or _is_generic(context, i):
            i += 1
            continue
        last = i
        while (
            last + 1 < len(words)
            and words[last + 1].start == words[last].end
            and _continues(context, last + 1)
        ):
            if context.folded.endswith(ROADS, words[last].start, words[last].end):
                break
            last += 1
        last += _facility(context, last)
        yield (words[i].start, _without_trailer(context, (words[i].start, words[last].end)))
        i = last + 1


def _facility(context: Context, index: int) -> int:
    """How many words behind a place make its facility: 机器人产业园, 生态保护区; 0 where there is none."""
    words = context.words
    for step in range(1, FACILITY_WORDS + 1):
        position = index + step
        if position >= len(words) or words[position - 1].end != words[position].start:
            return 0
        word = words[position]
        if word.tag not in FACILITY_TAGS:
            return 0
        if context.folded.endswith(context.lexicon.places.facilities, word.start, word.end):
            return step
    return 0


def _without_trailer(context: Context, span: Span) -> int:
    """The end of a place without 西部 or 境内 behind it, and without a title (江州酒业总代理)."""
    for trailer in (*context.lexicon.places.trailers, *context.lexicon.people.titles):
        if len(trailer) + 1 < span[1] - span[0] and context.folded.endswith(trailer, *span):
            return span[1] - len(trailer)
    return span[1]


def _is_generic(context: Context, index: int) -> bool:
    word = context.words[index]
    return context.folded[word.start : word.end] in context.lexicon.places.generic


def _continues(context: Context, index: int) -> bool:
    word = context.words[index]
    if word.tag == "LOC":
        return not _is_generic(context, index)
    name = context.folded[word.start : word.end]
    return word.tag in {"n", "s", "nz"} and len(name) > 1 and name in context.lexicon.places.suffixes


def _villages(context: Context) -> Iterator[Span]:
    """Villages that the tagger reads as a person or within a body: 柳村, 柳村|马国良, 石桥村|党支部书记."""
    surnames = context.lexicon.people.surnames
    for word in context.words:
        if word.tag not in {"PER", "ORG"}:
            continue
        for match in VILLAGE.finditer(context.folded, word.start, word.end):
            end = match.end()
            cell = context.folded.startswith(CELLS, end)
            name = word.tag == "PER" and (end == word.end or context.folded[end] in surnames)
            if end - word.start > 1 and (cell or name):
                yield (word.start, end)


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
        if word.tag in PAIR_TAGS and 1 < len(name) <= 5 and places.letters.issuperset(name):  # noqa: PLR2004
            if name not in places.known and name not in places.generic:
                yield from ((k, k + 1) for k in range(word.start, word.end))
        elif name in places.lone_letters and _stands_for_country(context, i):
            yield (word.start, word.end)
        elif word.tag in {"v", "vn", "n"} and _is_way_to(context, name):
            yield (word.start + 1, word.end)


def _is_way_to(context: Context, name: str) -> bool:
    """来华 and 访美 as one word."""
    places = context.lexicon.places
    return len(name) == len("来华") and name[0] in places.before_letter and name[1] in places.lone_letters


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
