"""Read PDFs: each page into lines, and the whole document into a Reading."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain

from etl.model.errors import RejectError
from etl.model.layout import Layout, Stretch
from etl.model.report import Encoding, Marked, RawReport, Reading
from etl.read.limits import Limits
from etl.read.pdf.columns import blocks
from etl.read.pdf.directions import Directions, directions_of, held_box, turned_box, turned_line
from etl.read.pdf.engine import (
    PageDrawing,
    fault_error,
    gray_picture,
    limit_error,
    open_document,
    read_drawing,
)
from etl.read.pdf.floats import find_floats
from etl.read.pdf.furniture import find_furniture
from etl.read.pdf.lines import line_of, lines_of
from etl.read.pdf.page import USUAL_SIZE, Glyph, PdfPage, TypeLine
from etl.read.pdf.picture_witness import told_by_picture
from etl.read.pdf.quality import assess_pages, count_telling, is_untold
from etl.read.pdf.recognition import Picture, RecognizedWord
from etl.read.pdf.scanned_page import scanned_page
from etl.read.pdf.tables import mark_repeated_heads
from etl.read.pdf.witness import Witness
from etl.read.pdf.wrappers import refuse_wrapper
from etl.read.pdf.writing import RawLine, raw_lines

MOST_LINES = 1_500  # of a page that is a page; those of one with more stay in the order of their places
PAGES_AT_ONCE = 25  # pages
UTF8 = Encoding("utf-8", 1.0)
# The words on the picture of one of so many pages.
Recognize = Callable[[Picture, int], Sequence[RecognizedWord]]


def read_pdf(raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading:
    """Read the text of a PDF: its text layer, and by its picture each page that has none or a broken one.

    Args:
        raw: the file.
        limits: how much of the file may be read.
        recognize: reads the picture of a page; None where nothing is installed that can.

    Raises:
        RejectError: ``encrypted``; ``portfolio`` or ``xfa form`` where its content stands on no page;
                ``scan`` where no page has any text; ``pdf limit`` where a limit is passed; ``pdf`` for a
                broken file.
    """
    document = open_document(raw.payload)
    try:
        refuse_wrapper(document)
        count = len(document)
        if count > limits.pages:
            raise limit_error(f"{count} pages", f"{limits.pages} (setting pdf.max_pages)")
    finally:
        document.close()
    pages = list(_pages(raw, count, limits))
    if not pages:
        raise fault_error("it has no page that can be read")
    if recognize is not None:
        pages = [_recognized(raw, limits, page, (count, recognize)) for page in pages]
    if not any(page.lines for page in pages):
        raise _scan(count, recognize)
    return reading_of(pages)


def _scan(count: int, recognize: Recognize | None) -> RejectError:
    if recognize is None:
        what = f"found {count} pages without text, expected a text layer: scan, install the extra `ocr`"
        return RejectError("read", "scan", f"{what} and run `etl quarantine retry --reason scan`")
    what = f"found a scan, {count} pages on which nothing can be read; expected text; scan it again"
    return RejectError("read", "scan", what)


def _recognized(raw: RawReport, limits: Limits, page: PdfPage, how: tuple[int, Recognize]) -> PdfPage:
    """Return a page with what is recognized in its picture, where it has no lines or they are not told.

    ``how`` is the number of pages, and the function that recognizes.
    """
    scanned = page.pictures and not page.lines
    if not scanned and (page.across or not is_untold(page.fonts)):
        return page
    document = open_document(raw.payload)
    try:
        picture = gray_picture(document, page.number)
        shown = None if scanned else read_drawing(document, page.number, limits, _witness(raw, limits))
    finally:
        document.close()
    words = how[1](picture, how[0])
    if shown is not None:
        mended = told_by_picture(shown, words)
        count = sum(one is not other for one, other in zip(shown.glyphs, mended.glyphs, strict=True))
        return replace(_page(mended, page.number), pictured=count)
    return scanned_page(picture, words)


def _witness(raw: RawReport, limits: Limits) -> Witness | None:
    return Witness(raw.payload) if limits.witness else None


def reading_of(pages: Sequence[PdfPage]) -> Reading:
    """Make the Reading of a document's pages: furniture and floats marked, lines in reading order."""
    pages = _as_others(pages)
    body = _body(pages)
    typed = [find_floats(page, body) for page in find_furniture(pages, body)]
    ordered = mark_repeated_heads([[*_alike(blocks(page))] for page in typed])
    upright = all(page.upright for page in typed)
    widths = {page.number: page.across.width for page in typed if page.across}
    found = _reading(raw_lines(ordered, body), widths)
    return replace(found, ordered=upright, pages=assess_pages(typed, ordered))


def _pages(raw: RawReport, count: int, limits: Limits) -> Iterator[PdfPage]:
    """Yield the pages, the document reopened every `PAGES_AT_ONCE`, since pdfium keeps what it has loaded."""
    witness = _witness(raw, limits)
    for begin in range(0, count, PAGES_AT_ONCE):
        document = open_document(raw.payload)
        try:
            for number in range(begin, min(count, begin + PAGES_AT_ONCE)):
                shown = read_drawing(document, number, limits, witness)
                if shown is not None:
                    yield _page(shown, number)
        finally:
            document.close()


def _page(shown: PageDrawing, number: int) -> PdfPage:
    found = directions_of(shown.glyphs, shown.sideways, shown.width)
    if found.runs_down:
        return _turned(shown, found, number)
    return replace(
        _level(shown, shown.glyphs, number),
        turned=_turned(shown, found, number) if found.may_run_down else None,
    )


def _level(shown: PageDrawing, glyphs: Sequence[Glyph], number: int) -> PdfPage:
    """Read the lines from left to right."""
    printed = lines_of(glyphs, number, shown.strokes)
    filled = (replace(line_of(field, number), whole=True) for field in shown.fields)
    lines = tuple(sorted((*printed, *filled), key=lambda line: (line.base, line.box.x0)))
    return PdfPage(
        number, shown.width, shown.height, lines, shown.strokes, shown.fills, shown.pictures,
        upright=len(lines) <= MOST_LINES,
        fonts=count_telling(shown.glyphs),
    )  # fmt: skip


def _turned(shown: PageDrawing, found: Directions, number: int) -> PdfPage:
    """Read the lines from top to bottom on the page turned, and the others on the page as held."""
    signs = chain.from_iterable(turned_line(line, shown.width) for line in found.down)
    strokes, fills, pictures = (
        tuple(turned_box(box, shown.width) for box in boxes)
        for boxes in (shown.strokes, shown.fills, shown.pictures)
    )
    lines = tuple(
        replace(line, vertical=True) for line in lines_of((*signs, *found.sideways), number, strokes)
    )
    across = _level(shown, found.level, number)
    upright = across.upright and len(lines) <= MOST_LINES
    down = tuple(replace(line, box=held_box(line.box, shown.width)) for line in lines)
    level = tuple(replace(line, box=turned_box(line.box, shown.width)) for line in across.lines)
    return PdfPage(
        number, shown.height, shown.width, lines, strokes, fills, pictures,
        upright=upright,
        fonts=count_telling((*shown.glyphs, *shown.sideways)),
        across=replace(across, upright=upright, crossing=down),
        crossing=level,
    )  # fmt: skip


def _as_others(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """Return the pages, those turned that may run down where most others do."""
    printed = [page for page in pages if page.lines and not page.turned]
    down = 2 * sum(page.across is not None for page in printed) > len(printed)
    return [page.turned if page.turned and down else replace(page, turned=None) for page in pages]


def _body(pages: Sequence[PdfPage]) -> float:
    """Return the size of most type of a document, in points; `USUAL_SIZE` where it has none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.all_lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else USUAL_SIZE


def _alike(found: Sequence[Sequence[TypeLine]]) -> Iterator[list[TypeLine]]:
    """Yield the blocks, each cut where the role or direction of its lines changes."""
    for block in found:
        part: list[TypeLine] = []
        for line in block:
            if part and (part[-1].role, part[-1].vertical) != (line.role, line.vertical):
                yield part
                part = []
            part.append(line)
        yield part


def _reading(lines: Sequence[RawLine], widths: Mapping[int, float]) -> Reading:
    text = "\n".join(line.text for line in lines)
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    marks = tuple(
        Marked(at, at + len(line.text), line.mark)
        for at, line in zip(starts, lines, strict=False)
        if line.mark
    )
    layout = Layout(tuple(_stretches(starts, lines, widths)))
    breaks = tuple(at for at, line in zip(starts, lines, strict=False) if line.fresh)
    ends = tuple(line.end for line in lines[:-1])
    return Reading(text, breaks, UTF8, ends, marks, ordered=True, layout=layout)


def _stretches(
    starts: Sequence[int], lines: Sequence[RawLine], widths: Mapping[int, float]
) -> Iterator[Stretch]:
    """Yield where lines stand on their pages; ``widths`` are those of pages that were turned."""
    for at, one in zip(starts, lines, strict=False):
        for start, end, line in one.places:
            x0, top, x1, bottom = held_box(line.box, widths[line.page]) if line.vertical else line.box
            yield Stretch(at + start, at + end, line.page + 1, x0, top, x1, bottom, line.confidence)
