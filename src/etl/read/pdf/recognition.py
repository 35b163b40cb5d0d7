"""Make lines of type of the words that `recognizer` recognizes in the picture of a page."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from statistics import median
from typing import NamedTuple

from etl.read.pdf.lines import HALF_BLANK
from etl.read.pdf.page import ASCENT, DESCENT, WIDE_FROM, Box, TypeLine, printed_width

ENGINE = "rapidocr"
FONT = "ocr"
MIN_TELLING_WIDTH = 6.0  # widths of a character: lines that tell the size of their type
SAME_SIZE = 0.15  # of the size: type that differs by less is of one size
SMALLER = 0.1  # of the size: type without letters and digits is of another size where its width is less
# Of a line: the share of letters and digits from which its width tells its size badly; and of the height of
# lines of the usual size, how far that of another may differ.
MIN_HALF_SHARE, SAME_HEIGHT = 0.1, 0.2
# Of the size: how far base lines of one row may differ, and how far off the next column is where the end of a
# line is in doubt.
SAME_ROW, NEXT_COLUMN = 0.6, 1.1
HALF = 0.5  # of the size: the blank half of a closing mark
SIZE_OF_HEIGHT = 0.95  # of the height of its box: type of a short line
MAX_LINE_GAP = 2.5  # of the size: how far off a long line still tells the size of a short one
MAX_BOX_ERROR = 0.35  # of the size: how far the box of a short line misleads about it
STEEPEST = 0.2  # radians: what is steeper is no skew of a page
log = logging.getLogger(__name__)


class Picture(NamedTuple):
    """A page in grays, one byte a pixel, row by row; ``scale`` is points a pixel."""

    page: int
    width: int
    height: int
    pixels: bytes
    scale: float


class RecognitionRequest(NamedTuple):
    """The request of a process that reads a PDF for the words of one page of ``pages``."""

    picture: Picture
    pages: int


class RecognizedWord(NamedTuple):
    """A recognized stretch of type: four corners in points, text, confidence (0 to 1)."""

    corners: tuple[tuple[float, float], ...]
    text: str
    confidence: float


def lines_of_words(words: Sequence[RecognizedWord], page: int) -> tuple[TypeLine, ...]:
    """Make lines of type from words: turned upright by their common skew, with few sizes of type."""
    skew = skew_of(words)
    boxes = [(_turned(word, -skew), word) for word in words if word.text.strip()]
    known = [
        (box, box.width / _inked_width(word.text))
        for box, word in boxes
        if printed_width(word.text) >= MIN_TELLING_WIDTH
    ]
    sizes = _alike(known, {id(box): _half_share(word.text) for box, word in boxes})
    found = [_line(box, word, _size(box, word, sizes), page) for box, word in boxes]
    return tuple(sorted(map(_trimmed, found, repeat(found)), key=lambda line: (line.base, line.box.x0)))


def _trimmed(line: TypeLine, others: Sequence[TypeLine]) -> TypeLine:
    """Return a line that does not reach into the gap before the next column further than its characters do.

    The box of a line that ends with a mark may reach to what stands beside.
    """
    if _half_share(line.text) or not any(_is_beside(line, other) for other in others):
        return line
    end = line.box.x0 + _inked_width(line.text) * line.size
    return replace(line, box=line.box._replace(x1=min(line.box.x1, end)))


def _is_beside(line: TypeLine, other: TypeLine) -> bool:
    """Check whether another line begins on the base line of a line, about where that ends."""
    level = abs(line.base - other.base) <= SAME_ROW * line.size
    return level and other is not line and abs(other.box.x0 - line.box.x1) <= NEXT_COLUMN * line.size


def _inked_width(text: str) -> float:
    """Return how wide the ink of a text is, in sizes of its type."""
    return printed_width(text) - (HALF if text[-1:] in HALF_BLANK else 0.0)


def _half_share(text: str) -> float:
    """Return the share of a text's width that letters and digits take, half as wide as Chinese."""
    return sum(0.5 for sign in text if sign < WIDE_FROM) / max(1.0, printed_width(text))


def _alike(known: Sequence[tuple[Box, float]], half: Mapping[int, float]) -> list[tuple[Box, float]]:
    """Return the sizes of long lines, each that differs little from the usual one as the usual one.

    The width of a line with many digits may be too large, for blanks beside them are not recognized; there
    its height decides, too. ``half`` is the share of such characters, by the identity of the box.
    """
    usual = median(size for _, size in known) if known else 0.0
    heights = [box.height for box, size in known if abs(size - usual) <= SAME_SIZE * usual]
    height = median(heights) if heights else 0.0

    def is_usual(box: Box, size: float) -> bool:
        least = 1 - (SAME_SIZE if half[id(box)] else SMALLER)
        if least * usual <= size <= (1 + SAME_SIZE) * usual:
            return True
        wide = size > usual and half[id(box)] >= MIN_HALF_SHARE
        return wide and abs(box.height - height) <= SAME_HEIGHT * height

    return [(box, usual if is_usual(box, size) else size) for box, size in known]


def _size(box: Box, word: RecognizedWord, sizes: Sequence[tuple[Box, float]]) -> float:
    """Return the size of a line's type (points); of a short one that of the next long one in its column."""
    if printed_width(word.text) >= MIN_TELLING_WIDTH:
        return next(size for other, size in sizes if other is box)
    own = SIZE_OF_HEIGHT * box.height
    near = (one for one in sizes if one[0].x0 < box.x1 and box.x0 < one[0].x1)
    other, size = min(near, key=lambda one: abs(one[0].top - box.top), default=(box, own))
    alike = abs(other.top - box.top) <= MAX_LINE_GAP * own and abs(size - own) <= MAX_BOX_ERROR * own
    return size if alike else own


def skew_of(words: Sequence[RecognizedWord]) -> float:
    """Return the median angle of long lines, in radians; positive where they run down to the right."""
    angles = [
        angle
        for (left, right, *_), text, _ in words
        if printed_width(text) >= MIN_TELLING_WIDTH
        and abs(angle := math.atan2(right[1] - left[1], max(1e-6, right[0] - left[0]))) < STEEPEST
    ]
    return median(angles) if angles else 0.0


def _turned(word: RecognizedWord, angle: float) -> Box:
    """Return the box around a word after turning the page by ``angle`` radians."""
    sine, cosine = math.sin(angle), math.cos(angle)
    places = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in word.corners]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _line(box: Box, word: RecognizedWord, size: float, page: int) -> TypeLine:
    base = (box.top + box.bottom) / 2 + (0.5 - DESCENT) * size
    place = Box(box.x0, base - ASCENT * size, box.x1, base + DESCENT * size)
    return TypeLine(
        word.text, place, base, round(size, 1), FONT, page, inked=True, confidence=word.confidence
    )
