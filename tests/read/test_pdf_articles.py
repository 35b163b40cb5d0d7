"""Newspapers in lines from top to bottom: articles by their headlines, and rules that stand around text."""

from collections.abc import Sequence

import pytest
from tests.read.joined import paragraphs
from tests.read.test_pdf_down import TEXT, column, reading
from tests.read.type_on_pages import BODY, HEIGHT, WIDTH, han, level, line, upright
from tests.thresholds import Edges, divides
from write_pdf import Page

from etl.read.pdf.articles import articles_of
from etl.read.pdf.frames import is_frame
from etl.read.pdf.page import Box, LayoutItem, PdfPage, TypeLine

Lines = list[tuple[float, float, float, str]]
TITLE, OTHER = "渠道修復進展通報", "春灌籌備情形"


def article(texts: Sequence[str], right: float, top: float, registers: int = 2) -> Lines:
    """Return paragraphs in registers of 14 characters, as many lines in the upper ones as there are below."""
    lines = column(texts, right, 0)
    high = -(-len(lines) // registers)
    return [
        (right - 18 * (k % high), top + 160 * (k // high) + shift, size, text)
        for k, (_, shift, size, text) in enumerate(lines)
    ]


def test_articles_beside_each_other() -> None:
    """Two articles side by side, each below its headline, are read one after the other."""
    first, second = article(TEXT[:2], 330, 80), article(TEXT[2:], 190, 80)
    heads = [(250, 60, 16, TITLE[:4]), (120, 60, 16, OTHER[:4])]
    found = reading(Page(lines=heads, down=[*second, *first]))

    assert "".join(paragraphs(found)) == "".join([TITLE[:4], *TEXT[:2], OTHER[:4], *TEXT[2:]])


def test_rows_of_articles() -> None:
    """The articles of the upper row are read before those of the lower one, though registers stand level."""
    words = [tuple(f"{sign}{text}" for text in TEXT) for sign in "甲乙丙丁"]
    places = [(480.0, 40.0), (240.0, 40.0), (480.0, 400.0), (240.0, 400.0)]
    down: Lines = []
    for said, (right, top) in zip(words, places, strict=True):
        down += [(right + 25, top + 80, 18, TITLE), *article(said, right, top)]
    found = reading(Page(width=560, height=800, down=down[::-1]))

    assert paragraphs(found) == [one for said in words for one in (TITLE, *said)]


@pytest.mark.parametrize("ruled", [False, True])
def test_rules_around_text(*, ruled: bool) -> None:
    """A frame around registers, a rule between them, and rules between the lines, make no table."""
    lines = article(TEXT, 340, 60)
    frame = [(220, 50, 355, 50), (220, 370, 355, 370), (220, 50, 220, 370), (355, 50, 355, 370)]
    frame.append((220, 210, 355, 210))
    between = [(331 - 18 * k, 50, 331 - 18 * k, 370) for k in range(6)] if ruled else []
    found = reading(Page(down=lines, rules=[*frame, *between]))

    assert paragraphs(found) == list(TEXT)


# --------------------------------------------------------------------------------- both sides


def item(
    top: float, x0: float = 50, length: int = 20, size: float = BODY, *, solid: bool = False
) -> LayoutItem:
    """Return a line as a thing that stands on a turned page."""
    one = line(han(length), x0, top + 0.88 * size, size=size)
    return LayoutItem(one.box, size, (one,), solid)


def column_of(x0: float, top: float = 130, rows: int = 6) -> list[LayoutItem]:
    """Return lines below each other."""
    return [item(top + 15 * k, x0) for k in range(rows)]


def is_headed(size: float) -> bool:
    """Check whether a line of type so large is parted from two columns below it as their headline."""
    return len(articles_of([item(100, 150, 6, size), *column_of(50), *column_of(270)])) == 2


def in_row(white: float) -> bool:
    """Check whether two articles whose headlines stand beside them are parted by so much white."""
    first, below = column_of(80), column_of(80, 130 + 5 * 15 + 10 + white)
    heads = [item(150, 50, 1, 18, solid=True), item(below[0].box.top + 20, 50, 1, 18, solid=True)]
    return len(articles_of([*heads, *first, *below])) == 2


def rows_of_articles(off: float) -> bool:
    """Check whether two rows, the headline of the first so far off its middle, are parted."""
    upper = [item(100, 150 - 45 + off, 5, 18), *column_of(50)]
    lower = [item(100, 350, 5, 18), *column_of(300)]
    parts = articles_of([*upper, *lower])
    return sum(len(part) for part in parts[:2]) == len(upper) and lower[0] in parts[2]


def framed(texts: Sequence[str], ends: Sequence[float] | None = None) -> bool:
    """Check whether rules on a turned page stand around text whose lines end at these places."""
    lines: list[TypeLine] = []
    for k, text in enumerate(texts):
        end = ends[k] if ends else 300.0
        lines.append(line(text, end - 10 * len(text), 120 + 15 * k, vertical=True))
    held = PdfPage(0, HEIGHT, WIDTH, ())
    page = PdfPage(0, WIDTH, HEIGHT, tuple(lines), (level(100, 40, 320), upright(40, 100, 400)), across=held)
    return is_frame(page, Box(40, 100, 320, 400))


EDGES: Edges = {
    "articles LARGE": (is_headed, (15.0,), (14.9,)),
    "articles WIDER": (in_row, (6.1,), (5.9,)),
    "articles CENTRED": (rows_of_articles, (-17.9,), (-18.1,)),
    "frames SHORTEST": (lambda length: framed([han(length)] * 4), (6,), (5,)),
    "frames FEWEST": (lambda count: framed([han(8)] * count), (3,), (2,)),
    "frames SAME_END": (lambda off: framed([han(8)] * 3, [300, 300, 300 - off]), (5.9,), (6.1,)),
    "frames MOSTLY": (
        lambda count: framed([*[han(6)] * 4, han(count)], [300, 300, 300, 300, 290]), (23,), (24,)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
