import re
import subprocess
import sys
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent, seconds

from etl.model.errors import RejectError
from etl.model.report import RawReport
from etl.read import READERS, read
from etl.read.formats import DOCX
from etl.read.markdown import strip_marks
from etl.sources import media_type
from etl.sources.names import MEDIA_TYPES

CASES = Path(__file__).resolve().parents[1] / "cases" / "read"
ENDS = {1: ["open"], 2: ["end", "end"]}
LABELS = {"wild", "synthetic", "negative", "known_failure"}


def rows(name: str) -> list[dict[str, Any]]:
    """The cases of one table."""
    found: list[dict[str, Any]] = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return found


def raw(name: str, payload: bytes) -> RawReport:
    """A report of this name and these bytes."""
    uri = f"file:///reports/{name}"
    return RawReport(uri, media_type(uri), payload)


def _bytes(row: dict[str, Any]) -> bytes:
    payload = bytes.fromhex(row["hex"]) if "hex" in row else row["text"].encode(row.get("codec", "utf-8"))
    return payload[: len(payload) - row.get("drop", 0)]


def test_tables_are_labelled() -> None:
    """Every case says where it comes from."""
    for path in CASES.glob("*.toml"):
        assert {row["label"] for row in rows(path.stem)} <= LABELS, path.name


@pytest.mark.parametrize("row", rows("bad"), ids=lambda row: row["name"])
def test_bad_bytes_have_a_reason(row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is refused with the reason that an operator filters by, in one line."""
    monkeypatch.setenv("PATH", "")  # no converter is found
    with pytest.raises(RejectError) as caught:
        read(raw(row["name"], _bytes(row)))

    assert (caught.value.stage, caught.value.reason) == ("read", row["reason"])
    assert "\n" not in str(caught.value)
    assert "expected" in str(caught.value) or "no plausible text" in str(caught.value)


@pytest.mark.parametrize("row", rows("markdown"), ids=lambda row: row["why"])
def test_markdown_loses_its_marks(row: dict[str, Any]) -> None:
    """The words of Markdown stay, its marks go."""
    assert strip_marks(row["text"]) == row["words"]


@pytest.mark.parametrize("row", rows("html"), ids=lambda row: row["why"])
def test_pages_give_their_main_text(row: dict[str, Any]) -> None:
    """The main text of a page, its paragraphs apart; only what a break parts within one stays open."""
    reading = read(raw("page.html", row["page"].encode()))

    assert reading.text == row["text"]
    if "<" in row["page"]:
        parts = re.findall(r"\n+", reading.text)
        assert list(reading.line_ends) == [end for part in parts for end in ENDS[len(part)]]


def test_line_ends_become_one_kind() -> None:
    """All line ends become a line feed, and nothing else changes."""
    assert read(raw("a.txt", "甲\r\n乙\r丙\n　丁 \n".encode())).text == "甲\n乙\n丙\n　丁 \n"


def test_form_feeds_are_breaks() -> None:
    """A form feed stays in the text and its offset is a break."""
    reading = read(raw("a.txt", "第一页\r\n\f第二页\f".encode()))

    assert reading.breaks == (4, 8)
    assert all(reading.text[at] == "\f" for at in reading.breaks)


def test_a_page_says_its_charset() -> None:
    """A page in GBK is read by its bytes, whether its declaration is right or wrong."""
    page = '<html><head><meta charset="{}"></head><body><p>云台县召开防汛会议。</p></body></html>'
    for claim in ("gb2312", "utf-8"):
        reading = read(raw("page.htm", page.format(claim).encode("gb18030")))

        assert (reading.text, reading.encoding.name) == ("云台县召开防汛会议。", "gb18030")


@pytest.mark.parametrize(
    ("before", "unit", "after", "number"),
    [
        ("", "<div>", "字", 150_000),
        ("<p>", "<b>", "字", 80_000),
        ("", "<table>", "<tr><td>字", 30_000),
        ("<a ", 'x="1" ', ">字</a>", 100_000),
        ("<p>字", "<!--", "", 100_000),
        ("<p>字", "<a", "", 100_000),
        ("<p>字", "&a;", "", 100_000),
        ("<p>字", "　", "完", 500_000),
    ],
)
def test_hostile_pages_are_read_or_refused_in_time(before: str, unit: str, after: str, number: int) -> None:
    """A page made to break a parser is read or refused in time that is in proportion to its length."""

    def outcome(page: bytes) -> str:
        try:
            return read(raw("page.html", page)).text
        except RejectError as error:
            return error.reason

    small, large = (f"{before}{unit * times}{after}".encode() for times in (number // 8, number))

    assert outcome(large) in {"html", "blank"} or "字" in outcome(large)
    assert exponent(outcome, small, large, 8) < LIMIT


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "**a",
        "_",
        "__a",
        "`",
        "x``",
        "[",
        "![a](",
        "](",
        "<",
        "<!--",
        "> ",
        "- ",
        "|",
        "|-",
        "~~a",
        "#",
        " ",
        "\\",
        "&",
        "=\n",
    ],
)
def test_markdown_takes_linear_time(piece: str) -> None:
    """The time for a text of one mark alone is in proportion to its length."""
    small, large = ("字" + piece * (size // len(piece)) for size in (31_250, 250_000))

    assert exponent(strip_marks, small, large, 8) < LIMIT


@pytest.mark.parametrize(("text", "words"), [("```乙\n甲\n```", "乙\n甲"), ("~~~ python\n甲\n~~~", "甲")])
def test_words_behind_a_fence_stay(text: str, words: str) -> None:
    """Chinese words on the line that opens a block of code are kept, the name of its language is not."""
    assert strip_marks(text).strip() == words


@given(st.text("甲乙*_`[]()<>#-|!&\\~ \n", max_size=60))
def test_markdown_never_invents(text: str) -> None:
    """Stripping marks adds no word and keeps every Chinese character outside of addresses and tags."""
    words = strip_marks(text)

    assert set(words) <= set(text) | {"\n", "\t"}
    if not set("[]()<>") & set(text):
        assert [c for c in words if c in "甲乙"] == [c for c in text if c in "甲乙"]


def _docx(*paragraphs: str) -> bytes:
    from docx import Document  # noqa: PLC0415

    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "张某", "5万元"
    document.add_paragraph("表后一段")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_docx_in_order() -> None:
    """Paragraphs and tables come in the order of the document, cells of a row apart."""
    reading = read(raw("a.docx", _docx("标题", "", "第一段")))

    assert reading.text == "标题\n\n第一段\n\n张某\t5万元\n\n表后一段"
    assert set(reading.line_ends) == {"end"}


def test_docx_text_that_python_docx_leaves_out() -> None:
    """Content controls and text boxes are read once, struck text not at all, a page break is a break."""
    body = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>前</w:t><w:tab/><w:t>后</w:t><w:br/><w:t>换行</w:t></w:r>"
        "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t>插入</w:t></w:r></w:ins></w:p>"
        '<w:p><w:r><w:t>甲页</w:t><w:br w:type="page"/><w:t>乙页</w:t></w:r>'
        "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    reading = read(raw("a.docx", _with_body(body)))

    assert reading.text == "控件内\n\n前\t后\n换行插入\n\n甲页\f乙页\n\n框内"
    assert reading.breaks == (reading.text.index("\f"),)


def _with_body(body: str) -> bytes:
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return _replaced(
        "word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>".encode()
    )


def _replaced(name: str, payload: bytes | None) -> bytes:
    """A document with one of its parts replaced or, for None, left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(_docx("段"))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
            elif payload is not None:
                new.writestr(part, payload)
    return out.getvalue()


def _packed_wrong() -> bytes:
    """A document whose text is no longer what deflate makes."""
    payload = bytearray(_docx("段" * 500))
    with zipfile.ZipFile(BytesIO(payload)) as archive:
        start = archive.getinfo("word/document.xml").header_offset + 30 + len("word/document.xml")
    payload[start : start + 200] = b"\xff" * 200
    return bytes(payload)


@pytest.mark.parametrize(
    "payload",
    [
        _packed_wrong(),
        _replaced("word/_rels/document.xml.rels", b'<Relationships><Relationship Id="a"/></Relationships>'),
        _docx("段")[:2000],
        _docx("段").replace(b"PK\x05\x06", b"XX\x05\x06"),
        _replaced("word/document.xml", None),
        _replaced("[Content_Types].xml", None),
        _replaced("word/document.xml", b"<w:document"),
        _replaced("word/document.xml", b"\0" * 50_000_000),
        _replaced("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
    ids=[
        "packed wrong",
        "no target",
        "cut",
        "no end",
        "no text",
        "no types",
        "broken XML",
        "bomb",
        "other XML",
    ],
)
def test_broken_docx(payload: bytes) -> None:
    """A broken DOCX, or one that unpacks to a bomb, is refused with the reason docx."""
    with pytest.raises(RejectError) as caught:
        read(raw("a.docx", payload))

    assert (caught.value.stage, caught.value.reason) == ("read", "docx")


def test_wrong_suffixes() -> None:
    """Bytes are read as what they are, not as what their name says."""
    text = "云台县召开防汛会议。"
    page = f"<!DOCTYPE html><html><body><p>{text}</p></body></html>".encode()

    assert read(raw("a.txt", _docx("段"))).text.startswith("段\n\n")
    assert read(raw("a.docx", text.encode())).text == text
    assert read(raw("a.txt", page)).text == text
    assert read(raw("a.docx", page)).text == text
    assert read(raw("a.dat", text.encode("gb18030"))).text == text
    assert read(raw("no suffix", text.encode())).text == text


def test_other_zips_are_refused() -> None:
    """An archive or another Office file under the name of a report says so."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")

    with pytest.raises(RejectError) as caught:
        read(raw("a.txt", out.getvalue()))

    assert caught.value.reason == "format"


def test_every_media_type_has_an_answer() -> None:
    """Each suffix leads to a reader."""
    assert set(MEDIA_TYPES.values()) <= set(READERS)
    assert DOCX in READERS


def test_plain_text_is_read_fast() -> None:
    """Plain text is read in a few times what the codec alone takes."""
    payload = ("全县各级党组织和广大党员干部迅速行动。\r\n" * 100_000).encode()
    report = raw("a.txt", payload)

    assert min(seconds(read, report) / seconds(bytes.decode, payload) for _ in range(5)) < 30


def test_plain_text_needs_no_heavy_library() -> None:
    """Reading plain text imports neither the parser of pages nor that of documents."""
    code = (
        "import sys; from etl.model.report import RawReport; from etl.read import read;"
        "read(RawReport('a', 'text/plain', '县'.encode()));"
        "sys.exit(any(name in sys.modules for name in ('trafilatura', 'docx', 'lxml', 'opencc')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.binary(max_size=200))
def test_any_bytes_under_any_name(suffix: str, payload: bytes) -> None:
    """Whatever arrives under whatever name gives a Reading or a RejectError of this stage."""
    try:
        reading = read(raw("a" + suffix, payload))
    except RejectError as error:
        assert error.stage == "read"  # noqa: PT017 - either outcome is right
    else:
        assert reading.text.strip()
        assert "\r" not in reading.text
