"""Assess how well the pages of a PDF could be read: figures for an operator, and doubtful pages.

Another sign of a doubtful page is one more line in `_doubtful`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from etl.model.layout import SURE
from etl.model.report import Pages
from etl.read.pdf.page import WIDE_FROM, Box, Glyph, PdfPage, Telling, TypeLine, around

Block = Sequence[TypeLine]
PROSE = 10  # characters of Chinese: what stands beside as much is a column that was not seen
# Lines that were read over a gap, at least and of those of the page: one or two are heads, or numbers of a
# list.
ACROSS, SHARE = 3, 0.2
MIN_BACKSTEPS = 3  # steps upwards within one column: a raised sign and a fraction make one each
FEWEST_LINES, SHORTEST = 2, 8  # lines of a column of text, and characters of one: less is a label or number
PICTURED = 0.3  # of the page: a mark or seal on an empty one is smaller
BESIDE = 0.5  # of the lower block: columns stand beside each other
# Characters of a font that no Chinese text has, at least and of all: one or two are signs of a language.
ODD, ODD_SHARE = 3, 0.02
# Balinese and Sundanese, Tai Tham, Vedic and Latin Extended Additional: where maps that are
# shifted by a constant lead to; and what stands for no character at all.
STRANGE = (
    (0x1A20, 0x1AB0),
    (0x1B00, 0x1C50),
    (0x1CD0, 0x1D00),
    (0x1E00, 0x1F00),
    (0xFFFD, 0xFFFE),
)


def count_telling(glyphs: Iterable[Glyph]) -> Counter[tuple[str, Telling]]:
    """Count the characters of each font by whether it tells them, a witness does, or nothing."""
    return Counter((glyph.font, _telling(glyph)) for glyph in glyphs)


def _telling(glyph: Glyph) -> Telling:
    if glyph.confidence == 1:
        return "untold" if is_strange(glyph.text) else "told"
    return "witnessed" if glyph.confidence else "untold"


def is_strange(sign: str) -> bool:
    """Check whether a character is one to which broken maps lead, and no Chinese text."""
    code = ord(sign[0])
    return any(begin <= code < end for begin, end in STRANGE)


def assess_pages(pages: Sequence[PdfPage], blocks: Sequence[Sequence[Block]]) -> Pages:
    """Assess the pages of a document, each given with its blocks in reading order."""
    fonts: Counter[tuple[str, Telling]] = Counter()
    for page in pages:
        fonts.update(page.fonts)
    counts = _counts(fonts)
    return Pages(
        count=len(pages),
        columns=max(map(_columns, blocks), default=0),
        broken_fonts=sum(_broken(read + odd, told) for told, read, odd in counts),
        unmended_fonts=sum(_broken(odd, told + read) for told, read, odd in counts),
        doubtful=tuple(
            page.number + 1 for page, own in zip(pages, blocks, strict=True) if _doubtful(page, own)
        ),
        ocr=_share(pages),
        unread=tuple(page.number + 1 for page in pages if _is_picture(page)),
        doubtful_lines=sum(line.confidence < SURE for page in pages for line in page.all_lines),
    )


def is_untold(fonts: Mapping[tuple[str, Telling], int]) -> bool:
    """Check whether a page has a font that does not tell its characters, nor does a witness."""
    return any(_broken(untold, told + read) for told, read, untold in _counts(fonts))


def _counts(fonts: Mapping[tuple[str, Telling], int]) -> list[tuple[int, ...]]:
    """Return of each font how many characters it tells, how many a witness does, and how many nothing."""
    kinds: tuple[Telling, ...] = ("told", "witnessed", "untold")
    return [tuple(fonts.get((name, kind), 0) for kind in kinds) for name in {font for font, _ in fonts}]


def _share(pages: Sequence[PdfPage]) -> float:
    """Return the share of the characters that were read from the picture of a page."""
    sizes = [(sum(len(line.text) for line in page.all_lines), page) for page in pages]
    read = sum(size if page.ocr else min(size, page.pictured) for size, page in sizes)
    return read / max(1, sum(size for size, _ in sizes))


def _is_picture(page: PdfPage) -> bool:
    """Check whether a page is a picture that nobody read: it has no text, and much of it is drawn."""
    drawn = sum(box.width * box.height for box in page.pictures)
    return not page.all_lines and not page.ocr and drawn >= PICTURED * page.width * page.height


def _broken(odd: int, sound: int) -> bool:
    return odd >= ODD and odd >= ODD_SHARE * (odd + sound)


def _columns(blocks: Sequence[Block]) -> int:
    """Return how many columns of text stand side by side at most."""
    boxes = [
        (block[0].vertical, around([line.box for line in block]))
        for block in blocks
        if block[0].role == "body" and len(block) >= FEWEST_LINES and _wordy(block)
    ]
    beside = (
        1 + sum(way == other_way and _beside(one, other) for other_way, other in boxes) for way, one in boxes
    )
    return max(beside, default=int(bool(blocks)))


def _wordy(block: Block) -> bool:
    """Check whether a block is text, and no labels or numbers."""
    return sum(len(line.text) for line in block) >= SHORTEST * len(block)


def _beside(a: Box, b: Box) -> bool:
    apart = a.x1 <= b.x0 or b.x1 <= a.x0
    return apart and min(a.bottom, b.bottom) - max(a.top, b.top) > BESIDE * min(a.height, b.height)


def _doubtful(page: PdfPage, blocks: Sequence[Block]) -> bool:
    """Check whether lines may not stand in the order in which a reader takes them."""
    if not page.upright:
        return True
    texts = [line for block in blocks for line in block if line.role == "body"]
    across = sum(_across(line) for line in texts)
    return across >= max(ACROSS, SHARE * len(texts)) or sum(map(_back, blocks)) >= MIN_BACKSTEPS


def _across(line: TypeLine) -> bool:
    """Check whether a line was put together of two that are text on their own."""
    return sum(sum(sign >= WIDE_FROM for sign in cell.text) >= PROSE for cell in line.cells) > 1


def _back(block: Block) -> int:
    """Return how often a block of text steps upwards."""
    if block[0].role != "body":
        return 0
    return sum(below.base < line.base - line.size for line, below in pairwise(block))
