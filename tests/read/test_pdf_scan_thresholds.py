"""Every number by which a rule is found in the picture of a page has a picture on each side of it."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.thresholds import Edges, divides

from etl.read.pdf.page import Box
from etl.read.pdf.recognition import Picture, _inked_width
from etl.read.pdf.scanned_rules import STRIP, rules_of

PAPER, INK, SCALE = 240, 60, 0.36  # grays, and points a dot at 200 dots an inch
ROW, LEFT = 40, 80  # where a rule begins, in dots
LONG = 40  # strips


def strips(*dark: int) -> NDArray[np.bool_]:
    """One row of dots: in each strip so many dark ones, from its left."""
    return np.concatenate([np.arange(STRIP) < count for count in dark])


def found(rows: Mapping[int, NDArray[np.bool_]], ink: int = INK) -> list[Box]:
    """The level rules of a picture with these rows of dots, numbered from that of the rule."""
    width = LEFT + max(map(len, rows.values())) + LEFT
    grays = np.full((100, width), PAPER, np.uint8)
    for row, dots in rows.items():
        grays[ROW + row, LEFT : LEFT + len(dots)][dots] = ink
    boxes = rules_of(Picture(0, width, 100, grays.tobytes(), SCALE), 0.0)
    return [box for box in boxes if box.width > box.height]


def ruled(*dark: int, ink: int = INK, thick: int = 2) -> bool:
    """Whether rows of strips with so many dark dots are one rule."""
    return len(found(dict.fromkeys(range(thick), strips(*dark)), ink)) == 1


def beside(count: int) -> bool:
    """Whether so many rules beside each other are as many."""
    one = strips(*[STRIP] * 26, *[0] * 4)
    return len(found(dict.fromkeys(range(2), np.tile(one, count)))) == count


def alone(**above: int) -> bool:
    """Whether a rule is one with so many dark dots in each strip of rows above it: ``r3`` is the third."""
    rows = {-int(name[1:]): strips(*[dark] * LONG) for name, dark in above.items()}
    return len(found({**rows, 0: strips(*[STRIP] * LONG), 1: strips(*[STRIP] * LONG)})) == 1


def one_rule(distance: int) -> bool:
    """Whether two thin rows so far apart are one rule, as high as both."""
    boxes = found(dict.fromkeys((0, distance), strips(*[STRIP] * LONG)))
    return [box.height > distance * SCALE for box in boxes] == [True]


EDGES: Edges = {
    "DARK": (lambda ink: ruled(*[STRIP] * LONG, ink=ink), (175,), (185,)),
    "SHORTEST": (lambda length: ruled(*[STRIP] * length), (25,), (24,)),
    "THICKEST, _goes_on": (lambda thick: ruled(*[STRIP] * LONG, thick=thick), (8,), (9,)),
    "GAP": (lambda gap: ruled(*[8] * 13, *[0] * gap, *[8] * 13), (1,), (2,)),
    "SOLID": (lambda dark: ruled(*[7, dark] * 20), (7,), (6,)),
    "FULL, STRIP": (lambda dark: ruled(*[dark, dark, 8, 8, 8, 8] * 8), (6,), (5,)),
    "NEXT_ROW": (one_rule, (3,), (4,)),
    "MOST_BESIDE": (beside, (30,), (31,)),
    "WHITE, from below": (lambda dark: alone(r4=5, r5=dark), (0,), (4,)),
    "WHITE, from above": (lambda dark: alone(r4=4, r5=dark), (2,), (3,)),
    "NEAR, from below": (lambda row: alone(**{"r4": 4, f"r{row}": 5}), (2,), (3,)),
    "NEAR, from above": (lambda row: alone(**{"r5": 2, f"r{row}": 5}), (2,), (3,)),
    "FAR, from above": (lambda row: alone(**{"r4": 4, f"r{row}": 5, "r8": 5}), (7,), (6,)),
    "FAR, from below": (lambda row: alone(**{"r5": 2, f"r{row}": 5}), (7,), (6,)),
    "HALF": (lambda width: abs(_inked_width("县。") - width) < 0.01, (1.5,), (1.6,)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side is a rule, what stands on the other is none."""
    assert divides(*EDGES[name])
