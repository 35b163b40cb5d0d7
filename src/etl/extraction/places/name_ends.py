"""Find where the name of a place ends within a longer span of the tagger.

Another word that the tagger glues to names is a step in `strip_trailer`; the words are in
``config/lexicon/places.toml``.
"""

import re

from etl.extraction.context import Context, Span

# Behind a place, its side: 大别山|西端.
SIDE = re.compile("[东南西北]+(?=[端侧麓部岸坡])")
SIDES = frozenset("东南西北")
DIRECTIONS = frozenset("东南西北部")
RIVER_REACHES = ("上游", "中游", "下游")
# 云南|路网.
NETWORKS = ("路网", "路况", "路政")
# What may stand behind a division as the last character of a longer name; 山东特 and 台北阴 are none.
NAME_ENDS = frozenset(
    "省市县区镇乡村州盟旗屯岛山岭峰河江湖海洋湾港溪沟川原路街道桥站城关门庄湖园寺塔宫东南西北段线口滩坝泉洲"
)
# Characters of a word glued to a full name, those of the full name, and the least probability at which the
# word belongs to it: 北京市|新冠.
GLUED_LENGTHS = (2, 3)
MIN_FULL_NAME_LENGTH = 3
MIN_GLUED_PROBABILITY = 0.6


def strip_trailer(context: Context, span: Span) -> int:
    """Return the end of a place without 西部 or 境内 behind it, and without a title (江州酒业|总代理)."""
    if context.gazetteer and context.gazetteer.is_in_force(context.folded[slice(*span)]):
        return span[1]
    for trailers in (context.lexicon.places.trailers, context.lexicon.people.titles):
        if context.folded.endswith(trailers, span[0] + 2, span[1]):
            trailer = next(t for t in trailers if context.folded.endswith(t, span[0] + 2, span[1]))
            return end_before_side(context, (span[0], span[1] - len(trailer)))
    if (end := end_before_side(context, span)) < span[1] or (end := _end_of_known(context, span)):
        return end
    side = SIDE.search(context.folded, max(span[0] + 2, span[1] - 2), span[1] + 1)
    return side.start() if side and side.end() == span[1] else span[1]


def end_before_side(context: Context, span: Span) -> int:
    """Return the end of a known name before a side of it that goes on behind the span: 巴西西|北部."""
    end, folded = span[1] - 1, context.folded
    halved = end > span[0] + 1 and folded[end] in SIDES and folded[span[1] : span[1] + 1] in DIRECTIONS
    return end if halved and not _is_place(context, span) and _is_place(context, (span[0], end)) else span[1]


def _is_place(context: Context, span: Span) -> bool:
    return context.folded[slice(*span)] in context.lexicon.places.known or context.is_division(*span)


def _end_of_known(context: Context, span: Span) -> int:
    """Return the end of a known place before what belongs to the next word (台北|阴, 黄河|中游); else 0."""
    places = context.lexicon.places
    if context.is_division(*span) or context.folded[slice(*span)] in places.known:
        return 0
    end = span[1] - 1
    last, rest = context.folded[end], context.folded[span[0] : end]
    net = context.folded.startswith(NETWORKS, end) and context.is_division(span[0], end)
    if net or (rest in places.known and last in "和与及") or context.folded.startswith(RIVER_REACHES, end):
        return end
    return _end_before_glued(context, span)


def _end_before_glued(context: Context, span: Span) -> int:
    """Return the end of a division before what the tagger glued to it with doubts (北京市|新冠); else 0."""
    for length in GLUED_LENGTHS:
        end = span[1] - length
        full = end - span[0] >= MIN_FULL_NAME_LENGTH and context.folded[end - 1] in "省市县区"
        if full and context.is_division(span[0], end):
            odd = (
                context.folded[span[1] - 1] not in NAME_ENDS
                and context.probability("LOC", end, span[1]) < MIN_GLUED_PROBABILITY
            )
            return end if odd and not context.is_division(end, span[1]) else 0
    return 0
