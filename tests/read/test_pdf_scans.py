"""Pages without a text layer: read by character recognition where that is installed, else refused."""

import json
import math
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
import sample_pdf
from write_pdf import Page, pdf

import etl
from etl.model.errors import RejectError
from etl.model.layout import Layout, Stretch
from etl.model.report import RawReport
from etl.read import Limits, read
from etl.read.pdf import recognizer
from etl.read.pdf.page import PdfPage
from etl.read.pdf.reader import reading_of
from etl.read.pdf.recognition import Picture, RecognizedWord, lines_of_words
from etl.read.pdf.recognizer import RecognitionCache, is_installed

SCAN = Path(__file__).resolve().parents[2] / "docs/examples/one-page-scan.pdf"
TEXT = "县水利局组织四个工作组分赴各乡镇"
needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra `ocr` is not installed")


def word(x: float, y: float, text: str, size: float = 10, skew: float = 0.0) -> RecognizedWord:
    """A word at a place of a page that is turned about its corner."""
    width = size * len(text)
    corners = ((x, y), (x + width, y), (x + width, y + 1.05 * size), (x, y + 1.05 * size))
    sine, cosine = math.sin(skew), math.cos(skew)
    turned = tuple((a * cosine - b * sine, a * sine + b * cosine) for a, b in corners)
    return RecognizedWord(turned, text, 0.99)


@pytest.mark.parametrize("skew", [0.0, 0.03, -0.03])
def test_skew_is_taken_back(skew: float) -> None:
    """Lines of a page that lay crooked stand level, on base lines and at margins of their own."""
    lines = lines_of_words([word(40, 80 + 16 * k, TEXT, skew=skew) for k in range(5)], 0)

    assert [round(b.base - a.base) for a, b in pairwise(lines)] == [16] * 4
    assert max(line.box.x0 for line in lines) - min(line.box.x0 for line in lines) < 1
    assert {line.size for line in lines} == {10.0}


def test_sizes_of_recognized_type() -> None:
    """Type is as large as its characters are wide; the short end of a note is of the size of the note."""
    note = [word(40, 200, TEXT, 7.5), word(40, 211, "完。", 7.5)]
    lines = lines_of_words([*(word(40, 80 + 16 * k, TEXT) for k in range(5)), *note], 0)

    assert [line.size for line in lines] == [10.0] * 5 + [7.5] * 2


def boxed(text: str, x1: float, top: float, bottom: float) -> RecognizedWord:
    """A word at the left whose box ends at a place."""
    return RecognizedWord(((40, top), (x1, top), (x1, bottom), (40, bottom)), text, 0.99)


def test_lines_of_many_digits() -> None:
    """Blanks beside digits are not recognized: a line that is wide for that has the size that it is high."""
    digits = "水利局1月27日至2月21日组织"
    wide, high = boxed(digits, 220, 160, 171), boxed(digits, 220, 190, 204)
    lines = lines_of_words([*(word(40, 80 + 16 * k, TEXT) for k in range(5)), wide, high], 0)

    assert [line.size for line in lines[:6]] == [10.0] * 6
    assert lines[6].size > 12


def test_ends_of_lines_before_a_gap() -> None:
    """A box that reaches beyond its characters to the next column ends with them; elsewhere it stays."""
    line = TEXT + "，"
    words = [boxed(line, 213, 80, 90.5), word(215, 80, TEXT), boxed(line, 213, 96, 106.5)]
    words += [word(40, 112 + 16 * k, TEXT) for k in range(4)]
    ends = [found.box.x1 for found in lines_of_words(words, 0) if found.text == line]

    assert ends == [pytest.approx(205, abs=3), 213]


def test_a_mark_at_the_end_of_a_line() -> None:
    """The box of a recognized line ends with its ink: a full line with a mark at its end is no short one."""
    line = "县水利局组织四个工作组分赴各乡镇，"
    boxes = [((40, y), (205, y), (205, y + 10.5), (40, y + 10.5)) for y in (96, 112, 144)]
    words = [
        word(60, 80, TEXT[:15]),
        *(RecognizedWord(box, line, 0.99) for box in boxes),
        word(40, 128, TEXT + "内"),
        word(40, 160, TEXT[:9]),
    ]
    found = reading_of([PdfPage(0, 400, 560, lines_of_words(words, 0), ocr=True)])

    assert "\n".join(found.text.splitlines()) == found.text
    assert set(found.line_ends) == {"join"}


def test_pages_that_were_read_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was recognized before is not looked at again: a long scan goes on where it stopped."""
    monkeypatch.setattr(recognizer, "version", lambda _: "1")
    seen: list[int] = []

    def recognized(picture: Picture) -> list[RecognizedWord]:
        seen.append(picture.page)
        return [word(40, 80, TEXT)]

    monkeypatch.setattr(recognizer, "recognize_page", recognized)
    for _ in range(2):
        kept = RecognitionCache(str(tmp_path), "a" * 64)
        assert [one.text for one in kept.words(Picture(3, 0, 0, b"", 1.0), 9)] == [TEXT]
    assert seen == [3]
    assert [json.loads(path.read_text())[0][1] for path in tmp_path.rglob("4.json")] == [TEXT]


def test_without_the_extra() -> None:
    """A scan is refused with what to install; a page that is a picture beside others is named for review."""
    raw = RawReport("file:///a.pdf", "application/pdf", SCAN.read_bytes())
    with pytest.raises(RejectError, match="install the extra `ocr`") as caught:
        read(raw, Limits(ocr=False))
    assert caught.value.reason == "scan"


def test_doubtful_characters_have_places() -> None:
    """Stretches that were recognized with less certainty are told apart."""
    layout = Layout((Stretch(0, 9, 1, 0, 0, 9, 9, 0.97), Stretch(10, 19, 1, 0, 9, 9, 19, 0.7)))

    assert [one.start for one in layout.doubtful()] == [10]
    assert [layout.sure(0, 5), layout.sure(5, 12), layout.sure(20, 21)] == [0.97, 0.7, 1.0]


def test_text_layers_are_never_recognized() -> None:
    """A page that has a text layer is read from it, whatever is installed."""
    found = read(RawReport("a", "application/pdf", pdf([Page(lines=[(40, 80, 10, TEXT)])])), Limits())

    assert found.pages is not None
    assert (found.pages.ocr, found.pages.unread) == (0.0, ())
    assert {one.sure for one in found.layout.stretches} == {1.0}


@needs_ocr
def test_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was scanned crooked and noisy comes out with its columns and boxes, no line for sure."""
    assert is_installed()
    monkeypatch.setenv("ETL_DATA_DIR", str(tmp_path))
    report = etl.process(SCAN.read_bytes(), uri="memory:scan.pdf")
    text = report.text

    assert report.quality.ocr == 1.0
    assert report.quality.columns == 2
    assert all(part in text for part in sample_pdf.PARAGRAPHS[1].split("。"))
    assert sample_pdf.NOTE in [p.text for p in report.paragraphs if p.kind == "footnote"]
    start = text.index("柳树镇的南干渠")
    assert report.page_boxes(start, start + 7)[0].x0 == pytest.approx(230, abs=4)
    assert max(edit.confidence for edit in report.edits) < 1
