"""Rules in the picture of a page are found askew and in noise; type, bars and dashes are none."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from write_pdf import Page, pdf

from etl.read.pdf.engine import gray_picture, open_document
from etl.read.pdf.page import Box
from etl.read.pdf.recognition import Picture
from etl.read.pdf.scanned_rules import rules_of

WIDTH, HEIGHT, SCALE = 1_200, 1_000, 0.36  # dots, and points a dot at 200 dots an inch
INK, PAPER = 70, 235


def blank() -> NDArray[np.float64]:
    """A page of paper with noise."""
    return np.random.default_rng(1).normal(PAPER, 9, (HEIGHT, WIDTH))


def draw(page: NDArray[np.float64], box: tuple[float, float, float, float], skew: float = 0.0) -> None:
    """Ink a rectangle (points) of a page that is turned about its corner by ``skew`` (radians)."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] * SCALE
    x = columns * math.cos(skew) + rows * math.sin(skew)
    y = rows * math.cos(skew) - columns * math.sin(skew)
    page[(box[0] <= x) & (x < box[2]) & (box[1] <= y) & (y < box[3])] = INK


def rules(page: NDArray[np.float64], skew: float = 0.0) -> tuple[Box, ...]:
    """The rules of a page."""
    pixels = np.clip(page, 0, 255).astype(np.uint8).tobytes()
    return rules_of(Picture(0, WIDTH, HEIGHT, pixels, SCALE), skew)


@pytest.mark.parametrize("skew", [0.0, 0.02, -0.035])
@pytest.mark.parametrize("box", [(50, 100, 380, 101), (60, 120, 61, 300)])
def test_askew(skew: float, box: tuple[float, float, float, float]) -> None:
    """A rule of a page that lay crooked stands where it does on the page turned upright."""
    page = blank()
    draw(page, box, skew)

    (found,) = rules(page, skew)
    assert found == pytest.approx(box, abs=4)
    assert min(found.width, found.height) < 3.5


def test_a_grid() -> None:
    """The rules of a table are found one by one, also where they cross."""
    page = blank()
    for k in range(4):
        draw(page, (50, 100 + 30 * k, 350, 100.8 + 30 * k))
        draw(page, (50 + 100 * k, 100, 50.8 + 100 * k, 190.8))

    found = rules(page)
    assert sorted(round(box.top) for box in found if box.width > box.height) == [100, 130, 160, 190]
    assert sorted(round(box.x0) for box in found if box.width < box.height) == [50, 150, 250, 350]


@pytest.mark.parametrize("size", [6.0, 9.0, 12.0])
def test_lines_of_type(size: float) -> None:
    """Strokes of characters in a row are no rule, though they are level and nearly touch."""
    text = "三王五正工二玉丑王三五正工二" * 2
    document = open_document(pdf([Page(lines=[(30, 60 + 1.5 * size * k, size, text[k:]) for k in range(8)])]))

    assert rules_of(gray_picture(document, 0), 0.0) == ()
    document.close()


@pytest.mark.parametrize("box", [(50, 100, 110, 101), (50, 100, 380, 106)])
def test_dashes_and_bars(box: tuple[float, float, float, float]) -> None:
    """What is short may be a dash, what is thick is a bar."""
    page = blank()
    draw(page, box)

    assert rules(page) == ()


def test_an_empty_page() -> None:
    """A page of noise has no rule."""
    assert rules(blank()) == ()
