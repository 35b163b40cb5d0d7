"""Every length by which values of forms and words of scans are set as type has a box on each side of it."""

import math

import pytest
from tests.read.type_on_pages import BODY, glyph, han
from tests.thresholds import Edges, divides

from etl.read.pdf import picture_witness, recognition
from etl.read.pdf.forms import FormField, set_field
from etl.read.pdf.page import Box
from etl.read.pdf.recognition import RecognizedWord, lines_of_words

NOWHERE = (0.0, 0.0, 0.0, 0.0)


def fits(width: float) -> bool:
    """Whether five characters of ten points fit into a field."""
    (glyphs,) = set_field(FormField(han(5), NOWHERE), Box(0, 0, width, 20), (), BODY)
    return math.isclose(glyphs[0].x1 - glyphs[0].x0, BODY)


def fits_below(height: float) -> bool:
    """Whether two lines of ten points fit into a field."""
    first, _ = set_field(FormField("田野\n山水", NOWHERE, multiline=True), Box(0, 0, 90, height), (), BODY)
    return math.isclose(first[0].size, BODY)


def beside(base: float) -> bool:
    """Whether the first line of a field of several stands level with type that is so far down its box."""
    field, printed = FormField("田野", NOWHERE, multiline=True), [glyph("名", -20, base)]
    ((first, *_),) = set_field(field, Box(0, 0, 90, 90), printed, BODY)
    return first.base == base


def word(text: str, top: float, width: float, height: float = BODY, drop: float = 0.0) -> RecognizedWord:
    """Return a recognized word whose upper edge falls so much on its way to the right."""
    corners = (0.0, top), (width, top + drop), (width, top + drop + height), (0.0, top + height)
    return RecognizedWord(corners, text, 0.99)


def size_of(which: int, *words: RecognizedWord) -> float:
    """Return the size of the type of one of these words."""
    return next(one.size for one in lines_of_words(words, 0) if one.text == words[which].text)


def tells(count: int) -> bool:
    """Whether so many characters tell the size of their type, more than the height of their box does."""
    return size_of(0, word(han(count), 0, 12.0 * count)) == 12.0


def of_one_size(size: float) -> bool:
    """Whether a line that measures this is of ten points as the lines around it are."""
    lines = [word(han(9), 100.0 * k, 90) for k in range(1, 4)]
    return size_of(0, word(han(10), 0, 10 * size), *lines) == BODY


def wide(digits: int, height: float = BODY, others: int = 9) -> bool:
    """Whether a line with so many digits that measures twelve points is of ten as the lines around it are."""
    lines = [word(han(9), 100.0 * k, 90) for k in range(1, 4)]
    text = han(others) + "1" * digits
    return size_of(0, word(text, 0, 12 * (others + digits / 2), height), *lines) == BODY


def trimmed(gap: float, fall: float = 0.0) -> bool:
    """Whether a line ends with its characters, the next column so far behind its box and so much lower."""
    lines = [word(han(9), 100.0 * k, 90) for k in range(2, 5)]
    box = word(han(9), 0, 98)
    x0, top = 98 + gap, fall
    beside = RecognizedWord(
        ((x0, top), (x0 + 90, top), (x0 + 90, top + BODY), (x0, top + BODY)), han(8), 0.99
    )
    found = lines_of_words([box, beside, *lines], 0)
    return min(found, key=lambda one: (one.box.x0, one.base)).box.x1 == pytest.approx(90)


def like_the_line(height: float, below: float = 12.0) -> bool:
    """Whether a short line in a box of this height is of ten points as a line so far below it is."""
    return size_of(0, word("山", 100, 10, height), word(han(9), 100 + below, 90)) == BODY


def covered(end: float) -> bool:
    """Whether a glyph with its middle at 65 is of a recognized word that ends there."""
    corners = (40.0, 91.0), (end, 91.0), (end, 101.0), (40.0, 101.0)
    return bool(picture_witness._within([glyph("山", 60)], RecognizedWord(corners, "山水田", 0.97)))


EDGES: Edges = {
    "picture_witness SLACK": (covered, (61.6,), (61.4,)),
    "forms PADDING": (fits, (54.0,), (53.0,)),
    "forms LEADING": (fits_below, (24.0,), (23.5,)),
    "forms FIRST_LINE": (beside, (14.9,), (15.1,)),
    "recognition MIN_TELLING_WIDTH": (tells, (6,), (5,)),
    "recognition SAME_SIZE": (of_one_size, (11.4,), (11.6,)),
    "recognition SMALLER": (of_one_size, (9.1,), (8.9,)),
    "recognition MIN_HALF_SHARE": (wide, (2,), (1,)),
    "recognition MIN_HALF_SHARE, from below": (wide, (2,), (2, BODY, 10)),
    "recognition SAME_HEIGHT": (wide, (2, 11.9), (2, 12.1)),
    "recognition NEXT_COLUMN": (trimmed, (10.9,), (11.1,)),
    "recognition SAME_ROW": (trimmed, (5.0, 5.9), (5.0, 6.1)),
    "recognition SIZE_OF_HEIGHT, MAX_BOX_ERROR": (like_the_line, (7.9,), (7.7,)),
    "recognition MAX_LINE_GAP": (like_the_line, (10.0, 23.7), (10.0, 23.8)),
    "recognition STEEPEST": (
        lambda drop: recognition.skew_of([word(han(9), 0, 100, drop=drop)]),
        (20.2,),
        (20.4,),
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
