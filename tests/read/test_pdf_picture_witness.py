"""Characters that neither a font nor the second engine tells are read from the picture of their page."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.read.broken_maps import mapped
from write_pdf import Page, pdf

import etl
from etl.read.pdf.engine import PageDrawing
from etl.read.pdf.page import Glyph
from etl.read.pdf.picture_witness import told_by_picture
from etl.read.pdf.recognition import RecognizedWord

TEXT = "县水利局组织四个工作组，分赴各乡镇。"
needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra `ocr` is not installed")


def glyphs(text: str, untold: Sequence[int], font: str = "f", base: float = 100) -> Iterator[Glyph]:
    """A line of type at the left, 10 points wide each, those of some numbers not told."""
    for k, sign in enumerate(text):
        told = k not in untold
        yield Glyph(
            sign if told else "ᯩ",
            40 + 10 * k,
            50 + 10 * k,
            base,
            10,
            font,
            spaced=False,
            confidence=float(told),
        )


def word(text: str, x0: float = 40, width: float | None = None, base: float = 100) -> RecognizedWord:
    """A word that was recognized on a base line."""
    x1, top, bottom = x0 + (10 * len(text) if width is None else width), base - 9, base + 1
    return RecognizedWord(((x0, top), (x1, top), (x1, bottom), (x0, bottom)), text, 0.97)


def told(found: Sequence[Glyph], *words: RecognizedWord) -> tuple[str, list[float]]:
    """What the glyphs are by these words, and how sure."""
    shown = told_by_picture(PageDrawing(400, 560, tuple(found), (), (), ()), words)
    return "".join(glyph.text for glyph in shown.glyphs), [glyph.confidence for glyph in shown.glyphs]


def test_one_of_a_line() -> None:
    """A character that is not told is that of the word at its place, with its certainty; others stay."""
    text, sure = told(list(glyphs("甲乙丙丁戊", [2])), word("甲Z丙丁戊"))

    assert text == "甲乙丙丁戊"
    assert sure == [1.0, 1.0, 0.97, 1.0, 1.0]


def test_words_that_do_not_fit() -> None:
    """Where a word has more or fewer characters than glyphs, or stands elsewhere, nothing is told."""
    line = list(glyphs("甲乙丙丁戊", [2]))

    for other in (
        word("甲乙丙丙丁戊"),
        word("甲乙丁戊"),
        word("甲乙丙丁戊", base=130),
        word("甲乙丙丁戊", x0=200),
    ):
        assert told(line, other)[0] == "甲乙ᯩ丁戊"


def test_fonts_of_which_nothing_holds() -> None:
    """Where most characters of a font are not told, those that seem to be are read anew, too."""
    text, sure = told(list(glyphs("甲乙丙丶戊", [0, 1, 2])), word("甲乙丙丁戊"))

    assert text == "甲乙丙丁戊"
    assert sure == [0.97] * 5


def test_half_of_a_font() -> None:
    """Where half of a font is told it keeps what it tells."""
    assert told(list(glyphs("甲乙丙丁", [0, 1])), word("甲乙午丁"))[0] == "甲乙丙丁"


@pytest.mark.parametrize(("width", "text"), [(46.6, "甲乙丙丁。"), (41.4, "甲乙丙丁ᯩ")])
def test_boxes_that_end_with_the_ink(width: float, text: str) -> None:
    """A mark at the end of a line, half of which is blank, belongs to a word that ends about its middle."""
    assert told(list(glyphs("甲乙丙丁。", [4])), word("甲乙丙丁。", width=width))[0] == text


@needs_ocr
def test_a_page_whose_font_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is read by what it shows; the report says so and does not wait for a better copy."""
    from scan_pages import Scanner  # noqa: PLC0415 - Pillow comes with the extra

    monkeypatch.setenv("ETL_DATA_DIR", str(tmp_path))
    lines = [TEXT, TEXT[::-1]]
    scanner = Scanner(skew=0, noise=0, paper=255, quality=90)
    shown = scanner.scan(pdf([Page(lines=[(40, 80 + 16 * k, 10, line) for k, line in enumerate(lines)])]), 0)
    payload = mapped(lines, "", picture=[scanner.picture(shown)])
    report = etl.process(payload, uri="memory:a.pdf")

    assert TEXT in report.text
    assert report.quality.broken_fonts == 1
    assert report.quality.ocr == 1.0
    assert "broken fonts" not in report.review_reasons
    assert 0.9 < report.layout.sure(0, 10) < 1
