"""Find the rules in the picture of a page, level and upright, on the page turned back by its skew.

A rule is a long, thin run of dark dots. It is looked for in strips of `STRIP` dots across its direction, each
moved by what the skew makes of it at that place.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from etl.read.pdf.page import Box
from etl.read.pdf.recognition import Picture

STRIP, FULL = 8, 6  # dots: of a strip, and how many of them are dark where a rule passes
DARK = 0.75  # of the gray of the paper: a thin rule is gray where it lies askew
SHORTEST = 72.0  # points: what is shorter may be a dash, or the stroke of large type
THICKEST = 3.0  # points: what is thicker is a bar or a picture
GAP = 2  # strips that a rule may be interrupted, by noise
SOLID = 0.85  # of the dots of a rule: that are dark. Of rules 0.94 to 1 are, of strokes in a row 0.67
NEXT_ROW = 2  # dots to the next row of the same rule
MOST_BESIDE = 30  # rules beside each other that a row may go on with
# Dots above and below a rule that are white, from NEAR to FAR, but for a share.
NEAR, FAR, WHITE = 2, 6, 0.2
Run = tuple[int, int]  # of strips, from and up to


def rules_of(picture: Picture, skew: float) -> tuple[Box, ...]:
    """Return the rules of a page in points, the page turned by ``-skew`` (radians)."""
    import numpy as np  # noqa: PLC0415 - only scans need it here

    grays = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
    dark = grays < DARK * float(np.median(grays))
    level = (_box(picture, skew, run) for run in _runs(dark, math.tan(skew), picture.scale))
    upright = (
        _box(picture, skew, run, upright=True) for run in _runs(dark.T, -math.tan(skew), picture.scale)
    )
    return (*level, *upright)


def _box(
    picture: Picture, skew: float, run: tuple[float, float, float, float], *, upright: bool = False
) -> Box:
    """Return where a run lies on the page turned back; it is (from, to, first row, last row) at its begin."""
    begin, end, first, last = run
    slope = math.tan(skew) * (-1 if upright else 1)
    sine, cosine = math.sin(-skew), math.cos(skew)
    corners = [(x, row + slope * x) for x in (begin, end) for row in (first, last + 1)]
    if upright:
        corners = [(y, x) for x, y in corners]
    turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in corners]
    xs, ys = [x * picture.scale for x, _ in turned], [y * picture.scale for _, y in turned]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _runs(dark: Any, slope: float, scale: float) -> Iterator[tuple[float, float, float, float]]:  # noqa: ANN401 - an array
    """Yield the rules from left to right: begin and end (dots), first and last row where the page begins."""
    counts = _counts(dark, slope)
    least, thickest = round(SHORTEST / scale / STRIP), THICKEST / scale
    found: list[list[int]] = []  # begin, end, first row, last row
    for row, begin, end in _passes(counts >= FULL, least):
        before = next((one for one in found[-MOST_BESIDE:] if _goes_on(one, row, begin, end)), None)
        if before is None:
            found.append([begin, end, row, row])
        else:
            before[:] = min(before[0], begin), max(before[1], end), before[2], row
    for begin, end, first, last in found:
        part = counts[:, begin:end]
        if last - first < thickest and _is_solid(part, first, last) and _is_alone(part, first, last):
            yield begin * STRIP, end * STRIP, first, last


def _passes(full: Any, least: int) -> Iterator[tuple[int, int, int]]:  # noqa: ANN401 - an array
    """Yield the rows in which a rule may pass, with the strips from and up to which it does."""
    wide = full.copy()
    wide[1:] |= full[:-1]  # it goes from row to row where the skew is not known exactly
    for row in (wide.sum(axis=1) >= least - GAP).nonzero()[0].tolist():
        for begin, end in _long(wide[row], least):
            yield row, begin, end


def _goes_on(run: list[int], row: int, begin: int, end: int) -> bool:
    return row - run[3] <= NEXT_ROW and begin < run[1] and run[0] < end


def _is_solid(counts: Any, first: int, last: int) -> bool:  # noqa: ANN401 - an array
    """Check whether nearly all dots of a run are dark, as they are not between the strokes of type."""
    return bool(counts[first : last + 1].max(axis=0).mean() > SOLID * STRIP)


def _is_alone(counts: Any, first: int, last: int) -> bool:  # noqa: ANN401 - an array
    """Check whether the paper is white above and below, as it is not within a line of type."""
    sides = (
        counts[max(0, first - FAR) : max(0, first - NEAR)],
        counts[last + NEAR + 1 : last + FAR + 1],
    )
    return all(side.mean() < WHITE * STRIP for side in sides if side.size)


def _counts(dark: Any, slope: float) -> Any:  # noqa: ANN401 - arrays
    """Return for each row and strip how many dots are dark, each strip moved by the slope."""
    import numpy as np  # noqa: PLC0415 - as above

    count = dark.shape[1] // STRIP
    full = dark[:, : count * STRIP].reshape(dark.shape[0], count, STRIP).sum(axis=2, dtype=np.int8)
    moved = [np.roll(full[:, k], -round((k + 0.5) * STRIP * slope)) for k in range(count)]
    return np.stack(moved, axis=1) if moved else full


def _long(row: Any, least: int) -> Iterator[Run]:  # noqa: ANN401 - an array
    """Yield the runs of strips in a row that are long enough, over short gaps."""
    places = row.nonzero()[0].tolist()
    begins = [places[0], *(b for a, b in pairwise(places) if b - a > GAP)]
    ends = [*(a for a, b in pairwise(places) if b - a > GAP), places[-1]]
    yield from ((a, b + 1) for a, b in zip(begins, ends, strict=True) if b + 1 - a >= least)
