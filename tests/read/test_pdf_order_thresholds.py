"""Every length and share by which glyphs become lines, and lines columns, has a page on each side of it."""

from dataclasses import replace

import pytest
from tests.read.type_on_pages import glyph, han, level, line, page, upright
from tests.thresholds import Edges, divides

from etl.read.pdf.columns import blocks
from etl.read.pdf.lines import lines_of
from etl.read.pdf.page import Box, Glyph, PdfPage, TypeLine

# ------------------------------------------------------------------------------ lines


def one_line(*glyphs: Glyph) -> bool:
    """Check whether glyphs make one line."""
    return len(lines_of(glyphs, 0)) == 1


def text(*glyphs: Glyph) -> str:
    """Return what one line of glyphs says."""
    return lines_of(glyphs, 0)[0].text


def raised(base: float = 95.0, size: float = 6.0, x0: float = 20.0) -> bool:
    """Check whether small type beside two characters is part of their line."""
    return one_line(glyph("田", 0), glyph("野", 10), glyph("3", x0, base, size))


def parted(bar: Box) -> bool:
    """Check whether a bar parts two characters that stand beside each other."""
    return len(lines_of([glyph("田", 0), glyph("野", 10)], 0, [bar])) == 2


def level_again(between: int) -> bool:
    """Check whether two stretches are one row though so many rows of tiny type stand between them."""
    tiny = [glyph("x", 300 + 9 * k, 100.27 + 0.27 * k, 1.0) for k in range(between)]
    return len(lines_of([glyph("田", 0), *tiny, glyph("野", 10, 102.0)], 0)) == between + 1


def home_across(between: int) -> bool:
    """Check whether raised type finds its line though so many rows of another column lie between."""
    other = [glyph("x", 300, 96.0 + 1.1 * (k + 1), 4.0) for k in range(between)]
    found = lines_of([glyph("田", 0, 100.9), glyph("3", 10, 96.0, 6.0), *other], 0)
    return any(one.text == "田3" for one in found)


# ------------------------------------------------------------------------------ columns


def column(name: str, x0: float, first: float, rows: int, **more: float) -> list[TypeLine]:
    """Return rows of a column, sixteen points apart, each with its name and number."""
    width, size = more.get("width", 200.0), int(more.get("length", 20))
    return [line(f"{name}{k}" + han(size - 2), x0, first + 16 * k, x0 + width) for k in range(rows)]


def said(of: PdfPage) -> list[str]:
    """Return the first two characters of each line in the order of reading."""
    return [one.text[:2] for block in blocks(of) for one in block]


def by_columns(left: list[TypeLine], right: list[TypeLine]) -> bool:
    """Check whether the left lines are read before all of the right ones."""
    order = said(page([*left, *right]))
    return order == [one.text[:2] for one in (*left, *right)]


def beside(gap: float = 20.0, **right: float) -> bool:
    """Check whether two columns are read one after the other, a gap between them."""
    rows = int(right.pop("rows", 4))
    first = right.pop("first", 205.0)
    return by_columns(column("a", 50, 200, 4), column("b", 250 + gap, first, rows, **right))


def cells(length: int, off: float = 0.0, apart: int = 0) -> bool:
    """Check whether ten rows of two short cells, the first few not level, are read as columns."""
    left = column("a", 50, 200, 10, width=50, length=length)
    right = column("b", 150, 200 + off, 10)
    moved = [replace(one, box=one.box._replace(bottom=one.box.bottom + 5)) for one in right[:apart]]
    return by_columns(left, [*moved, *right[apart:]])


def two_rows(low: float) -> bool:
    """Check whether two lines of the right side whose heights are so far apart are two rows."""
    size = 8.8
    right = [line("b0" + han(8), 270, 200 + size), line("b1" + han(8), 270, 200 + size + low)]
    return by_columns(column("a", 50, 205, 4), right)


def head_below(gap: float, size: float = 10.0) -> bool:
    """Check whether a short line below two columns is read behind both."""
    head = line("h0", 50, 249.2 + gap + 0.88 * size, size=size)
    wide = line("w0" + han(40), 50, 320)
    lines = [*column("a", 50, 200, 4), *column("b", 270, 200, 4), head, wide]
    return said(page(lines)).index("h0") > said(page(lines)).index("b3")


def under_a_rule(width: float, off: float = 0.0) -> bool:
    """Check whether two columns are read before those below a rule of this width, so far off the middle."""
    upper = [*column("a", 50, 200, 4), *column("b", 270, 200, 4)]
    lower = [*column("c", 50, 300, 4), *column("d", 270, 300, 4)]
    order = said(page([*upper, *lower], strokes=(level(270 + off, 50, 50 + width),)))
    return order == [one.text[:2] for one in (*upper, *lower)]


def under_a_head(off: float = 0.0, size: float = 12.0, low: float = 0.0) -> bool:
    """Check whether a head in the middle of two columns, one wide and one narrow, is read between both rows.

    It stands in the wide column alone, ``off`` points off the middle, ``low`` points higher than its like.
    """
    upper = [*column("a", 50, 200, 4, width=300), *column("b", 370, 200, 4, width=100)]
    lower = [*column("c", 50, 300, 4, width=300), *column("d", 370, 300, 4, width=100)]
    head = line("h0", 220 + off, 280 - low, 300 + off, size=size)
    order = said(page([*upper, head, *lower]))
    return order == [one.text[:2] for one in (*upper, head, *lower)]


def head_of_four(off: float = 0.0, size: float = 12.0, low: float = 0.0) -> bool:
    """Check whether a head in the middle of four columns, narrower than two of them, is read before all."""
    columns = [column(name, 50 + 130 * k, 200, 4, width=110, length=11) for k, name in enumerate("abcd")]
    head = line("h0", 245 + off, 180 + low, 355 + off, size=size)
    order = said(page([head, *(one for lines in columns for one in lines)]))
    return order == ["h0", *(one.text[:2] for lines in columns for one in lines)]


def written_by(size: float = 9.0, low: float = 0.0) -> bool:
    """Check whether small type at the right, above two columns, is read before both."""
    lines = [*column("a", 50, 200, 4), *column("b", 270, 200, 4)]
    who = line("h0", 400, 186 + low, 470, size=size)
    return said(page([who, *lines])) == ["h0", *(one.text[:2] for one in lines)]


def articles_below(gap: float = 30.0, size: float = 15.0, shift: float = 15.0, rows: int = 4) -> bool:
    """Check whether three columns are read before those below a headline, two of which have other widths."""
    low = 249.2 + gap + 0.88 * size
    upper = [column(name, 50 + 150 * k, 200, 4, width=130, length=13) for k, name in enumerate("abc")]
    lower = [
        column("d", 50, low + 20, rows, width=130 + shift, length=13),
        column("e", 200 + shift, low + 20, rows, width=130 - shift, length=13),
        column("f", 350, low + 20, rows, width=130, length=13),
    ]
    head = line("h0", 50, low, 120, size=size)
    order = said(page([head, *(one for lines in (*upper, *lower) for one in lines)]))
    return order == [
        *(one.text[:2] for lines in upper for one in lines),
        "h0",
        *(one.text[:2] for lines in lower for one in lines),
    ]


def overhang(gap: float = 7.1, lines: int = 5, off: float = 0.0) -> bool:
    """Check whether a line ends before a narrow gap where so many lines of another column begin."""
    column_ = [glyph("甲", 100 + off, 200 + 16.0 * k) for k in range(lines)]
    found = lines_of([glyph("田", 90 - gap), glyph("野", 100), *column_], 0)
    return found[0].text == "田"


def one_piece(off: float) -> bool:
    """Check whether two pieces of a row are read as one line."""
    return len(said(page([line("左", 50, 100), line("右", 200, 100 + off)]))) == 1


def labelled(away: float) -> bool:
    """Check whether a label is read with the picture that it stands beside."""
    label = line("甲", 195 + away, 150, role="label")
    around = [line(han(40), 50, base) for base in (50, 250)]
    found = blocks(page([*around, label], pictures=(Box(100, 100, 200, 200),)))
    return [label] in found


EDGES: Edges = {
    "lines LEVEL": (lambda off: one_line(glyph("田", 0), glyph("野", 10, 100 + off)), (2.4,), (2.6,)),
    "lines WIDE": (lambda gap: one_line(glyph("田", 0), glyph("野", 10 + gap)), (10.4,), (10.6,)),
    "lines MIXED_WIDE": (
        lambda gap: one_line(glyph("田", 0), glyph("野", 10 + gap, size=9.0)), (8.3,), (8.5,)
    ),
    "lines RAISED": (raised, (92.6,), (92.4,)),
    "lines SMALLER": (raised, (95.0, 8.4), (95.0, 8.6)),
    "lines COVERED": (lambda x0: raised(x0=x0), (17.1,), (16.9,)),
    "lines TOUCHING": (lambda gap: raised(x0=20 + gap), (4.9,), (5.1,)),
    "lines WORD_GAP": (lambda gap: text(glyph("a", 0), glyph("b", 10 + gap)) == "a b", (1.7,), (1.5,)),
    "lines BLANK_GAP": (lambda gap: text(glyph("田", 0), glyph("野", 10 + gap)) == "田 野", (6.1,), (5.9,)),
    "lines ROWS_BACK": (level_again, (5,), (6,)),
    "lines HOME_REACH": (home_across, (2,), (3,)),
    "lines FULL_WIDTH": (
        lambda wide: one_line(glyph("。", 0, width=wide), glyph("野", wide + 8)), (7.9,), (8.1,)
    ),
    "lines HALF": (lambda gap: one_line(glyph("。", 0), glyph("野", 10 + gap)), (5.4,), (5.6,)),
    "lines EYE_HEIGHT": (lambda end: parted(upright(9.75, 50, end)), (96.1,), (95.9,)),
    "lines BAR_SLACK": (lambda x: parted(upright(x - 0.25, 50, 120)), (8.8,), (8.7,)),
    "lines BAR_SLACK, right": (lambda x: parted(upright(x - 0.25, 50, 120)), (11.2,), (11.3,)),
    "columns RIVER": (beside, (7.1,), (6.9,)),
    "columns NARROW": (lambda width: beside(width=width), (31.0,), (29.0,)),
    "columns FEWEST": (lambda rows: beside(rows=rows), (2,), (1,)),
    "columns OVERLAP": (
        lambda low: by_columns(column("a", 50, 200 + low, 4), column("b", 270, 200, 4)), (34.0,), (36.0,)
    ),
    "columns FULL_WIDTH_SHARE, of a rule": (under_a_rule, (378.1,), (377.9,)),
    "columns _parting": (under_a_rule, (420, 16.0), (420, 36.0)),
    "columns HEAD_OFF": (under_a_head, (5.9,), (6.1,)),
    "columns HEAD_GROWTH, of a head over unlike columns": (under_a_head, (0.0, 10.9), (0.0, 10.7)),
    "columns HEAD_OFF, of four columns": (head_of_four, (5.9,), (6.1,)),
    "columns HEAD_GROWTH, of four columns": (head_of_four, (0.0, 10.9), (0.0, 10.7)),
    "columns HEAD_GROWTH, of small type": (written_by, (9.2,), (9.3,)),
    "columns _is_set_above, small type": (written_by, (9.0, 4.0), (9.0, 5.0)),
    "stories LARGE": (articles_below, (30.0, 15.0), (30.0, 14.9)),
    "stories BAND": (articles_below, (10.1,), (9.9,)),
    "stories FEWEST_LINES": (articles_below, (30.0, 15.0, 15.0, 2), (30.0, 15.0, 15.0, 1)),
    "stories RIVER": (articles_below, (30.0, 15.0, 13.1), (30.0, 15.0, 12.9)),
    "lines COLUMN_GAP": (overhang, (7.1,), (6.9,)),
    "lines COLUMN_LINES": (overhang, (7.1, 5), (7.1, 4)),
    "lines _at_columns": (overhang, (7.1, 5, 1.4), (7.1, 5, 1.6)),
    "columns _is_set_above": (head_of_four, (0.0, 12.0, 9.0), (0.0, 12.0, 10.0)),
    "columns _heads_all": (under_a_head, (0.0, 12.0, 20.0), (0.0, 12.0, 21.0)),
    "columns SHORT_CELLS": (cells, (8,), (7,)),
    "columns LEVEL": (cells, (5, 2.1), (5, 1.9)),
    "columns MIN_LEVEL_SHARE": (cells, (5, 0.0, 4), (5, 0.0, 3)),
    "columns ROW_STEP": (two_rows, (2.6,), (2.4,)),
    "columns HEAD_GAP": (head_below, (9.1,), (8.9,)),
    "columns HEAD_GROWTH": (head_below, (5.0, 10.9), (5.0, 10.7)),
    "columns SAME_BASE": (one_piece, (3.4,), (3.6,)),
    "columns FLOAT_REACH": (labelled, (23.9,), (24.1,)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
