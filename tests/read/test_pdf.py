"""PDFs: columns in their order, paragraphs over columns and pages, and a reason for what cannot be read."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import sample_pdf
from tests.read.joined import paragraphs
from write_pdf import Page, pdf, wrapped

import etl
from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import Limits, read

TEXT = (
    "县水利局组织四个工作组，分赴柳树镇、石桥镇和上坪乡，逐条查看淤塞和垮塌的渠段。",
    "镇里请来技术员重新测量，决定把渠底降低四十厘米，并在两处弯道加砌护坡，村民轮流看护材料。",
    "修渠也带动了用水办法的改变，现在各村推选放水员，按田亩和作物排定次序，都写在本子上。",
)
Lines = Sequence[tuple[float, float, float, str]]


def column(
    texts: Sequence[str], left: float = 40, top: float = 80, ems: int = 14
) -> list[tuple[float, float, float, str]]:
    """Paragraphs set in one column."""
    lines = [line for text in texts for line in wrapped(text, ems)]
    return [(left + 10 * indent, top + 16 * k, 10, text) for k, (indent, text) in enumerate(lines)]


def reading(payload: bytes, name: str = "a.pdf", limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """What a PDF says."""
    return read(RawReport(f"file:///{name}", "application/pdf", payload), limits)


def test_sample() -> None:
    """Two columns over three pages with heads, a table and a note are read as they were written."""
    found = etl.process(sample_pdf.TARGET.read_bytes(), uri="memory:a.pdf")
    kinds = {p.text: p.kind for p in found.paragraphs}

    assert [text for text in kinds if text in sample_pdf.SAMPLE] == list(sample_pdf.SAMPLE)
    assert kinds[sample_pdf.NOTE] == "footnote"
    assert kinds[sample_pdf.CAPTION] == "caption"
    assert not any("青河水利" in text or "—" in text for text in kinds)
    gone = [edit.before for edit in found.edits if edit.rule == "furniture"]
    assert sum("青河水利" in text for text in gone) == 2


def test_sample_is_made_by_its_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF among the samples is what its script writes."""
    monkeypatch.setattr("sys.argv", ["sample_pdf.py", str(tmp_path / "a.pdf")])
    sample_pdf.main()

    assert (tmp_path / "a.pdf").read_bytes() == sample_pdf.TARGET.read_bytes()


def test_lines_of_columns_do_not_stand_level() -> None:
    """Columns whose lines stand at other heights are read one after the other."""
    lines = column(TEXT) + column([text[::-1] for text in TEXT], left=210, top=87)

    assert paragraphs(reading(pdf([Page(lines=lines)]))) == [*TEXT, *(text[::-1] for text in TEXT)]


def test_bytes_say_what_a_file_is() -> None:
    """A PDF under the name of a text is read as one, and a text under the name of a PDF as a text."""
    payload = pdf([Page(lines=column(TEXT))])

    assert read(RawReport("file:///a.txt", "text/plain", payload)).text.startswith("县水利局")
    assert reading("会议昨日召开。".encode()).text == "会议昨日召开。"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(turn: int) -> None:
    """A page that is shown turned, with type that stands upright then, is read as any other."""
    upright = Page(lines=column(TEXT), extra=f"/Rotate {turn}")

    assert paragraphs(reading(pdf([upright]))) == list(TEXT)


def test_column_that_begins_lower() -> None:
    """A column whose first line stands below that of the one to its right is read first all the same."""
    lines = column(TEXT, top=110) + column([text[::-1] for text in TEXT], left=210, top=80)

    assert paragraphs(reading(pdf([Page(lines=lines)]))) == [*TEXT, *(text[::-1] for text in TEXT)]


def test_text_printed_twice() -> None:
    """Type that is printed twice for a bold face is read once."""
    lines = column(TEXT)
    again = [(x + 0.4, y, size, text) for x, y, size, text in lines]

    assert paragraphs(reading(pdf([Page(lines=lines + again)]))) == list(TEXT)


def test_outside_of_the_crop() -> None:
    """What stands outside of the part of a page that is shown is not read."""
    page = Page(lines=[*column(TEXT), (40, 540, 10, "裁切线以外")], extra="/CropBox[0 60 400 560]")

    assert paragraphs(reading(pdf([page]))) == list(TEXT)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "pdf"),
        (pdf([Page(rules=[(10, 10, 90, 10)])]), "scan"),
        (pdf([Page(lines=column(TEXT))]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]"), "pdf"),
    ],
    ids=["nothing", "noise", "no text", "loop"],
)
def test_refused(payload: bytes, reason: str) -> None:
    """What cannot be read is refused with a reason."""
    with pytest.raises(RejectError) as caught:
        reading(payload)

    assert (caught.value.stage, caught.value.reason) == ("read", reason)


def test_claims_pages() -> None:
    """A file that claims more pages than it has is read as far as it goes."""
    assert paragraphs(reading(pdf([Page(lines=column(TEXT))], count=9_999_999))) == list(TEXT)


def test_limits() -> None:
    """More pages, or more characters on one, than are set are refused."""
    payload = pdf([Page(lines=column(TEXT))] * 3)

    for limits in (Limits(pages=2), Limits(signs=50)):
        with pytest.raises(RejectError, match="expected at most") as caught:
            reading(payload, limits=limits)
        assert caught.value.reason == "pdf limit"
    assert paragraphs(reading(payload, limits=Limits(pages=3)))


def test_broken_table_of_contents() -> None:
    """A file that lost its end, and with it the list of its objects, gives the text of its pages."""
    payload = pdf([Page(lines=column(TEXT))] * 2)

    assert paragraphs(reading(payload[: payload.rindex(b"xref")])) == [*TEXT, *TEXT]
    with pytest.raises(RejectError, match="fault"):
        reading(payload[:300])


def test_any_damage() -> None:
    """A PDF in which bytes were changed gives a text or a reason."""
    rng, sound = random.Random(3), sample_pdf.TARGET.read_bytes()
    reasons = set()
    for _ in range(16):
        damaged = bytearray(sound)
        for _ in range(rng.choice((1, 5, 40))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            reading(bytes(damaged))
        except RejectError as error:
            reasons.add(error.reason)

    assert reasons <= {"pdf", "scan", "encrypted", "pdf limit", "blank"}


def test_more_lines_than_a_page_has() -> None:
    """A page of thousands of lines is read in the order of their places, and repair judges it all."""
    lines = [(10 + k % 20 * 19, 10 + k // 20 * 5, 1, "会议昨日召开") for k in range(1_700)]

    assert not reading(pdf([Page(lines=lines)])).ordered


def test_long_paragraphs_in_narrow_columns() -> None:
    """Where many lines stand between indents, a full line that ends a sentence goes on all the same."""
    paragraph = "县水利局组织工。" + "县水利局组织四个工。" * 30 + "完。"
    page = Page(height=2_700, lines=column([paragraph] * 5, ems=10))

    assert paragraphs(reading(pdf([page]))) == [paragraph] * 5
