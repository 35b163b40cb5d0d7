"""Hold where on its pages a raw text stands: stretches of the text with their page and box.

`Layout.boxes` answers for any stretch; `Layout.packed` is how a database keeps it.
"""

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

SCALE = 10.0  # places are kept in tenths of a point
FIELDS = 8
# Of its width: a higher box holds type that runs down. Two characters are twice as high; two of the narrowest
# letters beside each other are 1.8 times as high as wide.
RUNS_DOWN = 1.9
SURE = 0.9  # below this certainty a line has doubtful characters; junk has 0.55 to 0.75, text above 0.95


class Stretch(NamedTuple):
    """The offsets of a line of print, or of its part within a table's cell, with page and box.

    Attributes:
        start, end: in the raw text.
        page: its number, from 1.
        x0, top, x1, bottom: the box in points from the upper left corner of the page as a reader holds it.
        sure: how sure the reading of its characters is; 1 for a text layer.
    """

    start: int
    end: int
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    sure: float = 1.0


class PageBox(NamedTuple):
    """A rectangle on a page; the page counts from 1, places are points from its upper left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The stretches of a raw text that stand on pages, in order; none where the format has no pages."""

    stretches: tuple[Stretch, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """Return a box for each line of print in ``raw[start:end]``, cut to the part of the line in it."""
        return tuple(_part(one, start, end) for one in self._within(start, end))

    def page_at(self, start: int) -> int | None:
        """Return the page of the character at ``start``, or of the next one that is on a page; else None."""
        k = self._first(start)
        return self.stretches[k].page if k < len(self.stretches) else None

    def pages(self, start: int, end: int) -> tuple[int, ...]:
        """Return the pages on which characters of ``raw[start:end]`` stand, in their order there."""
        return tuple(dict.fromkeys(one.page for one in self._within(start, end)))

    def doubtful(self) -> tuple[Stretch, ...]:
        """Return the stretches whose characters may have been misread."""
        return tuple(one for one in self.stretches if one.sure < SURE)

    def sure(self, start: int, end: int) -> float:
        """Return the certainty of the characters in ``raw[start:end]``, 0 to 1; 1 where nothing is known."""
        return min((one.sure for one in self._within(start, max(end, start + 1))), default=1.0)

    def _first(self, start: int) -> int:
        """Return the index of the first stretch that ends behind an offset."""
        k = max(0, bisect_right(self.stretches, start, key=lambda one: one.start) - 1)
        while k < len(self.stretches) and self.stretches[k].end <= start:
            k += 1
        return k

    def _within(self, start: int, end: int) -> Iterator[Stretch]:
        for k in range(self._first(start), len(self.stretches)):
            if self.stretches[k].start >= end:
                return
            yield self.stretches[k]

    def packed(self) -> bytes:
        """Return the layout as a few bytes: rows of numbers as JSON, compressed with zlib."""
        rows = [_row(one) for one in self.stretches]
        return zlib.compress(json.dumps(list(chain.from_iterable(rows)), separators=(",", ":")).encode(), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> "Layout":
        """Make a layout from the bytes that `packed` returned."""
        numbers = json.loads(zlib.decompress(packed))
        return cls(tuple(_stretches(numbers)))


def _row(one: Stretch) -> tuple[int, ...]:
    places = (round(place * SCALE) for place in (one.x0, one.top, one.x1, one.bottom))
    return (one.start, one.end, one.page, *places, round(one.sure * 100))


def _stretches(numbers: list[int]) -> Iterator[Stretch]:
    rows: Iterable[list[int]] = (numbers[k : k + FIELDS] for k in range(0, len(numbers), FIELDS))
    for start, end, page, x0, top, x1, bottom, sure in rows:
        yield Stretch(start, end, page, x0 / SCALE, top / SCALE, x1 / SCALE, bottom / SCALE, sure / 100)


def _part(one: Stretch, start: int, end: int) -> PageBox:
    """Return the box of a part of a stretch; a box about twice as high as wide is cut from top down."""
    length = one.end - one.start
    a, b = max(0, start - one.start) / length, min(length, end - one.start) / length
    width, height = one.x1 - one.x0, one.bottom - one.top
    if height > RUNS_DOWN * width and length > 1:
        return PageBox(one.page, one.x0, one.top + a * height, one.x1, one.top + b * height)
    return PageBox(one.page, one.x0 + a * width, one.top, one.x0 + b * width, one.bottom)
