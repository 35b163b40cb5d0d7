"""Refuse PDFs whose pages only stand for what a viewer shows instead: portfolios, and forms built by viewers.

Such pages say "Please wait" or "open this portfolio in"; they are the text of no report.
"""

import ctypes
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from etl.model.errors import RejectError

PLAIN = 3  # how pdfium saves: all objects anew, unlocked, with a table of their places at the end
COLLECTION = re.compile(rb"/Collection\b")
TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
ROOT = re.compile(rb"/Root (\d+) ")
END = re.compile(rb"endobj")
LAST = 100  # bytes of a file in which the place of its table is told
SECTION = re.compile(rb"\s*(\d+) (\d+)\s+")
ENTRY, DIGITS = 20, 10  # bytes of an object in the table, and those of its place
# The configuration of a form whose pages are built while it is viewed; PDF 1.6 says it nowhere else.
DYNAMIC = re.compile(rb"<dynamicRender>\s*required\s*<")
MOST_PACKETS, LONGEST_PACKET = 40, 20_000_000  # of a form: a form has some ten; bytes of one


def refuse_wrapper(document: Any) -> None:  # noqa: ANN401 - pypdfium2 has no types
    """Raise for a document whose content stands on none of its pages.

    Raises:
        RejectError: ``portfolio`` where it is the cover of attached files, ``xfa form`` where its viewer
            builds the pages.
    """
    count = document.count_attachments()
    if count > 0 and COLLECTION.search(_catalog(document)):
        what = f"found a PDF portfolio (a cover; attached files: {count}), expected a report"
        how = "nothing in it was read; save the files to a folder and load that"
        raise RejectError("read", "portfolio", f"{what}; {how}")
    if _is_built_by_viewer(document):
        what = "found a PDF form of the kind XFA, whose pages only its viewer builds, expected pages"
        how = "nothing in it was read; open it in Adobe Acrobat and print it to PDF"
        raise RejectError("read", "xfa form", f"{what}; {how}")


def _catalog(document: Any) -> bytes:  # noqa: ANN401 - as above
    """Return the catalog of a document as a file has it; b"" if none. Pdfium has no call that reads it."""
    from pypdfium2 import PdfiumError  # noqa: PLC0415 - this import loads a library

    out = BytesIO()
    try:
        document.save(out, flags=PLAIN)
    except PdfiumError:
        return b""
    data = out.getbuffer()  # no copy, for it holds the attached files
    table = TABLE.search(data, max(0, len(data) - LAST))
    root = ROOT.search(data, int(table[1])) if table else None
    if table is None or root is None:
        return b""
    at = _place(data, int(table[1]) + len(b"xref"), int(root[1]))
    end = END.search(data, at)
    return bytes(data[at : end.start()]) if end else b""


def _place(data: memoryview, at: int, number: int) -> int:
    """Return where an object begins, by the table at a place of a file; the end of the file if nowhere."""
    while section := SECTION.match(data, at):
        first, count = int(section[1]), int(section[2])
        if first <= number < first + count:
            entry = section.end() + ENTRY * (number - first)
            return int(data[entry : entry + DIGITS])
        at = section.end() + ENTRY * count
    return len(data)


def _is_built_by_viewer(document: Any) -> bool:  # noqa: ANN401 - as above
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    kind = document.get_formtype()
    if kind == raw.FORMTYPE_XFA_FOREGROUND:
        return any(DYNAMIC.search(packet) for packet in _packets(document, raw))
    return bool(kind == raw.FORMTYPE_XFA_FULL)


def _packets(document: Any, raw: Any) -> Iterator[bytes]:  # noqa: ANN401 - as above
    """Yield the parts of an XFA form, but for those that are too long for a configuration."""
    size = ctypes.c_ulong()
    for k in range(min(MOST_PACKETS, raw.FPDF_GetXFAPacketCount(document.raw))):
        raw.FPDF_GetXFAPacketContent(document.raw, k, None, 0, size)
        if 0 < size.value <= LONGEST_PACKET:
            packet = ctypes.create_string_buffer(size.value)
            raw.FPDF_GetXFAPacketContent(document.raw, k, packet, size.value, size)
            yield packet.raw
