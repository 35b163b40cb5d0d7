"""Where the text of a PDF stands on its pages, and what is said of pages that are read badly."""

import pytest
import sample_pdf
from write_pdf import Page, pdf, wrapped

import etl
from etl.model.layout import Layout, PageBox, Stretch
from etl.model.report import RawReport, Reading, Report
from etl.read import read

TEXT = "县水利局组织四个工作组，分赴柳树镇、石桥镇和上坪乡，逐条查看淤塞和垮塌的渠段。"


def reading(*pages: Page) -> Reading:
    """What a PDF says."""
    return read(RawReport("file:///a.pdf", "application/pdf", pdf(pages)))


@pytest.fixture(scope="module")
def sample() -> Report:
    """The report of the sample in two columns over three pages."""
    return etl.process(sample_pdf.TARGET.read_bytes(), uri="memory:a.pdf")


def test_boxes_of_a_paragraph_over_columns(sample: Report) -> None:
    """A paragraph that goes on in the next column or page has a box for each line, within the page."""
    one, over = (next(p for p in sample.paragraphs if p.text == sample_pdf.PARAGRAPHS[k]) for k in (3, 4))
    boxes = sample.page_boxes(one.start, one.end)

    assert {(box.page, box.x0 < 200) for box in boxes} == {(2, True), (2, False)}
    assert len(boxes) == 10
    assert {box.page for box in sample.page_boxes(over.start, over.end)} == {2, 3}
    assert all(0 <= b.x0 < b.x1 <= 400 and 0 <= b.top < b.bottom <= 330 for b in boxes)
    assert (one.page, sample.page_of(one.start), sample.page_of(one.end)) == (2, 2, 2)


def test_boxes_of_words(sample: Report) -> None:
    """The box of a few words of a line is a part of that of the line, as wide as they are."""
    start = sample.text.index("3.2千米")
    line, words = sample.page_boxes(start - 1, start + 6), sample.page_boxes(start, start + 5)

    assert len(words) == len(line) == 1
    assert line[0].x0 < words[0].x0 < words[0].x1 < line[0].x1
    assert words[0].top == line[0].top


def test_every_character_has_its_page(sample: Report) -> None:
    """Every paragraph begins on a page, and pages only rise but for what interrupts a paragraph."""
    pages = [p.page for p in sample.paragraphs if p.kind != "footnote"]

    assert None not in pages
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert all(sample.page_boxes(p.start, p.end) for p in sample.paragraphs)


def test_boxes_of_cells() -> None:
    """A cell has the box in which it is printed."""
    rules = [(40, y, 240, y) for y in (100, 116, 132)] + [(x, 100, x, 132) for x in (40, 140, 240)]
    cells = [(44, 112, 10, "柳树镇"), (144, 112, 10, "12"), (44, 128, 10, "石桥镇"), (144, 128, 10, "9")]
    found = reading(Page(lines=cells, rules=rules))
    start = found.text.index("12")

    assert [box.x0 for box in found.layout.boxes(start, start + 2)] == [pytest.approx(144, abs=1)]
    assert found.layout.boxes(start - 1, start) == ()


def test_formats_without_pages() -> None:
    """A text has no pages, and no boxes."""
    report = etl.process(TEXT.encode())

    assert (report.quality.pages, report.page_boxes(0, 5), report.page_of(0)) == (0, (), None)


def test_packing_keeps_everything() -> None:
    """A layout comes back as it was packed, to a tenth of a point; what runs down is parted downwards."""
    layout = Layout(
        (Stretch(0, 4, 1, 10.0, 20.0, 50.0, 30.0), Stretch(5, 9, 2, 10.0, 20.0, 20.0, 60.0, 0.93))
    )
    again = Layout.unpacked(layout.packed())

    assert again == layout
    assert again.boxes(2, 7) == (PageBox(1, 30.0, 20.0, 50.0, 30.0), PageBox(2, 10.0, 20.0, 20.0, 40.0))
    assert [again.page_at(at) for at in (0, 4, 5, 9)] == [1, 2, 2, None]


def test_quality_counts_pages_and_columns(sample: Report) -> None:
    """An operator sees how many pages were read and how many columns stand side by side."""
    found = sample.quality

    assert (found.pages, found.columns, found.broken_fonts, found.ocr) == (3, 2, 0, 0.0)
    assert (found.doubtful_pages, sample.review_reasons) == ((), ())


@pytest.mark.parametrize("text", ["完", TEXT])
def test_columns_of_a_line(text: str) -> None:
    """A page of one short line has one column, a number: the database takes nothing else."""
    pages = reading(Page(lines=[(40, 80, 10, text)])).pages

    assert pages is not None
    assert (pages.columns, type(pages.columns)) == (1, int)


def test_order_that_is_doubtful() -> None:
    """Lines that are read across a gap make their page doubtful, which asks for review and is named."""
    left = [line for _, line in wrapped(TEXT * 3, 12, 0)]
    torn = [(40 + 40 * (k % 2), 80 + 16 * k, 10, line) for k, line in enumerate(left)]
    other = [(200 - 20 * (k % 3), 80 + 16 * k, 10, line) for k, line in enumerate(left)]
    sound = Page(lines=[(40, 80 + 16 * k, 10, line) for k, line in enumerate(left)])
    report = etl.process(pdf([sound, Page(lines=[*torn, *other])]), uri="memory:a.pdf")

    assert report.quality.doubtful_pages == (2,)
    assert "doubtful order" in report.review_reasons


def test_fonts_that_name_other_characters() -> None:
    """Characters of scripts that no Chinese text has, among ideographs, are those of a broken font."""
    shifted = "᭄᭔ᮡ᮲ᯩ"
    report = etl.process(pdf([Page(lines=[(40, 80, 10, TEXT[:20] + shifted)])]), uri="memory:a.pdf")

    assert report.quality.broken_fonts == 1
    assert "broken fonts" in report.review_reasons


def test_paragraphs_with_boxes() -> None:
    """`etl.read_pdf` gives the paragraphs of a file, each with its kind, its page and a box for each line."""
    found = etl.read_pdf(sample_pdf.TARGET)

    assert [one.text for one in found if one.text in sample_pdf.SAMPLE] == list(sample_pdf.SAMPLE)
    assert {one.kind for one in found} >= {"title", "heading", "body", "caption", "footnote", "table"}
    assert all(one.boxes and one.page == one.boxes[0].page for one in found)
