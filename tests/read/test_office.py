"""Documents of older word processors: converted where LibreOffice is, refused with the reason elsewhere."""

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import Limits, read
from etl.read.office import PROGRAMS
from etl.sources import media_type

RTF = (
    rb"{\rtf1\ansi\uc0 {\u21439\u27700\u21033\u23616\u36890\u25253\u12290\par}"
    rb"{\u20840\u21439\u20247\u23478\u12290\par}}"
)
needs_office = pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="LibreOffice is not installed")


def reading(name: str, payload: bytes) -> Reading:
    """What a file of this name says."""
    return read(RawReport(f"file:///{name}", media_type(name), payload))


def odt() -> bytes:
    """The begin of a document as OpenDocument has it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "payload", "said"),
    [
        ("a.rtf", RTF, "RTF"),
        ("a.doc", RTF, "RTF"),
        ("a.odt", odt(), "OpenDocument"),
        ("a.bin", odt(), "OpenDocument"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word 97-2003"),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "WPS"),
    ],
    ids=["RTF", "RTF as DOC", "ODT", "ODT as another", "DOC", "WPS"],
)
def test_without_a_converter(
    name: str, payload: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no LibreOffice is on the path, the refusal names the kind by content, and what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="install LibreOffice") as caught:
        reading(name, payload)
    assert (caught.value.reason, said in str(caught.value)) == ("format", True)


def test_converter_that_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A converter that ends without a document is a refusal, not an error."""
    program = tmp_path / PROGRAMS[0]
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="does not read as RTF"):
        reading("a.rtf", RTF)


def test_converter_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A converter that does not end is ended, and the report refused."""
    program = tmp_path / PROGRAMS[0]
    program.write_text("#!/bin/sh\nread forever < /dev/zero\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RejectError, match="not converted"):
        read(RawReport("file:///a.rtf", "application/rtf", RTF), Limits(seconds=0.1))


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.doc", "县水利局昨日通报。"), ("a.wps", "<html><body><p>县水利局昨日通报。</p></body></html>")],
)
def test_text_under_the_name_of_a_document(name: str, text: str) -> None:
    """A text or page under the name of a document is read as what it is."""
    assert reading(name, text.encode()).text == "县水利局昨日通报。"


@needs_office
def test_converted() -> None:
    """The paragraphs of a document come out as they were written."""
    assert reading("a.rtf", RTF).text.split("\n\n") == ["县水利局通报。", "全县众家。"]
