"""Tell rules that stand around a text from those of a table.

Registers, articles and whole pages of newspapers in lines from top to bottom are parted and framed by rules.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from etl.read.pdf.page import Box, PdfPage, TypeLine, centre

SHORTEST, FEWEST = 6, 3  # characters of a full line of text, and how many of them end at one place
SAME_END = 0.6  # of the size: lines that end nearer to each other end at one place
MOSTLY = 0.5  # of the characters within rules: they stand in full lines, which are a text


def is_frame(page: PdfPage, box: Box) -> bool:
    """Check whether rules on a page in two directions hold type that runs across its lines, or full lines."""
    if page.across is None and not page.crossing:
        return False
    inside = _within(page.lines, box)
    held = _signs(inside)
    if _signs(_within(page.crossing, box)) > held:
        return True
    return page.across is not None and _signs(_full(inside, page.lines)) > MOSTLY * held


def _within(lines: Sequence[TypeLine], box: Box) -> list[TypeLine]:
    return [line for line in lines if line.role == "body" and box.holds(*centre(line.box))]


def _signs(lines: Sequence[TypeLine]) -> int:
    return sum(len(line.text) for line in lines)


def _full(inside: Sequence[TypeLine], lines: Sequence[TypeLine]) -> list[TypeLine]:
    """Return those lines within rules that end where several lines of the page do."""
    ends = sorted(line.box.x1 for line in lines)

    def shared(place: float, reach: float) -> bool:
        return bisect_right(ends, place + reach) - bisect_left(ends, place - reach) >= FEWEST

    return [
        line for line in inside if len(line.text) >= SHORTEST and shared(line.box.x1, SAME_END * line.size)
    ]
