"""Places: the tagger's, cleaned of words that name none, chains joined, single-letter countries told apart.

A suffix, a country or a word that is no place is an entry in ``config/lexicon/places.toml``.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extract.context import Context, Span, keep_longest, occurrences
from etl.extract.tagger import Word

LONGEST = 30
FACILITY_TAGS = frozenset({"n", "nz", "vn", "an", "s", "nw", "LOC"})
FACILITY_WORDS = 4
PAIR_TAGS = frozenset({"LOC", "ORG", "nz", "n", "ns", "j"})
BOTH = frozenset({"LOC", "ORG"})
VILLAGE = re.compile("[村镇乡屯]")
CELLS = ("党支部", "党总支", "支部")
# A road ends an address: 江州高速公路|南城.
ROADS = ("公路", "铁路", "高铁", "高速")
# Behind a place, its side: 大别山|西端.
SIDE = re.compile("[东南西北]+(?=[端侧麓部岸坡])")
# Sites that bear the name of a body or person.
MEMORIALS = ("旧址", "遗址", "故居", "纪念馆", "纪念碑", "纪念堂", "陵园", "墓园")
# Sites whose name the tagger takes for that of a company.
PARKS = (
    "广场",
    "产业园",
    "物流园",
    "科技园",
    "工业园",
    "汽车城",
    "商业城",
    "园区",
    "公园",
    "机场",
    "大桥",
    "水库",
    "小镇",
    "大厦",
    "车站",
)
# Below this the tagger's place is none unless a list knows it.
LIKELY = 0.4
# Below this two letters that the tagger reads as a common word are one.
PAIR = 0.1
SPLIT_SIGNS = re.compile("[、，。；：！？,;:!?“”‘’\"'()（）《》<>\\s]")


def find_places(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Spans of named places outside of the ``taken`` spans, none overlapping another."""
    used = [*taken, *context.closed]
    letters = sorted({*_letters(context), *_partners(context)})
    whole = [
        span
        for span in _chains(context)
        if not any(a <= span[0] and span[1] <= b for a, b in _pairs(letters))
    ]
    spans = [*whole, *_known(context), *_villages(context), *_heads(context)]
    spans += memorials(context)
    spans += occurrences(context.lexicon.places.compounds, context.folded)
    spans = [span for span in spans if is_name(context, span)]
    kept = list(keep_longest(spans, used))
    yield from sorted([*kept, *keep_longest(letters, [*used, *kept])])


def is_name(context: Context, span: Span) -> bool:
    """Whether a span names one place rather than a kind of place."""
    name = context.folded[slice(*span)]
    words = context.lexicon.places
    if name in words.generic or len(name) > LONGEST or SPLIT_SIGNS.search(name):
        return False
    return len(name) > 1 and (name in words.known or not words.common.fullmatch(name))


def memorials(context: Context) -> Iterator[Span]:
    """毛泽东故居, 新四军第五师旧址: a site with the name of a person or body before it, and its place."""
    words = context.words
    for i, word in enumerate(words):
        if word.tag not in {"ORG", "PER"}:
            continue
        for memorial in MEMORIALS:
            behind = context.folded.startswith(memorial, word.end)
            if behind or context.folded.endswith(memorial, word.start, word.end):
                first = i
                while first and words[first - 1].end == words[first].start and words[first - 1].tag == "LOC":
                    first -= 1
                yield (words[first].start, word.end + len(memorial) * behind)


def begins_site(context: Context, index: int) -> bool:
    """Whether the tagger's body is a site (江州商业城), or the beginning of one (江州文化|产业园)."""
    word = context.words[index]
    if context.folded.endswith(context.lexicon.organizations.suffixes, word.start, word.end):
        return False
    if context.folded[word.start : word.end] in context.lexicon.organizations.bodies:
        return False
    return context.folded.endswith(PARKS, word.start, word.end) or _facility(context, index) > 0


def _heads(context: Context) -> Iterator[Span]:
    """上海旅游, read as a body: the known place that its word begins with."""
    known = context.lexicon.places.known
    for word in context.words:
        if word.tag in BOTH:
            for length in range(min(6, word.end - word.start), 1, -1):
                if context.folded[word.start : word.start + length] in known:
                    yield (word.start, word.start + length)
                    break


def _chains(context: Context) -> Iterator[Span]:
    """Places in an unbroken chain (湖南省湘潭市韶山) as one, with a suffix word right behind them."""
    words, i = context.words, 0
    while i < len(words):
        if not _begins_place(context, i):
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
            if _are_apart(context, (words[i].start, words[last].end), words[last + 1]):
                break
            last += 1
        last += _facility(context, last)
        yield (words[i].start, _without_trailer(context, (words[i].start, words[last].end)))
        i = last + 1


def _are_apart(context: Context, chain: Span, word: Word) -> bool:
    """嵊州|新昌: two divisions of which the second does not lie in the first."""
    return (
        context.is_division(*chain)
        and context.is_division(word.start, word.end)
        and not context.is_division(chain[0], word.end)
    )


def _begins_place(context: Context, index: int) -> bool:
    word = context.words[index]
    if word.tag == "ORG":
        return begins_site(context, index)
    if word.tag != "LOC" or _is_generic(context, index):
        return False
    name = context.folded[word.start : word.end]
    known = name in context.lexicon.places.known or not context.chances
    known = known or context.is_division(word.start, word.end)
    # A place that may be a company is one of the two: its chances count together.
    return known or context.chance("LOC", word.start, word.end, or_else="ORG") >= LIKELY


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
    if end := _before_weather(context, span):
        return end
    side = SIDE.search(context.folded, max(span[0] + 2, span[1] - 2), span[1] + 1)
    return side.start() if side and side.end() == span[1] else span[1]


def _before_weather(context: Context, span: Span) -> int:
    """台北阴: the end of a known place before the word for its weather, 0 where there is none (江阴)."""
    places = context.lexicon.places
    for weather in () if context.is_division(*span) else places.weather:
        end = span[1] - len(weather)
        if context.folded.endswith(weather, *span) and context.folded[span[0] : end] in places.known:
            return end
    return 0


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


def _partners(context: Context) -> Iterator[Span]:
    """Both countries of 中老两国, whatever the tagger makes of the two characters."""
    places = context.lexicon.places
    starts = {word.start for word in context.words}
    for context_word in places.pair_context:
        for start, _ in occurrences((context_word,), context.folded):
            pair = context.folded[max(0, start - 2) : start]
            if len(pair) == 2 and start - 2 in starts and _is_pair(context, pair):  # noqa: PLR2004
                yield (start - 2, start - 1)
                yield (start - 1, start)


def _is_pair(context: Context, pair: str) -> bool:
    places = context.lexicon.places
    one = places.lone_letters
    either = (pair[0] in one and pair[1] in places.partners) or (
        pair[1] in one and pair[0] in places.partners
    )
    both = places.letters.issuperset(pair) and pair[0] != pair[1]
    return (either or both) and pair not in places.known and pair not in places.generic


def _letters(context: Context) -> Iterator[Span]:
    """Countries and provinces of one character: both of 中美, the one of 来华, each of 京津冀."""
    places = context.lexicon.places
    for i, word in enumerate(context.words):
        name = context.folded[word.start : word.end]
        if word.tag in PAIR_TAGS and 1 < len(name) <= 5 and places.letters.issuperset(name):  # noqa: PLR2004
            sure = word.tag in BOTH or context.chance("LOC", *word[:2], or_else="ORG") >= PAIR
            if sure and name not in places.known and name not in places.generic:
                yield from ((k, k + 1) for k in range(word.start, word.end))
        elif word.tag in BOTH and len(name) == 2 and _is_pair(context, name):  # noqa: PLR2004
            yield from ((word.start, word.start + 1), (word.start + 1, word.end))
        elif word.tag in BOTH and places.letters.issuperset(name[:2]) and _is_doubtful(context, word):
            if name[0] != name[1:2] and len(name) > 2 and name[:2] not in places.known:  # noqa: PLR2004
                yield (word.start, word.start + 1)
                yield (word.start + 1, word.start + 2)
        elif name in places.lone_letters and _stands_for_country(context, i):
            yield (word.start, word.end)
        elif word.tag in {"v", "vn", "n"} and _is_way_to(context, name):
            yield (word.start + 1, word.end)


def _is_doubtful(context: Context, word: Word) -> bool:
    return bool(context.chances) and context.chance(word.tag, word.start, word.end) < LIKELY


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
