"""Find the rules, fills and pictures of a page among its objects, and in forms within them."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.read.pdf.page import Box

THIN = 3.0  # points; what is no thicker is a rule
THICKEST = 8.0  # of a line that was drawn as one
FROM_POINT_TO_POINT = 2  # points of a path that is a line
LONGEST_OUTLINE = 400  # points of a path that may be a grid
DEPTH = 4  # forms within forms that are looked into
PATH, IMAGE, SHADING, FORM = 2, 3, 4, 5
MOVE = 2
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Point = tuple[float, float]


@dataclass(slots=True)
class PageObjects:
    """The boxes found so far, in coordinates of the file; the lists grow.

    Attributes:
        left: how many more objects may be looked at.
    """

    left: int
    strokes: list[Box] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)


def find_objects(page: Any, most: int) -> PageObjects:  # noqa: ANN401 - pypdfium2 has no types
    """Find rules, fills and pictures among the first ``most`` objects of a page; y grows upwards."""
    from pypdfium2 import raw  # noqa: PLC0415

    out = PageObjects(most)
    count = raw.FPDFPage_CountObjects(page.raw)
    objects = (raw.FPDFPage_GetObject(page.raw, k) for k in range(min(count, most)))
    _look(raw, objects, IDENTITY, (out, DEPTH))
    return out


def _look(raw: Any, objects: Iterator[Any], matrix: Matrix, state: tuple[PageObjects, int]) -> None:  # noqa: ANN401
    out, depth = state
    for thing in objects:
        out.left -= 1
        if out.left < 0:
            return
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == PATH:
            _path(raw, thing, matrix, out)
        elif kind in (IMAGE, SHADING):
            out.pictures.append(_bounds(raw, thing, matrix))
        elif kind == FORM and depth:
            inner = (
                raw.FPDFFormObj_GetObject(thing, k)
                for k in range(min(out.left, raw.FPDFFormObj_CountObjects(thing)))
            )
            _look(raw, inner, _within(matrix, _matrix(raw, thing)), (out, depth - 1))


def _matrix(raw: Any, thing: Any) -> Matrix:  # noqa: ANN401
    own = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, own):
        return IDENTITY
    return (own.a, own.b, own.c, own.d, own.e, own.f)


def _within(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    (x0, y0), (x1, y1) = _moved(outer, (e, f)), (outer[4], outer[5])
    ax, ay = _moved(outer, (a, b))
    cx, cy = _moved(outer, (c, d))
    return (ax - x1, ay - y1, cx - x1, cy - y1, x0, y0)


def _moved(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _bounds(raw: Any, thing: Any, matrix: Matrix) -> Box:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return _hull([_moved(matrix, (x.value, y.value)) for x in (left, right) for y in (bottom, top)])


def _hull(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _path(raw: Any, thing: Any, matrix: Matrix, out: PageObjects) -> None:  # noqa: ANN401
    """Add a path as a rule, as the rules of a frame or grid, as a fill, or as part of a picture."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, filled, stroked)
    if not (filled.value or stroked.value):
        return
    count, box = raw.FPDFPath_CountSegments(thing), _bounds(raw, thing, matrix)
    thin = min(box.width, box.height)
    if thin <= THIN or (count == FROM_POINT_TO_POINT and thin <= THICKEST):
        out.strokes.append(box)
        return
    sides = (
        _sides(raw, thing, count, _within(matrix, _matrix(raw, thing))) if count <= LONGEST_OUTLINE else None
    )
    if sides is None:
        out.pictures.append(box)
    elif stroked.value:
        out.strokes += sides
    if sides is not None and filled.value:
        out.fills.append(box)


def _sides(raw: Any, thing: Any, count: int, matrix: Matrix) -> list[Box] | None:  # noqa: ANN401
    """Return the sides of a path whose sides are all level or upright, as boxes; None for any other path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    out: list[Box] = []
    begin = last = (0.0, 0.0)
    for k in range(count):
        segment = raw.FPDFPath_GetPathSegment(thing, k)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(matrix, (x.value, y.value))
        if raw.FPDFPathSegment_GetType(segment) == MOVE:
            begin = last = point
            continue
        ends = [(last, point)]
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((point, begin))
        for one in ends:
            box = _hull(one)
            if min(box.width, box.height) > THIN:
                return None
            out.append(box)
        last = point
    return out
