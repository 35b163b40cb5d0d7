"""Every length and count by which pages in lines from top to bottom are parted has type on both sides."""

import math
from dataclasses import replace

import pytest
from tests.read.type_on_pages import BODY, HEIGHT, WIDTH, glyph, han, line, page
from tests.thresholds import Edges, divides

from etl.read.pdf import articles, columns, engine, frames, furniture, reader
from etl.read.pdf.engine import PageDrawing
from etl.read.pdf.page import Box, LayoutItem, PdfPage

HEAD = 2 * BODY
EMPTY = PdfPage(0, WIDTH, HEIGHT, ())
EVERYWHERE = Box(0.0, 0.0, WIDTH, HEIGHT)


def item(top: float, size: float = BODY) -> LayoutItem:
    """Return a line of type that stands so far down, ten points high."""
    text = line(han(4), 100.0, top + BODY, size=size)
    return LayoutItem(Box(100.0, top, 140.0, top + BODY), size, (text,))


def is_headline(size: float) -> bool:
    """Whether type of this size is that of headlines above a text of ten points."""
    items = [item(0, size), *(item(20.0 * k) for k in range(1, 6))]
    return articles._is_headline(items[0], articles.headline_size(items))


def parted(white: float) -> bool:
    """Whether so much white parts two articles of a row whose lines stand ten points apart."""
    second = 50 + white
    items = [item(0, HEAD), item(20), item(40), item(second, HEAD), item(second + 20)]
    return articles._row_of(items, [items[0], items[3]]) is not None


def newspaper(headlines: int) -> bool:
    """Whether a page with so many headlines is parted in articles."""
    tops = [70.0 * k for k in range(headlines)]
    rows = [[item(top, HEAD), item(top + 20), item(top + 40)] for top in tops]
    return len(articles.articles_of([one for row in rows for one in row])) > 1


def island(x: float, base: float, size: float = BODY, large: float = math.inf) -> bool:
    """Whether two words from left to right, the second one there, are one island."""
    words = line("山水", 100, 200, size=size), line("田野", x, base, size=size)
    return len(list(columns._islands(page(words), large))) == 1


def head_of(base: float) -> bool:
    """Whether furniture at this height is read before the page."""
    lines = line("页眉", 100, base, role="furniture"), line(han(20), 100, 100)
    return columns.blocks(page(lines))[0][0].role == "furniture"


def beside(rows: int) -> bool:
    """Whether so many lines of a turned page have an outermost one that may be furniture."""
    found = page((line(han(20), 100, 20 + 15 * k) for k in range(rows)), across=EMPTY)
    return bool(furniture._edges(found)[0])


def framed(size: int, *ends: float, rest: int = 0) -> bool:
    """Whether rules hold a text: full lines of so many characters, and others that end by themselves."""
    full = [line(han(size), 0, 100 + 20.0 * k, end) for k, end in enumerate(ends)]
    others = [line("山", 0, 300 + 20.0 * k, 20 + 15.0 * k) for k in range(rest)]
    return frames.is_frame(page([*full, *others], across=EMPTY), EVERYWHERE)


def ordered(lines: int) -> bool:
    """Whether a page with so many lines is put in order."""
    signs = tuple(glyph("山", 100, 12.0 * k) for k in range(lines))
    drawn = PageDrawing(WIDTH, 12.0 * lines, signs, (), (), ())
    return reader._level(drawn, signs, 0).upright


def turned_too(down: int, level: int) -> bool:
    """Whether a page that may run down is turned among so many that do, and that do not."""
    turned = replace(page([line(han(4), 100, 100)]), across=EMPTY)
    may = replace(page([line("山水", 100, 100)]), turned=turned)
    others = [page([line(han(9), 100, 100)])] * level
    return reader._as_others([may, *[turned] * down, *others])[0] is turned


def doubled(off: float) -> bool:
    """Whether a character so far from its like is that printed twice."""
    sign = engine._Printed("山", (0.0, 0.0, 20.0, 20.0), (0.0, 0.0), 20.0, "f", 0, spaced=False)
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    return [engine._twice(seen, sign, (x, 100.0)) for x in (100.0, 100.0 + off)][-1]


EDGES: Edges = {
    "reader MOST_LINES": (ordered, (1500,), (1501,)),
    "reader _as_others": (turned_too, (2, 1), (1, 1)),
    "engine DOUBLED_REACH": (doubled, (4.9,), (5.1,)),
    "articles LARGE": (is_headline, (15.0,), (14.9,)),
    "articles WIDER": (parted, (12.1,), (11.9,)),
    "articles MOST_HEADLINES": (newspaper, (60,), (61,)),
    "columns ISLAND_REACH": (island, (100, 234.9), (100, 235.1)),
    "columns HEADLINE_REACH": (island, (163.9, 200, 20.0, 20.0), (164.1, 200, 20.0, 20.0)),
    "columns blocks": (head_of, (HEIGHT / 2 - 1,), (HEIGHT / 2 + 1,)),
    "furniture FEWEST_BESIDE": (beside, (2,), (1,)),
    "frames SHORTEST": (framed, (6, 500.0, 500.0, 500.0), (5, 500.0, 500.0, 500.0)),
    "frames FEWEST": (framed, (6, 500.0, 500.0, 500.0), (6, 500.0, 500.0)),
    "frames SAME_END": (framed, (6, 500.0, 505.9, 505.9), (6, 500.0, 506.1, 506.1)),
    "frames MOSTLY": (
        lambda rest: framed(6, 500.0, 500.0, 500.0, rest=rest),
        (17,),
        (18,),
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
