"""Measure blocks: between which margins full lines stand, and how far apart.

Ask `measures_of` once a document, and `quoted` once a block.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from etl.read.pdf.page import TypeLine

LONGEST_STEP = 3.0  # of the size: base lines that are further apart are not measured
# Of the line distances of a block the least two of three are measured: the others stand between paragraphs.
LOWER_STEPS = (2, 3)
SAME_PLACE = 0.45  # of the size: places that are nearer are one margin
BEGINS_ALIKE = 0.5  # of the size: blocks that begin nearer are of one column
HANGING_BLANK = 0.45  # of the size: the blank half of a closing mark at the end of a line
NEIGHBOURS = 30  # blocks before and behind in which a single line finds its column
OUTERMOST = 0.15  # of the lines of a block: what makes a margin
# Of the size: how far inside the margins a quotation stands; less is no indent, and more is centred.
INSET = (0.8, 3.0)
EVEN = 1.0  # of the size: by how much it may stand further inside on one side
FULL_LINES, MOSTLY_FULL = 2, 0.5  # lines of a quotation that are full, and of how many: a list has none


@dataclass(frozen=True, slots=True)
class BlockMeasure:
    """The measure of one block.

    Attributes:
        left, right: where its full lines begin and end.
        pitch: from base line to base line.
        steps: how many of them it was taken from.
    """

    left: float
    right: float
    pitch: float
    steps: int


def measures_of(blocks: Sequence[Sequence[TypeLine]]) -> list[BlockMeasure]:
    """Return the measure of each block."""
    measured = [
        _column(block, blocks[max(0, k - NEIGHBOURS) : k + NEIGHBOURS]) for k, block in enumerate(blocks)
    ]
    return [_widened(k, blocks, measured) for k in range(len(blocks))]


def quoted(block: Sequence[TypeLine], column: BlockMeasure) -> list[BlockMeasure | None]:
    """Return for each line the measure of the quotation that it stands in, whose margins are narrower."""
    out: list[BlockMeasure | None] = [None] * len(block)
    begin = 0
    while begin < len(block):
        end = begin
        while end < len(block) and _is_inset(block[end], block[begin], column):
            end += 1
        if found := _quotation(block[begin:end], column):
            out[begin:end] = [found] * (end - begin)
        begin = max(end, begin + 1)
    return out


def _is_inset(line: TypeLine, first: TypeLine, column: BlockMeasure) -> bool:
    """Check whether a line of the type of the first one stands apart from both margins."""
    apart = min(line.box.x0 - column.left, column.right - line_end(line))
    return line.size == first.size and apart > INSET[0] * line.size


def _quotation(lines: Sequence[TypeLine], column: BlockMeasure) -> BlockMeasure | None:
    """Return the measure of lines that stand between margins of their own, as far inside on both sides."""
    if len(lines) <= FULL_LINES:
        return None
    size = lines[0].size
    left, right = min(line.box.x0 for line in lines), max(map(line_end, lines))
    full = sum(right - line_end(line) <= SAME_PLACE * size for line in lines)
    inset, other = left - column.left, column.right - right
    even = abs(inset - other) <= EVEN * size and inset <= INSET[1] * size
    if even and full >= max(FULL_LINES, MOSTLY_FULL * len(lines)):
        return replace(column, left=left, right=right)
    return None


def _column(block: Sequence[TypeLine], blocks: Sequence[Sequence[TypeLine]]) -> BlockMeasure:
    """Measure a block; a single line has the right margin of the narrowest near block that begins there."""
    size = Counter(line.size for line in block).most_common(1)[0][0]
    lefts, rights = sorted(line.box.x0 for line in block), sorted(map(line_end, block))
    steps = sorted(b.base - a.base for a, b in pairwise(block) if 0 < b.base - a.base < LONGEST_STEP * size)
    left, right = _outermost(lefts, size), _outermost(rights[::-1], size)
    if len(block) == 1:
        like = [
            _outermost(sorted(map(line_end, other), reverse=True), size)
            for other in blocks
            if other[0].vertical is block[0].vertical and _above(other, left)
        ]
        right = min((place for place in like if place > right - size), default=right)
    return BlockMeasure(left, right, median(steps[: _lower(len(steps))]) if steps else 0.0, len(steps))


def _widened(k: int, blocks: Sequence[Sequence[TypeLine]], columns: Sequence[BlockMeasure]) -> BlockMeasure:
    """Return the measure of a block, as wide as a longer one near it whose margins some of its lines reach.

    A page of short paragraphs has too few full lines to tell its margins.
    """
    block, own = blocks[k], columns[k]
    reach = SAME_PLACE * block[0].size
    for n in range(max(0, k - NEIGHBOURS), min(len(blocks), k + NEIGHBOURS)):
        other, (left, right) = blocks[n], (columns[n].left, columns[n].right)
        wider = left < own.left - reach or right > own.right + reach
        alike = len(other) > len(block) > 1 and other[0].vertical is block[0].vertical
        if (
            alike
            and wider
            and left <= own.left + reach
            and right >= own.right - reach
            and (
                any(abs(line.box.x0 - left) <= reach for line in block)
                and any(abs(line_end(line) - right) <= reach for line in block)
            )
        ):
            return replace(own, left=left, right=right)
    return own


def _lower(count: int) -> int:
    """Return how many of ``count`` line distances, sorted, are taken for the lower ones."""
    most, of = LOWER_STEPS
    return (count + 1) * most // of


def _above(other: Sequence[TypeLine], left: float) -> bool:
    """Check whether a block of several lines begins at about this place."""
    return len(other) > 1 and any(abs(line.box.x0 - left) < BEGINS_ALIKE * line.size for line in other)


def _outermost(places: Sequence[float], size: float) -> float:
    """Return the outermost place, in the order given, at which some of the lines stand."""
    enough = OUTERMOST * len(places)
    found = (
        one for one in places if sum(abs(one - other) <= SAME_PLACE * size for other in places) >= enough
    )
    return next(found, places[0])


def line_end(line: TypeLine) -> float:
    """Return where the print of a line ends; the blank half of a closing mark does not count."""
    blank = not line.inked and line.text[-1:] in set("，。、；：？！）》」』”’】")
    return line.box.x1 - (line.size * HANGING_BLANK if blank else 0)
