"""Find places by a list or a fixed form of writing, whatever the tagger makes of their words.

弥蒙高铁 is a railway between two places, 三重 a district in a list of districts. A new form is a function
here and a line in `find_by_pattern`.
"""

import re
from collections.abc import Iterator

from etl.extraction.context import Context, Span
from etl.text.first_characters import compile_with_lookahead

ROAD = compile_with_lookahead("(?:高速)?(?:公路|铁路)|城际铁路|高铁|高速(?!路|增|发|度|客)")
# How long the name of a road is that two or three places share, and its least probability of any name.
ROAD_NAME_LENGTHS = (2, 3)
MIN_NAME_PROBABILITY = 0.3
# Names of places, divided by this sign, of which the words behind the last say that they are divisions.
LIST = re.compile(
    "(?:[㐀-鿿]{2,4}[、及和与]){1,12}[㐀-鿿]{2,4}(?=等地|等县|等市|等区|等省|等\\d{0,2}个?(?:省|市|县|区)|及[㐀-鿿]{2,3}等地)"
)
LINK = re.compile("[、及和与]")
# 大潭里: the neighborhoods of Taiwan behind their district, before their head.
NEIGHBORHOOD = re.compile("(?<=[区市镇乡])[㐀-鿿]{2}里(?=里长|里民|邻长|办公处)")
MIN_LISTED_DIVISIONS = 2
# Known names from this length on are found where the tagger cut them.
MIN_CUT_NAME_LENGTH = 3


def find_by_pattern(context: Context) -> Iterator[Span]:
    """Yield places by their form."""
    yield from _roads(context)
    yield from _listed(context)
    yield from _cut_names(context)
    yield from _neighborhoods(context)


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
        first = match.start()
        for word in reversed(context.words):
            first = word.start if word.tag == "LOC" and word.end == first else first
        if first < match.start():
            yield (first, match.end())


def _cut_names(context: Context) -> Iterator[Span]:
    """Yield a known name that the tagger cut into words: 加沙|地带."""
    starts = context.starts
    ends = context.ends
    for start in starts:
        for length in context.lexicon.places.known_lengths.get(context.folded[start], ()):
            end = start + length
            if length < MIN_CUT_NAME_LENGTH:
                break
            if end in ends and context.folded[start:end] in context.lexicon.places.known:
                yield (start, end)
                break
