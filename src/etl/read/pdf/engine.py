"""Open a PDF with pdfium, and take from a page what is drawn there: glyphs, rules, fills and pictures.

It decides nothing about the text; a property of a character is read in `_printed`, passed on by `_glyphs`.
Where pdfium cannot tell a character, `witness` is asked.
"""

import ctypes
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from unicodedata import bidirectional

from etl.model.errors import RejectError, brief
from etl.read.limits import Limits
from etl.read.pdf.drawings import find_objects
from etl.read.pdf.forms import filled_lines, open_form
from etl.read.pdf.page import FRAME_SLACK, Box, Glyph
from etl.read.pdf.recognition import Picture
from etl.read.pdf.witness import CERTAINTY, NOTHING, Signs, Witness, is_plausible

LARGEST = 2_000.0  # points; larger type is a fault of the file
# Of the size: a character printed twice, for a bold, stands nearer than DOUBLED_REACH. It is looked for in
# squares of DOUBLED_STEP, at least LEAST_STEP points, which must be no less than the reach.
DOUBLED_REACH, DOUBLED_STEP, LEAST_STEP = 0.25, 0.5, 2.0
PAGE_SLACK = 1.0  # points: how far beyond the edge of a page type may stand
THINNEST = 0.01  # points: of a character that has no width
LONGEST_NAME = 128  # bytes of a font's name
HYPHEN, DIVIDED = "\x02", "\xad"
# Two codes of UTF-16 that are one character, the first of which is BEYOND.
HIGH, LOW, BEYOND = range(0xD800, 0xDC00), range(0xDC00, 0xE000), 0x10000
NO_CODE = "\0"
UNTOLD = "\ufffd"  # stands for a character of which nothing is known
TO_THE_LEFT = frozenset(("R", "AL"))  # classes of characters
UNSEEN = frozenset("\x00\ufffe\uffff\u200b\u200c\u200d\u2060\ufeff")
PASSWORD, SCHEME = 4, 5  # what pdfium answers where a password is asked for, and to other locks
HALF_AROUND, QUARTER_BACK = 2, 3  # quarters against the clock
# Of a picture of a page: dots an inch, points an inch, dots at most.
DOTS, POINTS, MOST_PIXELS = 200.0, 72.0, 40_000_000


@dataclass(frozen=True, slots=True)
class PageDrawing:
    """What is drawn on a page, in points as the reader sees the page.

    Attributes:
        width, height: of the page, in points.
        glyphs: characters in the order of the file, only those that run in the page's main direction.
        sideways: those turned a quarter by the clock, as letters of a line from top to bottom are; their
            places are those of the page held a quarter against the clock.
        fields: the lines of type that people filled in, each by itself.
        strokes, fills, pictures: see `PdfPage`.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Box, ...]
    fills: tuple[Box, ...]
    pictures: tuple[Box, ...]
    sideways: tuple[Glyph, ...] = ()
    fields: tuple[list[Glyph], ...] = ()


class _Printed(NamedTuple):
    """A character with its box in coordinates of the file, and the direction in which it runs.

    Its confidence is 0 where its font does not tell it: its text is then its code.
    """

    text: str
    corners: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    font: str
    turn: int
    spaced: bool
    confidence: float = 1.0


def open_document(payload: bytes) -> Any:  # noqa: ANN401 - pypdfium2 has no types
    """Open a document to be read page by page; the caller closes it.

    Raises:
        RejectError: ``encrypted`` where it needs a password or a licence, ``pdf`` where it is broken.
    """
    # Here, because this import loads a library that other formats do not need.
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415

    try:
        document = PdfDocument(payload)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD or "password" in str(error).lower():
            message = "found a PDF that asks for a password, expected an open one; save it without password"
            raise RejectError("read", "encrypted", message) from error
        if getattr(error, "err_code", None) == SCHEME:
            message = "found a PDF that a certificate or rights service locks, expected an open one"
            raise RejectError("read", "encrypted", f"{message}; save it without that lock") from error
        raise fault_error(brief(error)) from error
    open_form(document)
    return document


def gray_picture(document: Any, number: int) -> Picture:  # noqa: ANN401 - as above
    """Draw a page in grays, at 200 dots an inch or as many as `MOST_PIXELS` allow."""
    page = document[number]
    try:
        width, height = page.get_size()
        dots = min(DOTS, (MOST_PIXELS / max(1.0, width * height)) ** 0.5 * POINTS)
        bitmap = page.render(scale=dots / POINTS, grayscale=True)
        grays = bitmap.to_numpy()
        pixels = grays.reshape(grays.shape[0], -1)[:, : bitmap.width].tobytes()
        return Picture(number, bitmap.width, bitmap.height, pixels, POINTS / dots)
    finally:
        page.close()


def fault_error(what: str) -> RejectError:
    """Return the error for a file that is broken, with the fault that was found."""
    message = f"found a PDF with a fault ({what}), expected a sound one; print it to PDF again"
    return RejectError("read", "pdf", message)


def limit_error(found: str, allowed: str) -> RejectError:
    """Return the error for a file that passes a limit, with the setting of the limit."""
    again = "raise it and run `etl quarantine retry --reason 'pdf limit'`"
    return RejectError("read", "pdf limit", f"found a PDF with {found}, expected at most {allowed}; {again}")


def read_drawing(
    document: Any,  # noqa: ANN401 - as above
    number: int,
    limits: Limits,
    witness: Witness | None = None,
) -> PageDrawing | None:
    """Read what is drawn on a page, ``number`` from 0; None where the page cannot be loaded.

    ``witness`` is asked for characters that their fonts do not tell.

    Raises:
        RejectError: ``pdf limit`` where it has too many characters.
    """
    from pypdfium2 import PdfiumError  # noqa: PLC0415

    try:
        page = document[number]
    except PdfiumError:
        return None
    try:
        return _drawn(page, limits, lambda: witness.signs(number) if witness else NOTHING)
    except PdfiumError:
        return None
    finally:
        page.close()


def _drawn(
    page: Any,  # noqa: ANN401 - as above
    limits: Limits,
    signs: Callable[[], Signs],
) -> PageDrawing:
    text = page.get_textpage()
    try:
        _check_count(text.count_chars(), limits)
        printed = list(_printed(text))
    finally:
        text.close()
    if not all(one.confidence for one in printed):
        printed = list(_told(printed, signs()))
    left, bottom, right, top = page.get_bbox()
    turn = (page.get_rotation() // 90) % 4
    main = _main_turn(printed, turn)
    place = _Placing((left, bottom, right, top), main)
    width, height = (right - left, top - bottom) if place.level else (top - bottom, right - left)
    glyphs = tuple(_glyphs(printed, place, Box(0, 0, width, height)))
    sideways = _Placing(place.area, (main + QUARTER_BACK) % 4)
    whole, found = Box(0, 0, width, height), find_objects(page, limits.drawings)
    strokes, fills, pictures = (
        _placed(boxes, place, whole) for boxes in (found.strokes, found.fills, found.pictures)
    )
    fields: tuple[list[Glyph], ...] = ()
    if page.formenv and (glyphs or not pictures):  # else a scan, whose picture shows its fields
        fields = tuple(filled_lines(page, place.box, whole, glyphs, limits.drawings))
        _check_count(len(printed) + sum(map(len, fields)), limits)
    turned = tuple(_glyphs(printed, sideways, Box(0, 0, height, width)))
    return PageDrawing(width, height, glyphs, strokes, fills, pictures, turned, fields)


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.signs:
        raise limit_error(f"{count} characters on a page", f"{limits.signs} (setting pdf.max_characters)")


def _printed(text: Any) -> Iterator[_Printed]:  # noqa: ANN401 - as above
    """Yield the characters of a page in the order of the file, without blanks that pdfium generated."""
    from pypdfium2 import raw  # noqa: PLC0415

    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    handle, known = text.raw, dict[int, str]()
    size, font, turn, last = 0.0, "", 0, None
    for k, sign, spaced, told in _signs(text, raw):
        owner = ctypes.cast(raw.FPDFText_GetTextObject(handle, k), ctypes.c_void_p).value
        if owner != last:
            last = owner
            raw.FPDFText_GetMatrix(handle, k, matrix)
            size, turn = _size_and_turn(matrix, raw.FPDFText_GetFontSize(handle, k))
            font = _font(raw, handle, k, known)
        raw.FPDFText_GetCharOrigin(handle, k, x, y)
        raw.FPDFText_GetLooseCharBox(handle, k, rect)
        box, origin = (rect.left, rect.bottom, rect.right, rect.top), (x.value, y.value)
        yield _Printed(sign, box, origin, size, font, turn, spaced, float(told))


def _signs(text: Any, raw: Any) -> Iterator[tuple[int, str, bool, bool]]:  # noqa: ANN401 - as above
    """Yield each printed character with its index, and whether a blank is before it and its font tells it."""
    spaced = False
    for k, sign in _codes(text, raw):
        if raw.FPDFText_IsGenerated(text.raw, k) == 1:
            continue
        told = raw.FPDFText_HasUnicodeMapError(text.raw, k) != 1
        if not told and sign != NO_CODE:  # its code may look like anything, even a blank
            sign = UNTOLD if sign in UNSEEN or sign == HYPHEN or sign.isspace() else sign  # noqa: PLW2901
        elif sign in UNSEEN:
            continue
        if not sign.isspace():
            yield k, sign, spaced, told
        spaced = sign.isspace()


def _codes(text: Any, raw: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - as above
    """Yield all characters with their index; one beyond U+FFFF is two codes for pdfium."""
    count, k = text.count_chars(), 0
    while k < count:
        code = raw.FPDFText_GetUnicode(text.raw, k)
        low = raw.FPDFText_GetUnicode(text.raw, k + 1) if code in HIGH and k + 1 < count else 0
        if low in LOW:
            yield k, chr(BEYOND + (code - HIGH.start) * len(LOW) + low - LOW.start)
        else:
            yield k, UNTOLD if code in HIGH or code in LOW or code > sys.maxunicode else chr(code)
        k += 2 if low in LOW else 1


def _told(printed: list[_Printed], signs: Signs) -> Iterator[_Printed]:
    """Yield the characters, those of fonts that do not tell all of theirs as the second engine reads them."""
    fonts, spaced = {one.font for one in printed if not one.confidence}, False
    for one in printed:
        given = _doubted(one) if one.font in fonts else one
        found = signs.at(*one.origin, one.size) if one.font in fonts else None
        spaced = spaced or one.spaced
        if found is None or not is_plausible(found, one.text, _printed_width(one)):
            yield given._replace(spaced=spaced)
            spaced = False
        elif found.isspace():
            spaced = True
        else:
            yield given._replace(text=found, confidence=CERTAINTY, spaced=spaced)
            spaced = False


def _doubted(one: _Printed) -> _Printed:
    """Return a character of a broken font; pdfium forgets that a code is none where it runs to the left."""
    return one._replace(confidence=0.0) if bidirectional(one.text[0]) in TO_THE_LEFT else one


def _printed_width(one: _Printed) -> float:
    """Return how wide a character is along its line, in sizes of its type."""
    left, bottom, right, top = one.corners
    return (top - bottom if one.turn % 2 else right - left) / one.size


def _size_and_turn(matrix: Any, size: float) -> tuple[float, int]:  # noqa: ANN401 - as above
    """Return the size as printed (points), and by how many quarters the type is turned anticlockwise."""
    scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    level, upright = (0 if matrix.a >= 0 else 2), (1 if matrix.b > 0 else 3)
    turn = level if abs(matrix.a) >= abs(matrix.b) else upright
    return max(1.0, abs(size) * scale), turn


def _font(raw: Any, handle: Any, k: int, known: dict[int, str]) -> str:  # noqa: ANN401 - as above
    """Return the name of a character's font, cached in ``known``; "" where it has none."""
    owner = raw.FPDFText_GetTextObject(handle, k)
    font = raw.FPDFTextObj_GetFont(owner) if owner else None
    key = ctypes.cast(font, ctypes.c_void_p).value if font else None
    if key is None:
        return ""
    if key not in known:
        buffer = ctypes.create_string_buffer(LONGEST_NAME)
        raw.FPDFFont_GetBaseFontName(font, buffer, LONGEST_NAME)
        known[key] = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
    return known[key]


def _main_turn(printed: list[_Printed], page_turn: int) -> int:
    """Return the quarter in which most characters of a page run; that of the page where it has none."""
    counts = [0, 0, 0, 0]
    for one in printed:
        counts[one.turn] += 1
    return counts.index(max(counts)) if printed else page_turn


@dataclass(frozen=True, slots=True)
class _Placing:
    """The map from coordinates of the file to those of the reader, for type turned by `turn` quarters."""

    area: tuple[float, float, float, float]
    turn: int

    @property
    def level(self) -> bool:
        return self.turn % 2 == 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.area
        if self.turn == 0:
            return x - left, top - y
        if self.turn == 1:
            return y - bottom, x - left
        if self.turn == HALF_AROUND:
            return right - x, y - bottom
        return top - y, right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _glyphs(printed: list[_Printed], place: _Placing, page: Box) -> Iterator[Glyph]:
    """Yield the characters that the placing puts upright and that lie within the page, each once."""
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for one in printed:
        if one.turn != place.turn:
            continue
        box, (x, base) = place.box(*one.corners), place.point(*one.origin)
        if one.size > LARGEST or not page.grown(PAGE_SLACK).holds((box.x0 + box.x1) / 2, base):
            continue
        if _twice(seen, one, (x, base)):
            continue
        sign = DIVIDED if one.text == HYPHEN else one.text
        yield Glyph(
            sign, box.x0, max(box.x1, box.x0 + THINNEST), base, one.size, one.font, one.spaced, one.confidence
        )


def _twice(
    seen: dict[tuple[str, int, int], list[tuple[float, float]]], one: _Printed, at: tuple[float, float]
) -> bool:
    """Check whether a character was printed at this place before, as for a bold; else note it in ``seen``."""
    step, reach = max(LEAST_STEP, DOUBLED_STEP * one.size), DOUBLED_REACH * one.size
    column, row = int(at[0] / step), int(at[1] / step)
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            for before in seen.get((one.text, x, y), ()):
                if abs(before[0] - at[0]) < reach and abs(before[1] - at[1]) < reach:
                    return True
    seen.setdefault((one.text, column, row), []).append(at)
    return False


def _placed(boxes: list[Box], place: _Placing, whole: Box) -> tuple[Box, ...]:
    """Return boxes of the file in the reader's coordinates, only those within the page."""
    found = (place.box(*box) for box in boxes)
    return tuple(box for box in found if whole.grown(FRAME_SLACK).meets(box))
