"""Read DOCX: paragraphs, tables and text boxes in the order of the document.

Walks the XML below python-docx, which leaves out text boxes, content controls, numbers of lists and notes. A
new element that means text is one entry in `INLINE_TEXT`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from etl.damage import FAULTS
from etl.model.errors import RejectError, brief
from etl.model.report import Encoding, Mark, RawReport, Reading
from etl.read.blocks import MarkedLine, MarkedText, reading_of, set_headings
from etl.read.docx_notes import REFERENCES, DocumentNotes
from etl.read.docx_numbers import OFF, ListNumbers, W
from etl.read.packed import archive_fault

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Elements that stand for a character. A break of type page is a form feed, see `_inline`.
INLINE_TEXT = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
# Not part of the text that a reader sees: what a revision struck, the second drawing of a text box, and the
# sounds above characters.
UNSEEN = {W + "del", W + "moveFrom", W + "rt", FALLBACK}
COLUMNS = frozenset(map(str, range(1, 64)))  # that a cell may span; Word has no more
PARTS = ("numbering", "footnotes", "endnotes", "settings")  # of a document, by the ends of their types


@dataclass(frozen=True, slots=True)
class _Document:
    """What the paragraphs of a document need beside them: style names by id, numbers of lists, notes."""

    styles: Mapping[str, str]
    numbers: ListNumbers
    notes: DocumentNotes


def read_docx(raw: RawReport) -> Reading:
    r"""Return the text of a Word document, its paragraphs separated by ``\n\n``, cells of a row by a tab.

    Raises:
        RejectError: ``docx`` when the file is broken or passes a limit, ``blank`` without text.
    """
    if fault := archive_fault(raw.payload):
        raise _broken(fault)
    body, document = _opened(raw.payload)
    blocks = [(mark, text) for mark, text in _noted(body, document) if text.strip()]
    lines = [line for mark, text in blocks for line in (MarkedLine(""), *_lines(text, mark))][1:]
    return reading_of(MarkedText(set_headings(lines)), Encoding("utf-8", 1.0))


def _lines(text: str, mark: Mark | None) -> Iterator[MarkedLine]:
    """Yield the lines of a paragraph; a line break within it leaves open whether the paragraph goes on."""
    lines = text.split("\n")
    for k, line in enumerate(lines):
        yield MarkedLine(line, mark, begins=k == 0, ends=k == len(lines) - 1)


def _opened(payload: bytes) -> tuple[Any, _Document]:
    """Return the body of a document and what goes with it; XML entities stay unresolved."""
    # Here, because these imports cost more than reading a hundred plain texts.
    from docx import Document  # noqa: PLC0415
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        document = Document(BytesIO(payload))
        body, styles = document.element.body, document.styles.element
        parts = dict(_parts(document.part))
    except (OpcError, LxmlError, *FAULTS) as error:
        raise _broken(f"{type(error).__name__}: {brief(error)}") from error
    if body is None:
        raise _broken("it has no body")
    notes = [parts[name] for name in ("footnotes", "endnotes") if name in parts]
    settings = [parts["settings"]] if "settings" in parts else []
    told = DocumentNotes(notes, (*settings, *body.iter(W + "sectPr")))
    return body, _Document(dict(_names(styles)), ListNumbers(parts.get("numbering"), styles), told)


def _parts(part: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - python-docx has no types
    """Yield name and root of the parts that a document has beside its text."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    for one in part.rels.values():
        name = one.reltype.rpartition("/")[2]
        if name in PARTS and not one.is_external:
            yield name, parse_xml(one.target_part.blob)


def _names(styles: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml elements have no types
    """Yield id and name of each style; names are in English whatever the document's language."""
    for style in styles.iter(W + "style"):
        name = style.find(W + "name")
        if name is not None:
            yield style.get(W + "styleId", ""), name.get(W + "val", "").lower()


def _mark(paragraph: Any, styles: Mapping[str, str]) -> Mark | None:  # noqa: ANN401 - lxml elements have no types
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


def _noted(body: Any, document: _Document) -> Iterator[tuple[Mark | None, str]]:  # noqa: ANN401 - as above
    """Yield mark and text of paragraphs, rows and, behind those that refer to them, notes."""
    for block in _blocks(body, document):
        yield block
        for sign, note in document.notes.waiting():
            for k, (_, text) in enumerate(_blocks(note, document)):
                yield "note", text if k else sign + text.lstrip()


def _blocks(element: Any, document: _Document) -> Iterator[tuple[Mark | None, str]]:  # noqa: ANN401 - as above
    """Yield mark and text of paragraphs and table rows below an element, in document order."""
    for child in element:
        if child.tag in UNSEEN:
            continue
        if child.tag == W + "p":
            yield from _paragraph(child, document)
        elif child.tag == W + "tr":
            cells = [cell for cell in child.iter(W + "tc") if _row(cell) is child]
            texts = [" ".join(text for _, text in _blocks(cell, document)) for cell in cells]
            if len(cells) > 1:
                texts = [text + "\t" * (_columns(cell) - 1) for cell, text in zip(cells, texts, strict=True)]
            yield "row", "\t".join(texts)
        else:
            yield from _blocks(child, document)


def _columns(cell: Any) -> int:  # noqa: ANN401 - as above
    """Return how many columns a cell spans."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "1" if span is None else span.get(W + "val", "1")
    return int(value) if value in COLUMNS else 1


def _row(cell: Any) -> Any:  # noqa: ANN401 - lxml elements have no types
    """Return the innermost row that holds a cell; a cell of a nested table has a nearer one."""
    return next(cell.iterancestors(W + "tr"), None)


def _paragraph(element: Any, document: _Document) -> Iterator[tuple[Mark | None, str]]:  # noqa: ANN401 - as above
    """Yield mark and text of a paragraph, then those of the text boxes anchored in it."""
    boxes: list[Any] = []
    label, text = document.numbers.label(element), "".join(_inline(element, boxes, document.notes))
    yield _mark(element, document.styles), label + text if text.strip() else text
    for box in boxes:
        yield from _blocks(box, document)


def _inline(element: Any, boxes: list[Any], notes: DocumentNotes) -> Iterator[str]:  # noqa: ANN401 - lxml elements have no types
    for child in element:
        if child.tag in UNSEEN or _is_hidden(child):
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag == W + "br" and child.get(W + "type") == "page":
            yield "\f"
        elif child.tag in INLINE_TEXT:
            yield INLINE_TEXT[child.tag]
        elif child.tag in REFERENCES:
            yield notes.refer(child)
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        elif child.tag != W + "pPr":  # its tabs are tab stops, not characters
            yield from _inline(child, boxes, notes)


def _is_hidden(element: Any) -> bool:  # noqa: ANN401 - as above
    """Check whether a run is hidden text, which Word neither shows nor prints."""
    hidden = element.find(f"{W}rPr/{W}vanish") if element.tag == W + "r" else None
    return hidden is not None and hidden.get(W + "val", "1") not in OFF


def _broken(what: str) -> RejectError:
    message = f"found a DOCX with a fault ({what}), expected a sound one; save it again in Word or WPS"
    return RejectError("read", "docx", message)
