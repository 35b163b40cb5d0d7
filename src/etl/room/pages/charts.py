"""Lay out small charts as numbers for SVG, because the policy of pages forbids styles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 600, 60
# Bars that have room in a chart, so that a few do not look like walls.
MIN_SLOTS = 12


class Bar(NamedTuple):
    """A value with its name, and where it leads."""

    name: str
    value: float
    link: str = ""


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """A bar with its place in a chart of `WIDTH` by `HEIGHT`."""

    bar: Bar
    x: float
    y: float
    width: float
    height: float


class Share(NamedTuple):
    """A part of a whole: its name, its value, where it begins and how long it is in hundredths."""

    name: str
    value: float
    start: float
    length: float


def layout_bars(values: Sequence[Bar]) -> tuple[PlacedBar, ...]:
    """Lay out upright bars beside each other, the highest as high as the chart.

    >>> [(one.x, one.y, one.height) for one in layout_bars([Bar("a", 1), Bar("b", 2)])]
    [(0.0, 30.0, 30.0), (50.0, 0.0, 60.0)]
    """
    most = max((one.value for one in values), default=0) or 1
    step = WIDTH / max(MIN_SLOTS, len(values))
    return tuple(
        PlacedBar(
            one,
            round(k * step, 1),
            round(HEIGHT - HEIGHT * one.value / most, 1),
            round(step * 0.8, 1),
            round(HEIGHT * one.value / most, 1),
        )
        for k, one in enumerate(values)
    )


def layout_shares(values: Mapping[str, float]) -> tuple[Share, ...]:
    """Lay out the positive values as hundredths of their sum, one after the other.

    >>> [(one.start, one.length) for one in layout_shares({"read": 1.0, "repair": 0.0, "store": 3.0})]
    [(0.0, 25.0), (25.0, 75.0)]
    """
    whole = sum(values.values()) or 1
    found, start = list[Share](), 0.0
    for name, value in values.items():
        if value > 0:
            length = 100 * value / whole
            found.append(Share(name, value, round(start, 2), round(length, 2)))
            start += length
    return tuple(found)
