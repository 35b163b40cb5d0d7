"""Every length and share by which lines that run down are told from others has type on each side of it."""

import pytest
from tests.read.type_on_pages import BODY, WIDTH, glyph
from tests.thresholds import Edges, divides

from etl.read.pdf.directions import CENTRE, Directions, directions_of, turned_line
from etl.read.pdf.page import ASCENT, Glyph


def column(
    text: str = "田野田野", middle: float = 300.0, top: float = 100.0, step: float = BODY
) -> list[Glyph]:
    """Return characters below each other, the first in a square that begins at a height."""
    return [glyph(sign, middle - 5, top + ASCENT * BODY + step * k) for k, sign in enumerate(text)]


def found(*glyphs: Glyph, letters: tuple[Glyph, ...] = ()) -> Directions:
    """Return the directions of a page of these signs."""
    return directions_of(glyphs, letters, WIDTH)


def in_line(below: float, off: float = 0.0) -> bool:
    """Check whether a sign so far below a line, and so far off its middle, is of it."""
    sign = glyph("，", 295 + off, 140 + ASCENT * BODY + below)
    return not found(sign, *column()).level


def chained(step: float, off: float = 0.0) -> bool:
    """Check whether characters at such steps, each so far right of the one above, are one line."""
    signs = [glyph("田", 100 + off * k, 100 + step * k) for k in range(4)]
    return len(found(*signs).down[:1] and found(*signs).down[0]) == 4


def beside_each_other(gap: float, off: float = 0.0, width: float = 5.0) -> bool:
    """Check whether two figures beside each other are one sign of the line that ends so far above them."""
    base = 140 + gap + ASCENT * BODY
    figures = [glyph(sign, 300 - width + width * k + off, base, width=width) for k, sign in enumerate("25")]
    return any(line[0].text == "25" for line in found(*column(), *figures).down)


def level_share(count: int) -> Directions:
    """Return the directions of a page with a line that runs down, and so many signs beside each other."""
    return found(*column("田野田野田野田野田野"), *(glyph("山", 20 + 10 * k, 500) for k in range(count)))


def by_itself(away: float) -> bool:
    """Check whether a character by itself, so far from letters on its base line, is a line of its own."""
    alone, letters = glyph("山", 400, 130), [glyph("a", 410 + away, 130), glyph("b", 420 + away, 130)]
    return len(found(*column(), alone, *letters).level) == len(letters)


def one_number(step: float) -> bool:
    """Check whether no gap is left between figures that stand so far below each other."""
    first, second = turned_line([glyph("1", 100, 100), glyph("2", 100, 100 + step)], WIDTH)
    return first.x1 == second.x0


def parted_letters(gap: float) -> bool:
    """Check whether a mark that stands between letters, so far apart, finds their line."""
    letters = (glyph("A", 140, 305), glyph("B", 150 + gap, 305))
    return not found(glyph("、", 290, 150 + ASCENT * BODY), *column(), letters=letters).level


def on_base_line(off: float) -> bool:
    """Check whether letters far below a line, so far off its middle, stand on its base line."""
    letters = (glyph("A", 500, WIDTH - 300 - off + CENTRE * BODY),)
    (letter,) = found(*column(), letters=letters).sideways
    return letter.base == WIDTH - 300 + CENTRE * BODY


def one_by_one(count: int) -> bool:
    """Check whether so many marks below a line are of it, whose order in the file is the wrong one."""
    marks = [glyph("，", 295, 150 + 20 * k + ASCENT * BODY) for k in reversed(range(count))]
    return not found(*column(), *marks).level


def half_of(*middles: float) -> bool:
    """Check whether marks beside each other are of the lines above them, one of which runs at each place."""
    marks = [glyph("，", middle - 5, 140 + ASCENT * BODY) for middle in middles]
    lines = [sign for middle in (300, 312) for sign in column(middle=middle)]
    return len(found(*lines, *marks).level) < len(marks)


EDGES: Edges = {
    "directions LEAST_STEP": (chained, (2.6,), (2.4,)),
    "directions LONGEST_STEP": (chained, (20.0,), (20.1,)),
    "directions BESIDE": (chained, (12.0, 7.4), (12.0, 7.6)),
    "directions BESIDE, of a stray sign": (in_line, (0.0, 7.4), (0.0, 7.6)),
    "directions REACH": (in_line, (15.9,), (16.1,)),
    "directions SHORTEST": (lambda count: found(*column("田野山水"[:count])).runs_down, (3,), (2,)),
    "directions COMBINED": (lambda width: beside_each_other(0.0, width=width), (6.9,), (7.1,)),
    "directions TOUCHING": (beside_each_other, (5.9,), (6.1,)),
    "directions OFF": (beside_each_other, (0.0, 3.9), (0.0, 4.1)),
    "directions MOSTLY": (lambda count: level_share(count).runs_down, (9,), (10,)),
    "directions SEVERAL": (lambda count: level_share(count).may_run_down, (89,), (90,)),
    "directions ALIKE": (
        lambda size: not found(*column(), glyph("山", 300 - size / 2, 140 + ASCENT * BODY, size)).level,
        (14.9,),
        (15.1,),
    ),
    "directions ROW": (by_itself, (40.1,), (39.9,)),
    "directions SAME": (on_base_line, (1.4,), (1.6,)),
    "directions ROUNDS": (one_by_one, (12,), (13,)),
    "directions parts_of": (half_of, (300, 310, 320, 330), (310, 320, 330)),
    "directions CLOSE": (one_number, (14.9,), (15.1,)),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])


def test_letters_part_where_a_mark_stands_between() -> None:
    """A mark between two words that are turned finds its line, though no character stands beside it."""
    assert parted_letters(10.0)


def test_numbers_below_each_other_are_no_line() -> None:
    """Figures below each other without a character, as in a column of cells, are no line."""
    assert not found(*column("123456")).runs_down
