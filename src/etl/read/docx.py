"""Read DOCX: paragraphs, tables and text boxes in the order of the document.

Walks the XML below python-docx, which leaves out text boxes and content controls. A new element
that means text is one entry in `INLINE_TEXT`.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from etl.damage import FAULTS
from etl.model.errors import RejectError, brief
from etl.model.report import Encoding, Mark, RawReport, Reading
from etl.read.blocks import MarkedLine, MarkedText, reading_of, set_headings

# A real report of 300 pages unpacks to 20 MB; images do not count, they hardly pack.
MAX_UNPACKED = 300_000_000
MAX_MEMBERS = 10_000
MAX_RATIO = 200
# Below this a high ratio is harmless: styles and empty tables pack well.
RATIO_FROM = 5_000_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Elements that stand for a character. A break of type page is a form feed, see `_inline`.
INLINE_TEXT = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
# Not part of what a reader sees: text that was struck by a revision, and the second drawing of a text box.
UNSEEN = {W + "del", W + "moveFrom", FALLBACK}


def read_docx(raw: RawReport) -> Reading:
    r"""Return the text of a Word document, its paragraphs separated by ``\n\n``, cells of a row by a tab.

    Raises:
        RejectError: ``docx`` when the file is broken or passes a limit, ``blank`` without text.
    """
    _check_limits(raw.payload)
    body, styles = _body(raw.payload)
    blocks = [(mark, text) for mark, text in _blocks(body, styles) if text.strip()]
    lines = [line for mark, text in blocks for line in (MarkedLine(""), *_lines(text, mark))][1:]
    return reading_of(MarkedText(set_headings(lines)), Encoding("utf-8", 1.0))


def _lines(text: str, mark: Mark | None) -> Iterator[MarkedLine]:
    """Yield the lines of a paragraph; a line break within it leaves open whether the paragraph goes on."""
    lines = text.split("\n")
    for k, line in enumerate(lines):
        yield MarkedLine(line, mark, begins=k == 0, ends=k == len(lines) - 1)


def _check_limits(payload: bytes) -> None:
    """Refuse a zip bomb by the sizes that its directory declares; zipfile reads no more than these."""
    try:
        with zipfile.ZipFile(BytesIO(payload)) as archive:
            members = archive.infolist()
    except FAULTS as error:
        raise _broken(f"damaged archive: {brief(error)}") from error
    unpacked = sum(member.file_size for member in members)
    worst = max((_ratio(member) for member in members), default=0)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or worst > MAX_RATIO:
        raise _broken(
            f"it holds {len(members)} members, {unpacked} bytes unpacked, packed up to {worst} times; "
            f"allowed are {MAX_MEMBERS}, {MAX_UNPACKED} and {MAX_RATIO}"
        )


def _ratio(member: zipfile.ZipInfo) -> int:
    return member.file_size // max(1, member.compress_size) if member.file_size > RATIO_FROM else 0


def _body(payload: bytes) -> tuple[Any, dict[str, str]]:
    """Return the body element of the document, and its style names by id; XML entities stay unresolved."""
    # Here, because these imports cost more than reading a hundred plain texts.
    from docx import Document  # noqa: PLC0415
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        document = Document(BytesIO(payload))
        body, styles = document.element.body, document.styles.element
    except (OpcError, LxmlError, *FAULTS) as error:
        raise _broken(f"{type(error).__name__}: {brief(error)}") from error
    if body is None:
        raise _broken("it has no body")
    return body, dict(_names(styles))


def _names(styles: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml elements have no types
    """Yield id and name of each style; names are in English whatever the document's language."""
    for style in styles.iter(W + "style"):
        name = style.find(W + "name")
        if name is not None:
            yield style.get(W + "styleId", ""), name.get(W + "val", "").lower()


def _mark(paragraph: Any, styles: dict[str, str]) -> Mark | None:  # noqa: ANN401 - lxml elements have no types
    """Return the mark that the style or list setting of a paragraph gives it; None for running text."""
    settings = paragraph.find(W + "pPr")
    if settings is None:
        return None
    style = settings.find(W + "pStyle")
    name = styles.get(style.get(W + "val", ""), "") if style is not None else ""
    if name == "title":
        return "title"
    if name.startswith("heading "):
        return "heading"
    return "item" if settings.find(W + "numPr") is not None or name.startswith("list ") else None


def _blocks(element: Any, styles: dict[str, str]) -> Iterator[tuple[Mark | None, str]]:  # noqa: ANN401 - as above
    """Yield mark and text of paragraphs and table rows below an element, in document order."""
    for child in element:
        if child.tag in UNSEEN:
            continue
        if child.tag == W + "p":
            yield from _paragraph(child, styles)
        elif child.tag == W + "tr":
            cells = (cell for cell in child.iter(W + "tc") if _row(cell) is child)
            yield "row", "\t".join(" ".join(text for _, text in _blocks(cell, styles)) for cell in cells)
        else:
            yield from _blocks(child, styles)


def _row(cell: Any) -> Any:  # noqa: ANN401 - lxml elements have no types
    """Return the innermost row that holds a cell; a cell of a nested table has a nearer one."""
    return next(cell.iterancestors(W + "tr"), None)


def _paragraph(element: Any, styles: dict[str, str]) -> Iterator[tuple[Mark | None, str]]:  # noqa: ANN401 - as above
    """Yield mark and text of a paragraph, then those of the text boxes anchored in it."""
    boxes: list[Any] = []
    yield _mark(element, styles), "".join(_inline(element, boxes))
    for box in boxes:
        yield from _blocks(box, styles)


def _inline(element: Any, boxes: list[Any]) -> Iterator[str]:  # noqa: ANN401 - lxml elements have no types
    for child in element:
        if child.tag in UNSEEN:
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag == W + "br" and child.get(W + "type") == "page":
            yield "\f"
        elif child.tag in INLINE_TEXT:
            yield INLINE_TEXT[child.tag]
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        elif child.tag != W + "pPr":  # its tabs are tab stops, not characters
            yield from _inline(child, boxes)


def _broken(what: str) -> RejectError:
    message = f"found a DOCX with a fault ({what}), expected a sound one; save it again in Word or WPS"
    return RejectError("read", "docx", message)
