"""Scans whose type runs from top to bottom are read in its direction."""

import math
from collections.abc import Sequence

import pytest

from etl.read.pdf.page import PdfPage
from etl.read.pdf.reader import reading_of
from etl.read.pdf.recognition import Picture, RecognizedWord
from etl.read.pdf.scanned_page import scanned_page

WIDTH, HEIGHT = 400, 560
PAPER = Picture(0, WIDTH, HEIGHT, b"\xf0" * (WIDTH * HEIGHT), 1.0)
TEXT = "县水利局组织四个工作组分赴各乡镇检查渠道修复进展情况沿途群众反映用水比往年方便得多"


def down(x: float, top: float, text: str, skew: float = 0.0, size: float = 11) -> RecognizedWord:
    """A word that runs down from a place, on a page that is turned about its corner."""
    corners = ((x, top), (x + size, top), (x + size, top + size * len(text)), (x, top + size * len(text)))
    sine, cosine = math.sin(skew), math.cos(skew)
    turned = tuple((a * cosine - b * sine, a * sine + b * cosine) for a, b in corners)
    return RecognizedWord(turned, text, 0.99)


def level(x: float, y: float, text: str, size: float = 11) -> RecognizedWord:
    """A word from left to right."""
    x1, y1 = x + size * len(text), y + size
    return RecognizedWord(((x, y), (x1, y), (x1, y1), (x, y1)), text, 0.99)


def page(words: Sequence[RecognizedWord]) -> PdfPage:
    """The page of these words."""
    return scanned_page(PAPER, words)


@pytest.mark.parametrize("skew", [0.0, 0.02, -0.02])
def test_from_right_to_left(skew: float) -> None:
    """Lines that run down follow each other from right to left; their boxes are those of the page as held."""
    lines = [TEXT[:36], TEXT[3:39], TEXT[5:41]]
    words = [down(330 - 18 * k, 60, line, skew) for k, line in enumerate(lines)]
    found = reading_of([page([words[1], words[2], words[0]])])

    assert found.text.split("\n") == lines
    assert [one.x0 for one in found.layout.stretches] == pytest.approx([330, 312, 294], abs=2)
    assert [one.top for one in found.layout.stretches] == pytest.approx([60, 60, 60], abs=2)


def test_a_head_from_left_to_right() -> None:
    """A head above lines that run down is read as it stands."""
    found = page([level(40, 30, "水利简报"), *(down(330 - 18 * k, 60, TEXT[:36]) for k in range(3))])

    assert found.across is not None
    assert [line.text for line in found.across.lines] == ["水利简报"]
    assert [line.vertical for line in found.lines] == [True] * 3


@pytest.mark.parametrize(("size", "runs_down"), [(1.49, False), (1.51, True)])
def test_which_words_run_down(size: float, runs_down: bool) -> None:  # noqa: FBT001
    """A word one and a half times as high as wide runs down."""
    corners = ((40, 60), (50, 60), (50, 60 + 10 * size), (40, 60 + 10 * size))

    assert (page([RecognizedWord(corners, "山水", 0.99)]).across is not None) == runs_down


def test_most_characters_decide() -> None:
    """A page of lines from left to right stays, though a headline runs down."""
    words = [down(330, 60, TEXT[:10]), *(level(40, 60 + 18 * k, TEXT[:20]) for k in range(4))]

    assert page(words).across is None
