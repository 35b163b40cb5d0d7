"""Read what people filled in a form: the values of its fields, set as type where a reader sees the fields.

A value is taken as it was typed. The picture that a file has of it serves worse: some files have none and
leave it to the viewer, and in others its fonts do not tell the characters.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple
from unicodedata import category

from etl.read.pdf.page import ASCENT, DESCENT, USUAL_SIZE, Box, Glyph, printed_width

TICK = "✓"  # stands in a box that is ticked
PADDING = 2.0  # points between the left edge of a field and its type
LEADING = 1.2  # of the size: from one base line to the next
SEEN = 1.0  # points: smaller fields are not seen, nor would type be
FIRST_LINE = 1.5  # of the size: how much of a field of several lines its first one takes
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Cn"))  # categories of characters that are not printed
UTF16_BYTES = 2


class FormField(NamedTuple):
    """A field that is filled in.

    Attributes:
        text: its value.
        corners: its left, bottom, right and top in coordinates of the file.
        multiline: whether its value begins at its upper edge.
    """

    text: str
    corners: tuple[float, float, float, float]
    multiline: bool = False


def open_form(document: Any) -> None:  # noqa: ANN401 - pypdfium2 has no types
    """Let pages that are loaded from now on tell their fields; pdfium gets nothing to run scripts with."""
    from pypdfium2 import PdfFormEnv, raw  # noqa: PLC0415 - this import loads a library

    if document.get_formtype() == raw.FORMTYPE_NONE:
        return
    config = raw.FPDF_FORMFILLINFO(version=2)
    if form := raw.FPDFDOC_InitFormFillEnvironment(document.raw, config):
        document.formenv = PdfFormEnv(form, config)


def filled_lines(
    page: Any,  # noqa: ANN401 - as above
    place: Callable[..., Box],
    whole: Box,
    printed: Sequence[Glyph],
    most: int,
) -> Iterator[list[Glyph]]:
    """Yield the lines of the fields of a page, but for values that the page itself has printed there.

    ``place`` takes corners in coordinates of the file to the page as a reader holds it, which is ``whole``;
    ``most`` is how many annotations are looked at.
    """
    usual = median(one.size for one in printed) if printed else USUAL_SIZE
    for field in _fields(page, most):
        placed = place(*field.corners)
        box = Box(*map(max, placed[:2], whole[:2]), *map(min, placed[2:], whole[2:]))
        if min(box.width, box.height) < SEEN:
            continue
        within = "".join(one.text for one in printed if box.holds((one.x0 + one.x1) / 2, one.base))
        if "".join(field.text.split()) != within:
            yield from set_field(field, box, printed, usual)


def _fields(page: Any, most: int) -> Iterator[FormField]:  # noqa: ANN401 - as above
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    for k in range(min(most, raw.FPDFPage_GetAnnotCount(page.raw))):
        if not (note := raw.FPDFPage_GetAnnot(page.raw, k)):
            continue
        try:
            if found := _field(raw, page.formenv.raw, note):
                yield found
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _field(raw: Any, form: Any, note: Any) -> FormField | None:  # noqa: ANN401 - as above
    """Return the field that an annotation shows; None where it shows none, or nothing is filled in."""
    unseen = raw.FPDFAnnot_GetFlags(note) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW)
    if unseen or raw.FPDFAnnot_GetSubtype(note) != raw.FPDF_ANNOT_WIDGET:
        return None
    text, rect = _value(raw, form, note), raw.FS_RECTF()
    if not text.strip() or not raw.FPDFAnnot_GetRect(note, rect):
        return None
    flags = raw.FPDFAnnot_GetFormFieldFlags(form, note)
    return FormField(
        text,
        (rect.left, rect.bottom, rect.right, rect.top),
        bool(flags & raw.FPDF_FORMFLAG_TEXT_MULTILINE),
    )


def _value(raw: Any, form: Any, note: Any) -> str:  # noqa: ANN401 - as above
    """Return what is filled in; "" for buttons, passwords and signatures, which are no text."""
    kind, flags = raw.FPDFAnnot_GetFormFieldType(form, note), raw.FPDFAnnot_GetFormFieldFlags(form, note)
    secret = flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return TICK if raw.FPDFAnnot_IsChecked(form, note) else ""
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        options = range(raw.FPDFAnnot_GetOptionCount(form, note))
        chosen = [k for k in options if raw.FPDFAnnot_IsOptionSelected(form, note, k)]
        if chosen:
            return "、".join(_string(raw.FPDFAnnot_GetOptionLabel, form, note, k) for k in chosen)
    elif kind != raw.FPDF_FORMFIELD_TEXTFIELD or secret:
        return ""
    return _string(raw.FPDFAnnot_GetFormFieldValue, form, note)


def _string(call: Callable[..., int], *asked: Any) -> str:  # noqa: ANN401 - as above
    """Call a function of pdfium that fills a buffer with UTF-16; return its string."""
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    size = call(*asked, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // UTF16_BYTES))()
    call(*asked, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def set_field(field: FormField, box: Box, printed: Sequence[Glyph], usual: float) -> Iterator[list[Glyph]]:
    """Yield each line of a field's value as it was typed, set like the type beside it.

    A long one becomes narrow instead of two lines, which nothing would have to join again.
    """
    text = field.text if field.multiline else " ".join(field.text.splitlines())
    lines = [line for line in text.splitlines() if not line.isspace()]
    first = box._replace(bottom=min(box.bottom, box.top + FIRST_LINE * usual)) if field.multiline else box
    level = [one for one in printed if first.top <= one.base <= first.bottom]
    size, font, base = usual, "", (first.top + first.bottom + (ASCENT - DESCENT) * usual) / 2
    if level:
        near = min(level, key=lambda one: max(box.x0 - one.x1, one.x0 - box.x1))
        size, font, base = near.size, near.font, near.base
    if len(lines) > 1:
        size = max(SEEN, min(size, box.height / len(lines) / LEADING))
    for k, line in enumerate(lines):
        if glyphs := list(_set_line(line, box, (base + k * LEADING * size, size, font))):
            yield glyphs


def _set_line(line: str, box: Box, how: tuple[float, float, str]) -> Iterator[Glyph]:
    """Set a line into its box; ``how`` is its base line, size and font."""
    base, size, font = how
    widths = [printed_width(sign) for sign in line]
    em = min(size, max(size, box.width - 2 * PADDING) / max(1.0, sum(widths)))
    x, spaced = box.x0 + PADDING, False
    for sign, width in zip(line, widths, strict=True):
        if category(sign) not in UNSEEN and not sign.isspace():
            yield Glyph(sign, x, x + width * em, base, size, font, spaced)
        x, spaced = x + width * em, sign.isspace()
