"""Documents of older word processors are refused with the reason where no converter is or none works."""

import struct
from pathlib import Path

import pytest
from write_odt import open_document

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import Limits, read
from etl.read.converter import PROGRAMS, reads_documents
from etl.sources import media_type

RTF = (
    rb"{\rtf1\ansi\uc0 {\u21439\u27700\u21033\u23616\u36890\u25253\u12290\par}"
    rb"{\u20840\u21439\u20247\u23478\u12290\par}}"
)
ODT = open_document("<text:p>县水利局通报。</text:p>")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XML_2003 = b'<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?>\r\n<w:wordDocument/>'


def reading(name: str, payload: bytes, limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """What a file of this name says."""
    return read(RawReport(f"file:///{name}", media_type(name), payload), limits)


@pytest.mark.parametrize(
    ("name", "payload", "said"),
    [
        ("a.rtf", RTF, "RTF"),
        ("a.doc", RTF, "RTF"),
        ("a.odt", ODT, "OpenDocument"),
        ("a.bin", ODT, "OpenDocument"),
        ("a.doc", COMPOUND + bytes(600), "Word 97-2003"),
        ("a.wps", COMPOUND + bytes(600), "WPS"),
        ("a.doc", XML_2003, "Word 97-2003"),
        ("a.xml", XML_2003, "Word 97-2003"),
    ],
    ids=["RTF", "RTF as DOC", "ODT", "ODT as another", "DOC", "WPS", "XML as DOC", "XML"],
)
def test_without_a_converter(
    name: str, payload: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no LibreOffice is on the path, the refusal names the kind by content, and what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="install LibreOffice") as caught:
        reading(name, payload)
    assert (caught.value.reason, said in str(caught.value)) == ("format", True)


def converter(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a converter on the path, a script of the shell."""
    program = folder / PROGRAMS[0]
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    reads_documents.cache_clear()


def test_converter_without_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice that makes nothing of any document lacks a component, which is named."""
    converter(tmp_path, monkeypatch, "exit 0")

    with pytest.raises(RejectError, match="reads no text, expected one with Writer") as caught:
        reading("a.rtf", RTF)
    assert caught.value.reason == "format"


def test_converter_that_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of which a converter makes nothing that reads others is refused by its own fault."""
    script = 'while [ "$1" != --outdir ]; do shift; done; mkdir "$2"; grep -q "rtf1 a" "$3" && : > "$2/{}"'
    converter(tmp_path, monkeypatch, script.format("report.docx"))

    with pytest.raises(RejectError, match="does not read as OpenDocument"):
        reading("a.odt", ODT)


def test_converter_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A converter that does not end is ended, and the report refused."""
    converter(tmp_path, monkeypatch, "read forever < /dev/zero")

    with pytest.raises(RejectError, match="not converted"):
        reading("a.rtf", RTF, Limits(seconds=0.1))


def test_own_profile_and_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each conversion has a profile of its own and the limit of memory, and no variables of its caller's."""
    monkeypatch.setenv("ETL_MONGO_URI", "mongodb://name:secret@host")
    converter(tmp_path, monkeypatch, f'echo "$1" $(ulimit -d) "$ETL_MONGO_URI" >> {tmp_path}/told')

    for _ in range(2):
        with pytest.raises(RejectError):
            reading("a.rtf", RTF, Limits(memory=700 * 2**20))
    profiles, sizes = zip(
        *(line.split() for line in (tmp_path / "told").read_text().splitlines()), strict=True
    )
    assert len(set(profiles)) == len(profiles)
    assert set(sizes) == {str(700 * 2**10)}


def word(flags: int) -> bytes:
    """The head of a document of Word 97-2003, with the flags of its text."""
    directory = "WordDocument\0".encode("utf-16-le").ljust(116, b"\0") + struct.pack("<I", 1)
    head = COMPOUND.ljust(30, b"\0") + struct.pack("<H", 9)
    return (
        head.ljust(512, b"\0")
        + directory.ljust(512, b"\0")
        + struct.pack("<HHHHHH", 0xA5EC, 0, 0, 0, 0, flags)
    )


LOCK = '<manifest:encryption-data manifest:checksum="AAA="/>'


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("a.doc", word(0x0100)),
        ("a.wps", word(0x1300)),
        ("a.odt", open_document("<text:p/>", said=LOCK)),
        ("a.docx", COMPOUND + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    ],
    ids=["DOC", "WPS", "ODT", "DOCX"],
)
def test_password(name: str, payload: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that asks for a password is refused with what to do, whether a converter is there or not."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="save it without password") as caught:
        reading(name, payload)
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize("flags", [0, 0x00FF, 0x1200, 0xFEFF])
def test_no_password(flags: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other flags of a document are no password."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="install LibreOffice"):
        reading("a.doc", word(flags))


def test_archive_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenDocument that is a bomb is refused before anything opens it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="packed up to"):
        reading("a.odt", open_document("<text:p/>", more={"a.xml": " " * 50_000_000}))


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.doc", "县水利局昨日通报。"), ("a.wps", "<html><body><p>县水利局昨日通报。</p></body></html>")],
)
def test_text_under_the_name_of_a_document(name: str, text: str) -> None:
    """A text or page under the name of a document is read as what it is."""
    assert reading(name, text.encode()).text == "县水利局昨日通报。"
