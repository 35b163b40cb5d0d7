"""Split boxes of type that span the gutter between two columns, before what is in them is recognized.

An engine takes two lines for one where the gutter is hardly wider than a character. What stands above and
below tells where the gutter is; that the box is white there tells that it spans it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

# Four corners from the upper left by the clock, in any unit.
Corners = Sequence[Sequence[float]]
# Stretches of a box without ink, as shares of its width.
Whites = Callable[[Corners], Sequence[tuple[float, float]]]
# In heights of a box:
REACH = 8.0  # how far above and below the lines stand that tell where the gutter is
FURTHEST_END = 1.5  # how far before or behind the gutter a line ends or begins that stands at it
NARROWEST = 0.35  # what is narrower is white between two characters
MAX_OFF = 0.1  # how far off the white is from where the lines above and below leave a gap
SHORTEST = 2.5  # a line of a column that is shorter tells nothing
TALLER = 1.25  # type that is so much taller is a head over columns, and tells nothing of them
WIDER = 1.3  # times as wide as any other white in the box
EDGE = 0.3  # ink that is nearer to the end of a box is noise, or the next column
SPILL = 0.3  # how far a box may reach beyond its type
LONGER = 1.25  # times as long as most: a line that may span the gutter, too
LINES = 2  # on each side of a gutter, at least


class _Level(NamedTuple):
    """The extent of a box on the page turned upright."""

    x0: float
    x1: float
    middle: float
    height: float


def split_at_gutters(boxes: Sequence[Corners], whites: Whites) -> list[Corners]:
    """Return the boxes, each that spans a gutter cut in two there, without the white between both."""
    angle = _skew(boxes)
    levels = [_level(box, angle) for box in boxes]
    out: list[Corners] = []
    for box, level in zip(boxes, levels, strict=True):
        out += _split(box, level, [other for other in levels if other is not level], whites)
    return out


def _split(box: Corners, level: _Level, others: Sequence[_Level], whites: Whites) -> list[Corners]:
    """Cut a box at its widest white, where lines above and below leave a gutter and ink is on both sides."""
    gutters = [] if level.x1 - level.x0 < level.height else list(_gutters(level, others))
    if not gutters:
        return [box]
    width = level.x1 - level.x0
    edge = EDGE * level.height / width
    runs = sorted(whites(box))
    begin = max((end for start, end in runs if start <= edge), default=0.0)
    last = min((start for start, end in runs if end >= 1 - edge), default=1.0)
    within = sorted(
        (run for run in runs if begin < run[0] and run[1] < last), key=lambda run: run[0] - run[1]
    )
    if not within or not _is_wide(within, width / level.height):
        return [box]
    start, end = within[0]
    x0, first, x1, beyond = (level.x0 + width * share for share in (start, begin, end, last))
    slack = MAX_OFF * level.height
    for left, right in gutters:
        if first < left and right < beyond and x0 <= right + slack and left - slack <= x1:
            return [_part(box, 0.0, start), _part(box, end, 1.0)]
    return [box]


def _is_wide(runs: Sequence[tuple[float, float]], heights: float) -> bool:
    """Check whether the first run is as wide as a gutter; ``heights`` is how wide its box is, in heights."""
    first, *others = (end - start for start, end in runs[:2])
    return first * heights >= NARROWEST and all(first >= WIDER * other for other in others)


def _gutters(level: _Level, others: Sequence[_Level]) -> Iterator[tuple[float, float]]:
    """Yield the stretches of a box above and below which no line stands, but lines on both sides."""
    spill = SPILL * level.height
    near = [
        other._replace(x0=other.x0 + spill, x1=other.x1 - spill)
        for other in others
        if abs(other.middle - level.middle) <= REACH * level.height
        and other.height <= TALLER * level.height
        and other.x0 < level.x1
        and level.x0 < other.x1
    ]
    if not near or level.height > TALLER * median(other.height for other in near):
        return
    widest = LONGER * median(other.x1 - other.x0 for other in near)
    reached = math.inf
    for other in sorted(other for other in near if other.x1 - other.x0 <= widest):
        if other.x0 > reached and _stands_at(reached, other.x0, level, near):
            yield reached, other.x0
        reached = other.x1 if reached == math.inf else max(reached, other.x1)


def _stands_at(left: float, right: float, level: _Level, near: Sequence[_Level]) -> bool:
    """Check whether lines of two columns end before a stretch and begin behind it."""
    slack = FURTHEST_END * level.height
    told = [other for other in near if other.x1 - other.x0 >= SHORTEST * level.height]
    before = sum(left - slack <= other.x1 <= left for other in told)
    behind = sum(right <= other.x0 <= right + slack for other in told)
    across = sum(other.x0 < left and right < other.x1 for other in told)
    return min(before, behind) >= LINES * max(1, across)


def _skew(boxes: Sequence[Corners]) -> float:
    """Return the median angle of boxes wider than high, in radians."""
    angles = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for left, right, below, _ in boxes
        if math.dist(left, right) > SHORTEST * math.dist(right, below)
    ]
    return median(angles) if angles else 0.0


def _level(box: Corners, angle: float) -> _Level:
    sine, cosine = math.sin(-angle), math.cos(-angle)
    xs = [x * cosine - y * sine for x, y in box]
    ys = [x * sine + y * cosine for x, y in box]
    _, right, below, _ = box
    return _Level(min(xs), max(xs), (min(ys) + max(ys)) / 2, math.dist(right, below))


def _part(box: Corners, start: float, end: float) -> Corners:
    """Return the part of a box from one share of its width to another."""
    left, right, below, corner = box
    return [
        _between(left, right, start),
        _between(left, right, end),
        _between(corner, below, end),
        _between(corner, below, start),
    ]


def _between(one: Sequence[float], other: Sequence[float], share: float) -> tuple[float, float]:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
