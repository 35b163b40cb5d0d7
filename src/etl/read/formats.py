"""Detect the format of a payload by its first bytes, since names lie and magic numbers do not.

A format that shows itself by its first bytes is one entry in `_STARTS`; one that cannot be read yet is one in
`UNREADABLE`, with the reason for its quarantine.
"""

import re
import zipfile
from io import BytesIO

from etl.damage import FAULTS
from etl.model.errors import RejectError, brief
from etl.model.report import RawReport

# Bytes in which the first sign of a PDF or a page stands, as readers of PDFs allow and browsers do.
HEAD = 1_024
FIRST_ENTRY = 200  # bytes of an archive with its first entry, which names an OpenDocument
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD = "application/msword"
WPS = "application/vnd.ms-works"
RTF = "application/rtf"
MHTML = "multipart/related"
ODT = "application/vnd.oasis.opendocument.text"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of Word 97-2003, WPS, and Office files with a password
ZIP = b"PK\x03\x04"
# Prefix, what it is, and the reason to refuse it.
UNREADABLE: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "binary"),
    (b"\xff\xd8\xff", "a JPEG image", "binary"),
    (b"GIF87a", "a GIF image", "binary"),
    (b"GIF89a", "a GIF image", "binary"),
    (b"\x1f\x8b\x08", "a gzip file", "binary"),
    (b"BZh", "a bzip2 file", "binary"),
    (b"\xfd7zXZ\x00", "an xz file", "binary"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "binary"),
    (b"Rar!\x1a\x07", "a RAR archive", "binary"),
    (b"\x7fELF", "a program", "binary"),
    (b"MZ\x90\x00", "a program", "binary"),
    (b"SQLite format 3\x00", "a database", "binary"),
)
_HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--.{0,200}?-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_PDF_START = re.compile(rb"\A[^%]{0,1000}%PDF-[0-9]")  # some servers write lines of their own before it
# Headers of a message with parts: a page saved as one file.
_MHTML_START = re.compile(
    rb"\A(?=.{0,1000}?^Content-Type:\s{1,20}multipart/related\b)(?:[A-Za-z-]{1,40}:[^\r\n]{0,400}\r?\n"
    rb"(?:[ \t][^\r\n]{0,400}\r?\n){0,9}){0,19}?MIME-Version:",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# XML of Word 2003, which names its program.
_WORD_XML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^<>]{0,200}>\s*<\?mso-application\s+progid=.Word\."
)
_STARTS = (
    (_PDF_START, PDF),
    (re.compile(re.escape(COMPOUND)), WORD),
    (re.compile(rb"\{\\rtf"), RTF),
    (_WORD_XML_START, WORD),
    (_MHTML_START, MHTML),
)
_BARE_ZIP = (ZIP, b"PK\x05\x06")


def actual_type(raw: RawReport) -> str:
    """Return the media type to read a payload as: the one its bytes show, else the one of its name.

    Raises:
        RejectError: ``empty``, ``format`` for a format without reader, ``binary`` for what is no text.
    """
    payload, named = raw.payload, raw.media_type
    if not payload:
        raise RejectError("read", "empty", "found 0 bytes, expected a report; check how the file was written")
    head = payload[:HEAD]
    told = next((kind for start, kind in _STARTS if start.match(head)), None)
    if told is not None:
        return WPS if named == WPS and payload.startswith(COMPOUND) else told
    for prefix, what, reason in UNREADABLE:
        if payload.startswith(prefix):
            raise _unreadable(what, reason)
    if payload.startswith(_BARE_ZIP):
        return _zip_type(payload, named)
    if named in (DOCX, PDF, ODT, WORD, WPS, RTF, MHTML):
        named = PLAIN  # every DOCX is a zip; this is something else under its name
    if named not in (MARKDOWN, HTML) and _HTML_START.match(head):
        return HTML
    return named


def _zip_type(payload: bytes, named: str) -> str:
    """Return DOCX or OpenDocument for an archive that is one, or a broken one that is named so.

    Raises:
        RejectError: ``format`` for another archive, ``binary`` for a broken one.
    """
    try:
        with zipfile.ZipFile(BytesIO(payload)) as archive:
            names = set(archive.namelist())
    except FAULTS as error:
        if named in (DOCX, ODT):
            return named
        raise _unreadable(f"a broken zip archive ({brief(error)})", "binary") from error
    if named == DOCX or "word/document.xml" in names:
        return DOCX
    if (
        payload[:FIRST_ENTRY].find(b"mimetype" + ODT.encode()) > 0
    ):  # stored first and unpacked, as its standard asks
        return ODT
    raise _unreadable("a zip archive that is no DOCX", "format")


def _unreadable(what: str, reason: str) -> RejectError:
    message = f"found {what}, expected text, Markdown, HTML, DOCX or PDF; convert it to one of them"
    return RejectError("read", reason, message)
