"""Find places by a list or a fixed form of writing, whatever the tagger makes of their words.

弥蒙高铁 is a railway between two places, 三重 a district in a list of districts. A new form is a function
here and a line in `find_by_pattern`.
"""

from collections.abc import Iterator

from etl.extraction.context import Context, Span
from etl.text.expressions import compiled
from etl.text.first_characters import compile_with_lookahead

ROAD = compile_with_lookahead("(?:高速)?(?:公路|铁路)|城际铁路|高铁|高速(?!路|增|发|度|客)")
# How long the name of a road is that two or three places share, and its least probability of any name.
ROAD_NAME_LENGTHS = (2, 3)
MIN_NAME_PROBABILITY = 0.3
# Names of places, divided by this sign, of which the words behind the last say that they are divisions.
LIST = compiled(
    "(?:[㐀-鿿]{2,4}[、及和与]){1,12}[㐀-鿿]{2,4}(?=等地|等县|等市|等区|等省|等\\d{0,2}个?(?:省|市|县|区)|及[㐀-鿿]{2,3}等地)"
)
LINK = compiled("[、及和与]")
# 大潭里: the neighborhoods of Taiwan behind their district, before their head.
NEIGHBORHOOD = compiled("(?<=[区市镇乡])[㐀-鿿]{2}里(?=里长|里民|邻长|办公处)")
# Known divisions from which on a list is one of divisions: a single one may be another word.
MIN_LISTED_DIVISIONS = 2
# How many words of an address are looked back.
MAX_ADDRESS_WORDS = 4
# 中国（天津）自由贸易试验区: a place, one in brackets, and the zone that both name.
ZONE = compile_with_lookahead(
    "[（(]([㐀-鿿]{2,8})[）)](?![创建申获被列])[㐀-鿿]{0,14}?(?:[试实]验区|示范区|开发区|合作区|产业园区?|科技园|保税区|基地|新区)"
)
# 荣乌高速乌海段: the stretch of a road or river at a place.
STRETCH = compile_with_lookahead(
    "(?:公路|铁路|高铁|高速|大道|运河|线|江|河|路)([㐀-鿿]{2,4})段(?!时间|落|位)"
)
# 地铁二号线, 国道2号公路, 112国道: what has a number for its name.
NUMBERED = compile_with_lookahead(
    r"(?:地铁|轨道交通|轻轨|捷运)[\d一二三四五六七八九十]{1,3}号线|[国省县]道\d{1,4}(?![\d条])(?:号公路|号|线)?|(?<![\d、])\d{2,4}国道"
)
# 福州阴转雷阵雨26℃／33℃重庆多云23℃: places in a table of the weather, run together.
FORECAST = compiled(
    r"(?:(?<=℃)|(?<=\n)|\A)(?![今明后昨当白夜早晚傍凌周最气局]|[上下中]午|星期|未来)([㐀-鿿]{2,6}?)"
    r"(?=(?:晴|阴|多云|[小中大暴阵雷]{1,2}雨|[小中大阵]雪|雾)[^，。；\n]{0,10}?\d{1,2}(?:℃|[／/~～—-]))"
)
FEWEST_FORECASTS = 3
# Known names from this length on are found where the tagger cut them.
MIN_CUT_NAME_LENGTH = 3


def find_by_pattern(context: Context) -> Iterator[Span]:
    """Yield places by their form."""
    yield from _roads(context)
    yield from _listed(context)
    yield from _cut_names(context)
    yield from _neighborhoods(context)
    yield from _lines(context)


def find_forecasts(context: Context) -> list[Span]:
    """Return the places of a table of the weather; [] where too few stand in it."""
    if context.folded.count("℃") < FEWEST_FORECASTS:
        return []
    found = [match.span(1) for match in FORECAST.finditer(context.folded)]
    return found if len(found) >= FEWEST_FORECASTS else []


def find_zones(context: Context) -> Iterator[Span]:
    """Yield a zone that two places name, one of them in brackets: 安徽（蜀山）跨境电子商务产业园."""
    for zone in ZONE.finditer(context.folded):
        inner = (
            context.is_division(*zone.span(1))
            or context.folded[slice(*zone.span(1))] in context.lexicon.places.known
        )
        start = _place_start(context, zone.start())
        if inner and start < zone.start():
            yield (start, zone.end())


def _lines(context: Context) -> Iterator[Span]:
    """Yield the stretch of a road or river at a place, and what has a number for its name."""
    for match in NUMBERED.finditer(context.folded):
        yield (_place_start(context, match.start()), match.end())
    for match in STRETCH.finditer(context.folded):
        if context.is_division(*match.span(1)):
            start = _place_start(context, match.start(1))
            if start < match.start(1):
                yield (start, match.end())


def _place_start(context: Context, end: int) -> int:
    """Return where the places begin that stand without a sign before an offset; there, where none does."""
    around = context.word_around(end)
    start = around.start if around and around.tag == "LOC" else end
    for word in reversed(context.words_before(start, MAX_ADDRESS_WORDS)):
        if word.end != start or word.tag != "LOC":
            break
        start = word.start
    return start


def _roads(context: Context) -> Iterator[Span]:
    """Yield a road with the characters of the places that it connects: 弥蒙高铁, 京沪高速铁路."""
    starts = context.starts
    for road in ROAD.finditer(context.folded):
        for length in ROAD_NAME_LENGTHS:
            start = road.start() - length
            if start in starts and _connects(context, (start, road.start())):
                yield (start, road.end())
                break


def _connects(context: Context, span: Span) -> bool:
    places = context.lexicon.places
    name = context.folded[slice(*span)]
    if name in places.known or name in places.generic or context.is_division(*span):
        return False
    named = (sum(context.probabilities[kind][i] for kind in context.probabilities) for i in range(*span))
    return name[-1] != "里" and (
        places.abbreviations.issuperset(name)
        or all(probability >= MIN_NAME_PROBABILITY for probability in named)
    )


def _listed(context: Context) -> Iterator[Span]:
    """Yield every division of a list that has two of them: 板桥、三重、新店等地."""
    for match in LIST.finditer(context.folded):
        start, divisions = match.start(), []
        for name in LINK.split(match[0]):
            if context.is_division(start, start + len(name)):
                divisions.append((start, start + len(name)))
            start += len(name) + 1
        if len(divisions) >= MIN_LISTED_DIVISIONS:
            yield from divisions


def _neighborhoods(context: Context) -> Iterator[Span]:
    """Yield a neighborhood of Taiwan whose head is named behind it: 桃园市观音区大潭里."""
    for match in NEIGHBORHOOD.finditer(context.folded):
        first = _place_start(context, match.start())
        if first < match.start():
            yield (first, match.end())


def _cut_names(context: Context) -> Iterator[Span]:
    """Yield a known name that the tagger cut into words: 加沙|地带."""
    ends, lengths = context.ends, context.lexicon.places.known_lengths
    for start, head in context.heads:
        for length in lengths.get(head, ()):
            end = start + length
            if length < MIN_CUT_NAME_LENGTH:
                break
            if end in ends and context.folded[start:end] in context.lexicon.places.known:
                yield (start, end)
                break
