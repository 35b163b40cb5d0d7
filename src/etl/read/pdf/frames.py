"""Tell rules that stand around a text from those of a table.

Registers, articles and whole pages of newspapers are parted and framed by rules, however their lines run.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from etl.read.pdf.page import Box, PdfPage, TypeLine, centre

SHORTEST, FEWEST = 6, 3  # characters of a full line of text, and how many of them end at one place
SAME_END = 0.6  # of the size: lines that end nearer to each other end at one place
MOSTLY = 0.5  # of the characters within rules: they stand in full lines, which are a text
COLUMNS = 2  # of text beside each other
PARTING = 0.5  # of the width of what rules hold: a shorter rule parts nothing
CLAUSE_MARKS = frozenset("，。；、：？！")  # one of which most full lines of a text have, and few cells


def is_frame(page: PdfPage, box: Box) -> bool:
    """Check whether rules hold columns of text, or on a page in two directions full lines or type across."""
    inside = _within(page.lines, box)
    if page.across is None and not page.crossing:
        return _in_columns(inside, _rules(page, box))
    held = _signs(inside)
    if _signs(_within(page.crossing, box)) > held:
        return True
    return page.across is not None and _signs(_full(inside, page.lines)) > MOSTLY * held


def _in_columns(inside: Sequence[TypeLine], rules: Sequence[int]) -> bool:
    """Check whether type stands in columns beside each other, most of it in full lines between any two rules.

    A table has rows of short cells, those of its head above all.
    """
    full = _full(inside, inside)
    begins = Counter(
        round(line.box.x0 / line.size) for line in full if not CLAUSE_MARKS.isdisjoint(line.text)
    )
    if sum(count >= FEWEST for count in begins.values()) < COLUMNS:
        return False
    held, filled = (Counter[int](), Counter[int]())
    for counter, lines in ((held, inside), (filled, full)):
        for line in lines:
            counter[bisect_left(rules, centre(line.box)[1])] += len(line.text)
    return all(filled[band] > MOSTLY * held[band] for band in held)


def _rules(page: PdfPage, box: Box) -> list[int]:
    """Return at which heights rules part what a box holds, which may be drawn cell by cell."""
    drawn: dict[int, float] = {}
    for stroke in page.strokes:
        if stroke.is_level_rule and box.holds(*centre(stroke)):
            height = round(stroke.top)
            drawn[height] = drawn.get(height, 0.0) + stroke.width
    return sorted(height for height, width in drawn.items() if width >= PARTING * box.width)


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
