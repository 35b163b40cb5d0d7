"""Type, rules and pages as values, for questions to the geometry of PDFs without a PDF."""

from collections.abc import Iterable
from typing import Any

from etl.read.pdf.page import ASCENT, DESCENT, Box, Glyph, PdfPage, TypeLine

BODY = 10.0  # points: the size of the text
WIDTH, HEIGHT = 600.0, 800.0


def han(count: int) -> str:
    """Return so many characters that end no sentence."""
    return "田" * count


def line(text: str, x0: float, base: float, x1: float | None = None, **more: Any) -> TypeLine:  # noqa: ANN401
    """Return type from one place to another; as wide as its characters where no end is given."""
    size = more.pop("size", BODY)
    right = x0 + len(text) * size if x1 is None else x1
    return TypeLine(
        text, Box(x0, base - ASCENT * size, right, base + DESCENT * size), base, size, "f", 0, **more
    )


def glyph(text: str, x0: float, base: float = 100.0, size: float = BODY, width: float = 0.0) -> Glyph:
    """Return one character, as wide as its size where no width is given."""
    return Glyph(text, x0, x0 + (width or size), base, size, "f", spaced=False)


def page(lines: Iterable[TypeLine], number: int = 0, **more: Any) -> PdfPage:  # noqa: ANN401
    """Return a page with these lines, in the order in which a page has them."""
    ordered = sorted(lines, key=lambda one: (one.base, one.box.x0))
    return PdfPage(number, WIDTH, HEIGHT, tuple(ordered), **more)


def level(y: float, x0: float, x1: float, height: float = 0.5) -> Box:
    """Return a rule from left to right."""
    return Box(x0, y, x1, y + height)


def upright(x: float, top: float, bottom: float) -> Box:
    """Return a rule from top to bottom."""
    return Box(x, top, x + 0.5, bottom)
