"""Find places: clean the tagger's of common words, join chains of divisions, add known names and sites.

A suffix, a country or a word that is no place is an entry in ``config/lexicon/places.toml``; a new way to
find one is a function in `find_places`.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extraction.context import Context, Span, found_once, keep_longest, occurrences
from etl.extraction.people.foreign_names import find_foreign_places
from etl.extraction.people.roles import role_behind
from etl.extraction.places.abbreviated_places import MIN_PROBABILITY, find_abbreviated_places, merge_neighbors
from etl.extraction.places.full_names import find_full_names
from etl.extraction.places.name_ends import end_before_side, strip_trailer
from etl.extraction.places.patterns import find_by_pattern, find_forecasts, find_zones
from etl.extraction.places.titles import begins_title
from etl.extraction.resources.gazetteer import shortened
from etl.extraction.resources.tagger import Word

# Characters; what is longer is several names or a sentence.
MAX_NAME_LENGTH = 30
FACILITY_TAGS = frozenset({"n", "nz", "vn", "an", "a", "s", "nw", "LOC"})
# Words behind a place that make its facility: 绛县|机器|产业园.
MAX_FACILITY_WORDS = 4
# Characters of a known place that an organization begins with, and of a division with a common name.
MAX_BEGINNING_LENGTH, MIN_DIVISION_LENGTH = 6, 3
PLACE_OR_ORGANIZATION = frozenset({"LOC", "ORG"})
VILLAGE = re.compile("[村镇乡屯]")
PARTY_CELLS = ("党支部", "党总支", "支部")
# A road ends an address: 江州高速公路|南城.
ROADS = ("公路", "铁路", "高铁", "高速")
# Two places with one of these between them are the ends of a road, longest first.
ROUTES = ("高速公路", *ROADS)
TOWARDS = frozenset("至到—－-–~～")
# Sites that bear the name of an organization or person.
MEMORIALS = ("旧址", "遗址", "故居", "纪念馆", "纪念碑", "纪念堂", "陵园", "墓园")
# Sites whose name the tagger takes for that of a company.
SITE_ENDS = (
    "广场", "产业园", "物流园", "科技园", "工业园", "汽车城", "商业城", "生态城", "科技城", "科学城",
    "新城", "园区", "公园", "机场", "大桥", "水库", "水利枢纽", "体育中心", "小镇", "大厦", "车站",
)  # fmt: skip
CHINA = "中国"
REGION = "地区"
# What follows a road in an address (3段260号), and a parcel of land in Taiwan (小八里坌段枫柜斗湖小段).
HOUSE = re.compile(r"(?:[一二三四五六七八九十\d]{1,2}段)?(?:\d{1,4}巷)?(?:\d{1,3}弄)?\d{1,4}(?:之\d{1,3})?号")
ROAD_ENDS = frozenset("路街道巷段")
PARCEL = "小段"
NUMERALS = "二三五七八九千万"
COMMUNITY = "社区"
FOOT = re.compile("山[麓脚顶腰]")
SPLIT_SIGNS = re.compile("[、，。；：！？,;:!?“”‘’\"'()（）《》<>\\s]")
# 市和县 names two units; 和县 alone is a county.
LINKED_UNIT = re.compile("和[县市区旗州]")
UNITS = frozenset("省市区州旗盟县")


def find_places(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield spans of named places outside of the ``taken`` spans, none overlapping another."""
    used = [*taken, *context.closed]
    abbreviated = find_abbreviated_places(context)
    letters = merge_neighbors(abbreviated)
    whole = [span for span in _chains(context) if not any(a <= span[0] and span[1] <= b for a, b in letters)]
    spans = [*whole, *_known(context), *_villages(context), *_known_beginnings(context)]
    spans += find_full_names(context)
    spans += [*find_by_pattern(context), *find_memorials(context), *find_foreign_places(context)]
    spans += occurrences(context.lexicon.places.compounds, context.folded)
    spans = [*(span for span in spans if is_name(context, span)), *find_zones(context)]
    sure = list(keep_longest(find_forecasts(context), used))
    kept = [*sure, *keep_longest(spans, [*used, *sure])]
    names = [*kept, *keep_longest(abbreviated, [*used, *kept])]
    names = [_end_of_route(context, span) for span in names]
    yield from sorted(span for span in names if not begins_title(context, span))


def _end_of_route(context: Context, span: Span) -> Span:
    """Return the end of a route without the road that goes there: 大理至|丽江|铁路."""
    road = next((road for road in ROUTES if context.folded.endswith(road, span[0] + 2, span[1])), "")
    if road and context.folded[span[0] - 1 : span[0]] in TOWARDS:
        return (span[0], span[1] - len(road))
    return span


def is_name(context: Context, span: Span) -> bool:
    """Check whether a span names one place rather than a kind of place."""
    name = context.folded[slice(*span)]
    words = context.lexicon.places
    if name in words.generic or len(name) > MAX_NAME_LENGTH or SPLIT_SIGNS.search(name):
        return False
    if LINKED_UNIT.fullmatch(name) and context.folded[span[0] - 1 : span[0]] in UNITS:
        return False
    return len(name) > 1 and (
        name in words.known or not words.common.fullmatch(name) or _is_known_division(context, name)
    )


def names_place(context: Context, span: Span) -> bool:
    """Check whether a span that a tagger proposes names one place, and no more than it: not 巴西西|北部."""
    if begins_title(context, span):
        return False
    letter, behind = context.folded[slice(*span)], context.folded[span[1] : span[1] + 1]
    places = context.lexicon.places
    alone = len(letter) == 1 and letter not in places.generic and behind not in places.not_after_abbreviation
    if _end_of_route(context, span) != span:
        return False
    return alone or (is_name(context, span) and end_before_side(context, span) == span[1])


def _is_known_division(context: Context, name: str) -> bool:
    """Check for a division whose name is made of common words: 万州区, 大新县, 三山区; but not 老城区."""
    if shortened(name) in context.lexicon.places.known:
        return True
    in_force = context.gazetteer is not None and context.gazetteer.is_in_force(name)
    return in_force and len(name) >= MIN_DIVISION_LENGTH and (name[-1] in "县市" or name[0] in NUMERALS)


@found_once
def find_memorials(context: Context) -> Iterator[Span]:
    """Yield a site named after a person or organization, with its place, or tagged whole: 毛泽东故居."""
    if not any(memorial in context.folded for memorial in MEMORIALS):
        return
    words = context.words
    for i in context.tagged("ORG", "PER", "LOC"):
        word = words[i]
        behind = word.tag != "LOC" and context.folded.startswith(MEMORIALS, word.end)
        if not (behind or context.spelt[i].endswith(MEMORIALS)):
            continue
        for memorial in MEMORIALS:
            behind = word.tag != "LOC" and context.folded.startswith(memorial, word.end)
            if behind or context.folded.endswith(memorial, word.start, word.end):
                first = i
                while first and words[first - 1].end == words[first].start and words[first - 1].tag == "LOC":
                    first -= 1
                yield (words[first].start, word.end + len(memorial) * behind)


def begins_site(context: Context, index: int) -> bool:
    """Check whether an organization is a site (江州商业城) or begins one (江州文化|产业园)."""
    word = context.words[index]
    if context.lexicon.organizations.endings.end(context.folded, word.start, word.end):
        return False
    if context.folded[word.start : word.end] in context.lexicon.organizations.known:
        return False
    return context.folded.endswith(SITE_ENDS, word.start, word.end) or _facility(context, index) > 0


def _known_beginnings(context: Context) -> Iterator[Span]:
    """Yield the known place that a word begins with, read as an organization: 上海|旅游."""
    known = context.lexicon.places.known
    for i in context.tagged("LOC", "ORG"):
        name, start = context.spelt[i], context.words[i].start
        for length in range(min(MAX_BEGINNING_LENGTH, len(name)), 1, -1):
            if name[:length] in known:
                yield (start, start + length)
                break


def _chains(context: Context) -> Iterator[Span]:
    """Yield places in an unbroken chain (湖南省湘潭市韶山) as one, with a suffix word right behind them."""
    words, done = context.words, 0
    for i in context.tagged("LOC", "ORG"):
        if i < done or not _begins_place(context, i):
            continue
        last = i
        while (
            last + 1 < len(words)
            and words[last + 1].start == words[last].end
            and (_continues(context, last + 1) or context.is_division(words[i].start, words[last + 1].end))
        ):
            if context.folded.endswith(ROADS, words[last].start, words[last].end):
                break
            if _are_apart(context, (words[i].start, words[last].end), words[last + 1]):
                break
            last += 1
        last += _facility(context, last)
        span = (words[i].start, strip_trailer(context, (words[i].start, words[last].end)))
        yield from _split_states(context, span) or _split_before_office(context, span, words[i].end)
        done = last + 1


def _split_before_office(context: Context, span: Span, first_end: int) -> list[Span]:
    """Part a state from the city whose office stands behind: 塔吉克斯坦|杜尚别|市长."""
    state = context.folded[span[0] : first_end] in context.lexicon.places.states
    known = context.folded[first_end : span[1]] in context.lexicon.places.known
    if state and known and role_behind(context, span[1]):
        return [(span[0], first_end), (first_end, span[1])]
    return [_fit_ends(context, span)]


def _fit_ends(context: Context, span: Span) -> Span:
    """Extend 玉峰|山麓 by its mountain and a road by its house, and strip the 前 of a former state."""
    start, end = span
    if FOOT.match(context.folded, end) and context.folded[end - 1] != "山":
        end += 1
    if context.folded[end - 1] in ROAD_ENDS and (house := HOUSE.match(context.folded, end)):
        end = house.end()
    end += len(PARCEL) * context.folded.startswith(PARCEL, end)
    end += len(REGION) * context.folded.startswith(REGION, end)
    former = context.folded[start] == "前" and context.folded[start + 1 : end] in context.lexicon.places.known
    return (start + former, end)


def _split_states(context: Context, span: Span) -> list[Span]:
    """Split 朝鲜越南古巴 into countries; nothing where a name holds more than countries."""
    states = [match.span() for match in context.lexicon.places.any_state.finditer(context.folded, *span)]
    return states if sum(end - start for start, end in states) == span[1] - span[0] else []


def _are_apart(context: Context, chain: Span, word: Word) -> bool:
    """Check for two countries, or divisions outside of each other: 嵊州|新昌, 朝鲜|越南."""
    name = context.folded[word.start : word.end]
    if name in context.lexicon.places.states or name == CHINA:
        return True
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
    known = name in context.lexicon.places.known or not context.probabilities
    known = known or context.is_division(word.start, word.end)
    # A place that may be a company is one of the two: its probabilities count together.
    return known or context.probability("LOC", word.start, word.end, or_else="ORG") >= MIN_PROBABILITY


def _facility(context: Context, index: int) -> int:
    """Return how many words behind a place make its facility (机器人产业园); 0 for none."""
    words = context.words
    for step in range(1, MAX_FACILITY_WORDS + 1):
        position = index + step
        if position >= len(words) or words[position - 1].end != words[position].start:
            return 0
        word = words[position]
        # 胶州|高端|制造|聚集区, but not 胶州|建设|产业园.
        if word.tag not in FACILITY_TAGS and not (word.tag == "v" and words[position - 1].tag == "a"):
            return 0
        if context.folded.endswith(context.lexicon.places.facilities, words[index].end, word.end):
            return step
    return 0


def _is_generic(context: Context, index: int) -> bool:
    word = context.words[index]
    return context.folded[word.start : word.end] in context.lexicon.places.generic


def _continues(context: Context, index: int) -> bool:
    word = context.words[index]
    if word.tag == "LOC":
        return not _is_generic(context, index) and context.spelt[index] not in context.lexicon.people.roles
    if context.folded[word.start : word.end] == COMMUNITY:
        # 惠安里社区, but no 社区 of a whole county.
        return context.folded[word.start - 1] not in "省市县区镇乡国省"
    name = context.folded[word.start : word.end]
    return word.tag in {"n", "s", "nz"} and len(name) > 1 and name in context.lexicon.places.suffixes


def _villages(context: Context) -> Iterator[Span]:
    """Yield villages within what was tagged a person or organization: 柳村|马国良, 石桥村|党支部书记."""
    surnames = context.lexicon.people.surnames
    for word in (context.words[i] for i in context.tagged("PER", "ORG")):
        for match in VILLAGE.finditer(context.folded, word.start, word.end):
            end = match.end()
            cell = context.folded.startswith(PARTY_CELLS, end)
            name = word.tag == "PER" and (end == word.end or context.folded[end] in surnames)
            if end - word.start > 1 and (cell or name):
                yield (word.start, end)


def _known(context: Context) -> Iterator[Span]:
    """Yield places of the list: words, countries, and what the tagger cut in two (杜尚|别)."""
    for word in (context.words[i] for i in context.known_places):
        if word.tag != "ORG":
            yield (word.start, word.end)
    known = context.lexicon.places.known
    for start, end in (context.words[i][:2] for i in context.tagged("PER", "LOC")):
        behind = context.starts.get(end)
        if behind is not None and context.folded[start : context.words[behind].end] in known:
            yield (start, context.words[behind].end)
    for state in context.lexicon.places.long_states.finditer(context.folded):
        yield state.span()
