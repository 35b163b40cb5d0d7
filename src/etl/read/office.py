"""Read documents of older word processors: converted to DOCX by LibreOffice, where it is installed.

A further kind is an entry in `OFFICE`, and its first bytes in `formats`.
"""

import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from etl.damage import FAULTS
from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read.converter import convert, find_converter, reads_documents
from etl.read.limits import Limits
from etl.read.packed import archive_fault

# Media types with the suffix by which the converter knows them, and their names.
OFFICE: Mapping[str, tuple[str, str]] = {
    "application/msword": (".doc", "Word 97-2003"),
    "application/vnd.ms-works": (".wps", "WPS"),
    "application/rtf": (".rtf", "RTF"),
    "application/vnd.oasis.opendocument.text": (".odt", "OpenDocument"),
}
SECONDS = 120.0  # for a conversion, where the settings set no limit
# Streams of a compound file that hold what a password closes, as their names stand in its directory.
CLOSED = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
# In a compound file of Word: the name of the stream of its text, how far behind the name the number of its
# first sector stands, and where that stream says by which bit that it is encrypted.
WORD_STREAM, FIRST_SECTOR = "WordDocument\0".encode("utf-16-le"), 116
WORD_MAGIC, WORD_FLAGS, WORD_ENCRYPTED = 0xA5EC, 10, 0x0100
SECTOR_POWER = 30  # where a compound file says how large its sectors are
MANIFEST = "META-INF/manifest.xml"  # of an OpenDocument, with how each part is encrypted


def read_office(raw: RawReport, limits: Limits) -> Reading:
    """Convert a document to DOCX, and read that; macros are not run, links not followed.

    Raises:
        RejectError: ``format`` where no converter is installed or it cannot convert the file,
                ``encrypted`` where the file needs a password, else as `read_docx`.
    """
    from etl.read.docx import read_docx  # noqa: PLC0415 - loaded with the first document

    suffix, name = OFFICE[raw.media_type]
    if suffix == ".odt" and (fault := archive_fault(raw.payload)):
        raise _refused(f"found an OpenDocument with a fault ({fault}), expected a sound one", "save it again")
    if _is_locked(raw.payload):
        message = "found a document that asks for a password, expected an open one; save it without password"
        raise RejectError("read", "encrypted", message)
    program = find_converter()
    if program is None:
        raise _refused(
            f"found a document of {name} and no LibreOffice here, expected text, Markdown, HTML, DOCX or PDF",
            "install LibreOffice (libreoffice-writer-nogui on Debian) and run `etl quarantine retry "
            "--reason format`, or convert it to one of them",
        )
    within = limits.seconds or SECONDS, limits.memory
    try:
        made = convert(program, raw.payload, suffix, within)
        if made is None:
            raise _unread(name, within, sound=reads_documents(program, within))
    except TimeoutError as error:
        what = f"found a document of {name} that was not converted after {within[0]:g} s (pdf.max_seconds)"
        raise _refused(what, "save it as DOCX") from error
    return read_docx(replace(raw, payload=made))


def _unread(name: str, limits: tuple[float, int], *, sound: bool) -> RejectError:
    """Return why a document was not converted: by its own fault, or by that of the converter."""
    if sound:
        what = f"found a document that LibreOffice does not read as {name}, expected a sound one that takes"
        return _refused(f"{what} {limits[1]} bytes of memory at most (pdf.max_bytes)", "save it as DOCX")
    what = f"found a document of {name} and a LibreOffice that reads no text, expected one with Writer"
    mend = "install that (libreoffice-writer-nogui on Debian) and run `etl quarantine retry --reason format`"
    return _refused(what, mend)


def _refused(what: str, mend: str) -> RejectError:
    return RejectError("read", "format", f"{what}; {mend}")


def _is_locked(payload: bytes) -> bool:
    """Check whether a document asks for a password."""
    if any(one in payload for one in CLOSED):
        return True
    return _is_locked_archive(payload) if payload.startswith(b"PK") else _is_locked_word(payload)


def _is_locked_archive(payload: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(payload)) as archive:
            return b"encryption-data" in archive.read(MANIFEST)
    except FAULTS:
        return False


def _is_locked_word(payload: bytes) -> bool:
    """Check the head of the text of a document of Word 97-2003."""
    at = payload.find(WORD_STREAM)
    try:
        sector = 1 << struct.unpack_from("<H", payload, SECTOR_POWER)[0]
        head = sector * (struct.unpack_from("<I", payload, at + FIRST_SECTOR)[0] + 1)
        magic = struct.unpack_from("<H", payload, head)[0]
        flags = struct.unpack_from("<H", payload, head + WORD_FLAGS)[0]
    except (struct.error, OverflowError, MemoryError):
        return False
    return at >= 0 and magic == WORD_MAGIC and bool(flags & WORD_ENCRYPTED)
