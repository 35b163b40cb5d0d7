"""Hold what a page is read into: glyphs, strokes and pictures as drawn, then cells and lines of type.

All places are in points from the upper left corner of the page as a reader holds it. A new thing that can
stand on a page is one more field of `PdfPage`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

# Whether the font of a glyph tells its character; if not, whether a witness does.
Telling = Literal["told", "witnessed", "untold"]
Role = Literal["body", "furniture", "note", "caption", "label", "table"]
# Of the size: how far type reaches above and below its base line, as in most fonts of Chinese.
ASCENT, DESCENT = 0.88, 0.12
WIDE_FROM = "\u2e80"  # characters of Chinese begin here
USUAL_SIZE = 10.0  # points: of type that nothing tells the size of
# Of the size of the text: type of notes, captions and labels is smaller. Between what a font rounds and one
# step of sizes of type (10.5 to 9 points).
SMALL_TYPE = 0.95
FRAME_SLACK = 2.0  # points: how far a thing may reach over the frame that holds it, for its line has a width
MIN_RULE_ASPECT = 8.0  # lengths to heights: a rectangle that is shorter is a bar or a field, and no rule


def printed_width(text: str) -> float:
    """Return how wide a text is printed, in sizes of its type: Chinese is as wide as high, others half."""
    return sum(1.0 if sign >= WIDE_FROM else 0.5 for sign in text)


class Box(NamedTuple):
    """A rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def is_level_rule(self) -> bool:
        """Whether it is long and thin enough for a rule from left to right."""
        return self.width > MIN_RULE_ASPECT * self.height

    def holds(self, x: float, y: float) -> bool:
        """Check whether a point lies in it."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def grown(self, by: float) -> "Box":
        """Return the box grown by so much on each side."""
        return Box(self.x0 - by, self.top - by, self.x1 + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        """Check whether the two share a point."""
        return (
            self.x0 <= other.x1
            and other.x0 <= self.x1
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest rectangle that holds all of these."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def centre(box: Box) -> tuple[float, float]:
    """Return the middle of a rectangle."""
    return (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2


class Glyph(NamedTuple):
    """A character as it is printed.

    Attributes:
        text: the character; a blank is none.
        x0, x1: from where to where the next one may stand.
        base: the height of its base line.
        size: of its type.
        font: a name that only says which ones are the same.
        spaced: a blank was printed before it.
        confidence: that its text is right, 0 to 1; 0 where it is only the code of the character.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    spaced: bool
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A stretch of type on one base line; first one between gaps, later a line of its column.

    Attributes:
        text: as it is read.
        box: where it stands.
        base: the height of its base line.
        size: of most of its characters.
        font: of most of its characters.
        page: number of its page, from 0.
        role: what it is.
        cells: the stretches between wide gaps that it was put together from.
        broken: a word was divided at its end.
        whole: a paragraph ends with it for sure, as with what is filled in a form.
        vertical: it runs from top to bottom; its places are those of a turned page, see `PdfPage.across`.
        inked: its box ends with its ink, also behind a closing mark, half of whose place is blank.
        confidence: that its characters are right, 0 to 1; 1 for a text layer whose fonts tell them.
    """

    text: str
    box: Box
    base: float
    size: float
    font: str
    page: int
    role: Role = "body"
    cells: tuple["TypeLine", ...] = ()
    broken: bool = False
    whole: bool = False
    vertical: bool = False
    inked: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page.

    Attributes:
        number: from 0.
        width, height: of the page.
        lines: its type between gaps, from top to bottom.
        strokes: rules and thin rectangles, level or upright.
        fills: rectangles that are filled and no rules.
        pictures: images and drawings.
        upright: it has as many lines as a page has; else they are in the order of their places.
        ocr: its text was read from its picture.
        pictured: how many characters of its text layer were read from its picture.
        fonts: how many characters of each font are told, and how, see `quality.count_telling`.
        across: of a page whose type runs from top to bottom the lines from left to right, on the page as a
            reader holds it; the page itself is then turned: held a quarter against the clock.
        crossing: of such a page, and of `across`, the lines of the other direction in its own places.
        turned: how it is read where other pages of the document run from top to bottom, and it may, too.
    """

    number: int
    width: float
    height: float
    lines: tuple[TypeLine, ...]
    strokes: tuple[Box, ...] = ()
    fills: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()
    upright: bool = True
    ocr: bool = False
    pictured: int = 0
    fonts: Mapping[tuple[str, Telling], int] = field(default_factory=dict)
    across: "PdfPage | None" = None
    crossing: tuple[TypeLine, ...] = ()
    turned: "PdfPage | None" = None

    @property
    def all_lines(self) -> tuple[TypeLine, ...]:
        """Its lines in both directions."""
        return self.lines + self.across.lines if self.across else self.lines


@dataclass(frozen=True, slots=True)
class LayoutItem:
    """A line of type, or a float with its lines as a solid box."""

    box: Box
    size: float
    lines: tuple[TypeLine, ...]
    solid: bool = False

    @property
    def text(self) -> str:
        """The text of all lines, with a blank between them."""
        return " ".join(line.text for line in self.lines)
