"""Ask a second engine, pdf-oxide, for characters that pdfium cannot tell from the map of their font.

pdfium then gives the code of the glyph, as if it were a character. The second engine reads more maps, such as
those with ranges of codes that cross a multiple of 256, and, where there is none, the table within the font.
It is asked for places, since what it takes for lines does not matter.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from unicodedata import category, normalize

from etl.read.pdf.quality import is_strange

# That its character is right. It agrees with pdfium on 18,343 of 18,346 characters of sound fonts, two of the
# others being hyphens; where maps are broken there is nothing to compare with.
CERTAINTY = 0.99
REACH = 0.1  # of the size: how far from a glyph the second engine may see it
STEP = 2.0  # points: places are looked up in squares of this size
TOO_WIDE = 0.9  # of the size: no letter or digit of ASCII but M, W and the like is as wide
ALSO_WIDE = frozenset("MWmw")
PANIC = "PanicException"  # what the engine raises where it breaks down; it has no module to import this from
UNPRINTED = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))  # categories that no glyph of a text stands for


@dataclass(frozen=True, slots=True)
class Sign:
    """A character as the second engine reads it, at its origin in coordinates of the file."""

    text: str
    x: float
    y: float


class Signs:
    """The characters of a page, to be looked up by place."""

    def __init__(self, signs: list[Sign]) -> None:
        self._squares: dict[tuple[int, int], list[Sign]] = defaultdict(list)
        for sign in signs:
            self._squares[_square(sign.x, sign.y)].append(sign)

    def at(self, x: float, y: float, size: float) -> str | None:
        """Return the character at a place; None where there is none, or several differ."""
        reach, (column, row) = min(STEP, REACH * size), _square(x, y)
        near = {
            sign.text
            for k in range(column - 1, column + 2)
            for j in range(row - 1, row + 2)
            for sign in self._squares.get((k, j), ())
            if abs(sign.x - x) <= reach and abs(sign.y - y) <= reach
        }
        return near.pop() if len(near) == 1 else None


NOTHING = Signs([])


def _square(x: float, y: float) -> tuple[int, int]:
    return int(x // STEP), int(y // STEP)


class Witness:
    """The second engine with a document, which it opens when it is first asked.

    Attributes:
        spoiled: of the class: the engine broke down in this process, which spoils what it reads from then on.
    """

    spoiled = False

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._document: Any = None

    def signs(self, number: int) -> Signs:
        """Return the characters of a page, ``number`` from 0; `NOTHING` where the engine fails on it."""
        if Witness.spoiled:
            return NOTHING
        try:
            return Signs([Sign(one.char, one.origin_x, one.origin_y) for one in self._read(number)])
        except (OSError, RuntimeError, ValueError):  # the file's fault
            return NOTHING
        except BaseException as error:
            if type(error).__name__ != PANIC:
                raise
            Witness.spoiled = True
            return NOTHING

    def _read(self, number: int) -> list[Any]:
        if self._document is None:
            # Here, because few files need it, and it is as large as pdfium.
            from pdf_oxide import PdfDocument, disable_logging  # noqa: PLC0415

            disable_logging()  # it tells of each fault of a file
            self._document = PdfDocument.from_bytes(self._payload)
        return list(self._document.extract_chars(number))


def is_plausible(text: str, code: str, width: float) -> bool:
    """Check whether a glyph may be this text: printed, not just its code again, and not too narrow.

    ``width`` is that of the glyph in sizes of its type.
    """
    if normalize("NFKC", text) == normalize("NFKC", code) or is_strange(text):
        return False
    if not text.isspace() and any(category(sign) in UNPRINTED for sign in text):
        return False
    return width < TOO_WIDE or not (text.isascii() and text.isalnum()) or text in ALSO_WIDE
