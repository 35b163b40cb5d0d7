"""Pages saved as one file are read as the page in them, under whatever name."""

import pytest

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import read
from etl.sources import media_type

PAGE = "<html><body><h1>县水利局通报</h1><p>全县众家昨日完工。</p></body></html>"


def saved(page: str, encoding: str = "quoted-printable", head: str = "", kind: str = "text/html") -> bytes:
    """A page in an archive, before its picture."""
    from email.mime.text import MIMEText  # noqa: PLC0415 - only archives need it

    part = MIMEText(page, kind.partition("/")[2], "utf-8")
    if encoding == "quoted-printable":
        from quopri import encodestring  # noqa: PLC0415 - as above

        part.set_payload(encodestring(page.encode()).decode())
        part.replace_header("Content-Transfer-Encoding", encoding)
    head = head or 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"'
    image = (
        "--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--B--\r\n"
    )
    return f"{head}\r\n\r\n--B\r\n{part.as_string()}\r\n{image}".encode()


def reading(name: str, payload: bytes) -> Reading:
    """What a file of this name says."""
    return read(RawReport(f"file:///{name}", media_type(name), payload))


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.doc", "a.html", "a.bin"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_page(name: str, encoding: str) -> None:
    """The page is read as if it stood alone."""
    assert reading(name, saved(PAGE, encoding)).text == "县水利局通报\n\n全县众家昨日完工。"


def test_head_of_a_browser() -> None:
    """Other headers may stand before, also folded ones."""
    head = (
        "From: <A browser>\r\nSubject: =?utf-8?B?5Y6/?=\r\n =?utf-8?B?5Y6/?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="B"'
    )
    assert reading("a.mht", saved(PAGE, head=head)).text.startswith("县水利局通报")


def test_without_a_page() -> None:
    """An archive without a page is refused."""
    with pytest.raises(RejectError, match="no page") as caught:
        reading("a.mht", saved("县", kind="text/plain"))
    assert caught.value.reason == "html"


@pytest.mark.parametrize(
    "text",
    [
        "县水利局昨日通报。",
        "MIME-Version: 1.0\n是标准的名称。",
        "说明：Content-Type: multipart/related\nMIME-Version: 1.0",
    ],
)
def test_text_that_is_none(text: str) -> None:
    """A text that only names such headers is a text."""
    assert reading("a.mht", text.encode()).text == text
