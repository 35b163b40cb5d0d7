"""Every count and share by which a person is asked to look at a page of a PDF has a page on each side."""

from collections import Counter
from dataclasses import replace

import pytest
from tests.read.type_on_pages import han, line, page
from tests.thresholds import Edges, divides

from etl.read.pdf.page import Box, Telling, TypeLine
from etl.read.pdf.quality import assess_pages


def doubtful(*lines: TypeLine) -> bool:
    """Check whether the order of a block is doubtful."""
    return bool(assess_pages([page(lines)], [[list(lines)]]).doubtful)


def across(count: int, others: int = 0, length: int = 10) -> bool:
    """Check whether so many lines that were read over a gap, among others, make a page doubtful."""
    cells = (line(han(length), 50, 100), line(han(length), 300, 100))
    joined = [replace(line(han(30), 50, 100 + 16 * k), cells=cells) for k in range(count)]
    return doubtful(*joined, *(line(han(30), 50, 400 + 16 * k) for k in range(others)))


def upwards(count: int) -> bool:
    """Check whether so many steps upwards within a block make a page doubtful."""
    lines = [line(han(20), 50, base) for k in range(count) for base in (200 - k, 180 - k)]
    return doubtful(*lines)


def columns(rows: int = 2, length: int = 8, low: float = 0.0) -> bool:
    """Check whether two blocks of so many lines, one standing lower, are two columns."""
    sides = [
        [line(han(length), x0, 100 + 14 * k + (low if x0 > 100 else 0)) for k in range(rows)]
        for x0 in (50, 300)
    ]
    return assess_pages([page([*sides[0], *sides[1]])], [sides]).columns == 2


def unread(height: float) -> bool:
    """Check whether a page without text is a picture, so high and 480 points wide."""
    return bool(assess_pages([page([], pictures=(Box(0, 0, 480, height),))], [[]]).unread)


def broken(odd: int, sound: int = 0) -> bool:
    """Check whether a font with so many characters that no Chinese text has is broken."""
    fonts: Counter[tuple[str, Telling]] = Counter({("f", "untold"): odd, ("f", "told"): sound})
    return bool(assess_pages([page([line("田", 50, 100)], fonts=fonts)], [[]]).broken_fonts)


EDGES: Edges = {
    "ACROSS": (across, (3,), (2,)),
    "SHARE": (across, (4, 16), (4, 17)),
    "PROSE": (across, (3, 0, 10), (3, 0, 9)),
    "MIN_BACKSTEPS": (upwards, (3,), (2,)),
    "FEWEST_LINES": (columns, (2,), (1,)),
    "SHORTEST": (columns, (2, 8), (2, 7)),
    "BESIDE": (columns, (2, 8, 11.9), (2, 8, 12.1)),
    "PICTURED": (unread, (300.0,), (299.0,)),
    "ODD": (broken, (3,), (2,)),
    "ODD_SHARE": (broken, (4, 196), (4, 197)),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
