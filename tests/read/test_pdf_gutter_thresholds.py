"""Boxes that span the gutter between two columns are cut there, and no others."""

import math
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import pytest
import sample_scan
from tests.thresholds import Edges, divides

from etl.read.pdf.engine import gray_picture, open_document
from etl.read.pdf.gutters import Corners, split_at_gutters
from etl.read.pdf.recognition import Picture
from etl.read.pdf.recognizer import PageImage, recognize_page

needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra `ocr` is not installed")
ROWS = (-40.0, -20.0, 20.0, 40.0)  # of two columns, from the box in question
LEFT, RIGHT = (0.0, 200.0), (220.0, 420.0)
GUTTER = (200.0, 220.0)
Span = tuple[float, float]


def box(span: Span, y: float = 0.0, height: float = 10.0, turned: float = 0.0) -> Corners:
    """A box from here to there, around this height of the page; the page is turned about its corner."""
    sine, cosine = math.sin(turned), math.cos(turned)
    places = [
        (x, y + side * height / 2) for x, side in zip((*span, *span[::-1]), (-1, -1, 1, 1), strict=True)
    ]
    return [(x * cosine - z * sine, x * sine + z * cosine) for x, z in places]


def columns(
    rows: Sequence[float] = ROWS, left: Span = LEFT, right: Span = RIGHT, height: float = 10
) -> list[Corners]:
    """Lines of two columns at these heights."""
    return [box(span, y, height) for y in rows for span in (left, right)]


def cuts(
    others: Sequence[Corners], whites: Sequence[Span] = (GUTTER,), height: float = 10.0, end: float = 420.0
) -> bool:
    """Whether a box from 0 to an end with these whites is cut among others."""
    one = box((0, end), 0.0, height)
    shares = [(start / end, stop / end) for start, stop in whites]
    found = split_at_gutters([one, *others], lambda asked: shares if asked is one else [])
    return len(found) == len(others) + 2


TWO = (-20.0, 20.0)
EDGES: Edges = {
    "REACH": (lambda far: cuts(columns((-far, far))), (80,), (81,)),
    "FURTHEST_END, before": (
        lambda end: cuts([*columns(TWO[:1]), *columns(TWO[1:], left=(0, end))]), (185.5,), (184.5,)
    ),
    "FURTHEST_END, behind": (
        lambda start: cuts([*columns(TWO[:1]), *columns(TWO[1:], right=(start, 420))]), (234.5,), (235.5,)
    ),
    "NARROWEST": (lambda wide: cuts(columns(), [(210, 210 + wide)]), (3.6,), (3.4,)),
    "MAX_OFF, behind": (lambda start: cuts(columns(), [(start, start + 9)]), (223.9,), (224.1,)),
    "MAX_OFF, before": (lambda end: cuts(columns(), [(end - 9, end)]), (196.1,), (195.9,)),
    "SHORTEST": (lambda wide: cuts(columns(ROWS, (200 - wide, 200), (220, 220 + wide))), (31.1,), (30.9,)),
    "TALLER, of others": (lambda high: cuts(columns(height=high)), (12.4,), (12.6,)),
    "TALLER, of the box": (lambda high: cuts(columns(), height=high), (12.4,), (12.6,)),
    "WIDER": (lambda wide: cuts(columns(), [GUTTER, (300, 300 + wide)]), (15.3,), (15.5,)),
    "EDGE, behind": (lambda rest: cuts(columns(), [(200, 420 - rest)]), (3.1,), (2.9,)),
    "EDGE, before": (lambda rest: cuts(columns(), [(rest, 220)]), (3.1,), (2.9,)),
    "SPILL": (lambda over: cuts(columns(ROWS, (0, 210 + over), (210, 420))), (5.9,), (6.1,)),
    "LONGER": (lambda long: cuts([*columns(TWO), box((100, 100 + long), 40)]), (249,), (248,)),
    "LINES": (lambda count: cuts(columns(ROWS[:count])), (2,), (1,)),
    "LINES, beside others that span": (
        lambda count: cuts([*columns((*ROWS, 60)[:count]), box((0, 420), 75), box((0, 420), -75)]), (4,), (3,)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """A box on the one side of a number is cut, one on the other is not."""
    assert divides(*EDGES[name])


@pytest.mark.parametrize("turned", [0.0, 0.03, -0.03])
def test_parts(turned: float) -> None:
    """The parts have the corners of the box and those of the white, however the page is turned."""
    others = [box(span, y, turned=turned) for y in ROWS for span in (LEFT, RIGHT)]
    shares = [(start / 420, end / 420) for start, end in (GUTTER, (50, 55))]

    found = split_at_gutters([*others[:4], box((0, 420), turned=turned), *others[4:]], lambda _: shares)

    wanted = [*others[:4], box(LEFT, turned=turned), box(RIGHT, turned=turned), *others[4:]]
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert [place for corner in one for place in corner] == pytest.approx(
            [place for corner in other for place in corner], abs=1e-6
        )


def test_lines_that_span_no_gutter() -> None:
    """Lines of one column, of a page without columns and heads in wide letters are left as they are."""
    whole = [box((0, 420), y) for y in ROWS]
    letters = [(60.0 * k, 60.0 * k + 20) for k in range(1, 7)]

    assert split_at_gutters(columns(), lambda _: [(0.4, 0.6)]) == columns()
    assert not cuts(whole)
    assert not cuts(columns(), letters)
    assert not cuts([])
    assert split_at_gutters([], lambda _: []) == []


def is_white(dark: int = 0, stain: int = 240, ink: int = 30) -> bool:
    """Whether a column with dark pixels and a stain is white, beside so many columns of ink of a thousand."""
    grays = np.full((40, 1_000), 240, np.uint8)
    grays[:, :ink], grays[20:22, 500], grays[:dark, 500] = 60, stain, 60
    image = PageImage(Picture(0, 1_000, 40, grays.tobytes(), 1.0))
    return any(a <= 0.5 and b >= 0.501 for a, b in image.whites(box((0, 1_000), 20, 40)))


SEEN: Edges = {
    "FEWEST_DARK": (is_white, (1,), (2,)),
    "the gray between ink and paper": (is_white, (0, 152), (0, 148)),
    "INK": (lambda ink: is_white(0, 200, ink), (22,), (18,)),
}


@needs_ocr
@pytest.mark.parametrize("name", SEEN)
def test_white(name: str) -> None:
    """A column of a box on the one side of a number is white, one on the other is not."""
    assert divides(*SEEN[name])


def test_least_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that are hardly recognized are stains, and left out; so are words without a character."""
    said = [("县", 0.6), ("乡", 0.59), (" ", 0.9)]
    monkeypatch.setattr(PageImage, "find_boxes", lambda _: [box((0, 10), y) for y in (20, 40, 60)])
    monkeypatch.setattr(PageImage, "recognize", lambda *_: said)

    words = [*recognize_page(Picture(0, 100, 100, bytes(10_000), 0.5))]
    assert [(word.text, word.confidence, word.corners[2]) for word in words] == [("县", 0.6, (5.0, 12.5))]


@needs_ocr
def test_words_of_two_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of two columns that the engine takes for one are recognized each for itself."""
    document = open_document(sample_scan.TARGET.read_bytes())
    picture = gray_picture(document, 0)
    document.close()
    boxes = PageImage(picture).find_boxes()
    left = next(one for one in boxes if one[1][0] < picture.width / 2 and one[0][1] > picture.height / 2)
    right = min(
        (one for one in boxes if one[0][0] > picture.width / 2), key=lambda one: abs(one[0][1] - left[1][1])
    )
    wanted = [word.text for word in recognize_page(picture)]
    joined: Corners = [left[0], right[1], right[2], left[3]]
    spanning = [joined, *(one for one in boxes if one not in (left, right))]

    monkeypatch.setattr(PageImage, "find_boxes", lambda _: spanning)

    assert sorted(word.text for word in recognize_page(picture)) == sorted(wanted)
