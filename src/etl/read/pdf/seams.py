"""Tell of each line end by geometry: a paragraph ends there, goes on, or nobody can tell.

Ask `line_end_states` once a document. Another sign of a paragraph's end is one more line in `_Seams.within`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from etl.model.report import LineEnd
from etl.read.pdf.margins import LONGEST_STEP, SAME_PLACE, BlockMeasure, line_end, measures_of, quoted
from etl.read.pdf.page import TypeLine, printed_width
from etl.text.marks import CLOSERS, SENTENCE_END
from etl.text.numbering import BULLETS, COUNT_SIGNS, DASHES
from etl.text.numerals import UP_TO_TENS

INDENT = 0.8  # of the size: less is no indent, but play of the measure
INDENT_RANGE = (1.2, 3.2)  # of the size: an indent of about two characters, which begins a paragraph
# In lines from top to bottom paragraphs may begin one character down, for characters stand in rows there.
INDENT_RANGE_DOWN = (0.8, 3.2)
DEEPEST_INDENT = 6.0  # of the size: what begins deeper is centred, or a cell
SIGNED = 0.5  # of the width of the column: a line at the right with a name or a date is no longer
DEEP_CENTRED = 3.0  # of the size: centred lines that begin deeper are ended by themselves
MUCH_ROOM = 3.0  # of the size: room at the end of a line that surely ends a paragraph
SHORT = 1.7  # of the size: room at the end of a line into which the next word would have gone
LOOSE = 2.6  # of the size: more is no line distance of a text
FEWEST_STEPS = 4  # line distances that make a habit
USUAL_PITCH = 1.5  # of the size: the line distance where none was measured
WORD_SLACK = 0.6  # of the size: room beside a Latin word that would have gone into the line
FEWEST_SPACES = 2  # wide line distances of a document that put space between paragraphs
FEWEST_INDENTS = 2  # indented lines of a document that indents, of all lines
FEWEST_BEGINS = 3  # of the lines behind room that are indented
TITLE_STEP = 2.0  # of the size, from line to line of one title
TITLE_SHIFT = 2.0  # of the size: how far the middles of a title's lines may be apart, both sides together
WIDER = 1.28  # of the line distance: space between paragraphs
RESIZED = 0.07  # of the larger size: what differs by more is other type; see `floats.SAME_SIZE`
LARGER = 1.12  # than the text: type of titles
CENTRED = 1.2  # of the size: how far the middle of a line may be off
NOTE_NUMBERS = "0123456789[⁰¹²³⁴⁵⁶⁷⁸⁹"
BULLET = re.compile(
    rf"(?:[{BULLETS}*{DASHES}]\s?|[（(]?[0-9０-９{UP_TO_TENS}]{{1,3}}[）).、．]|[①-⑳]"
    rf"|第[{COUNT_SIGNS}]{{1,6}}[条條章节節])"
)
WORD = re.compile(r"[A-Za-z0-9./:@_%+-]+[,.;:]?")
MOSTLY = 0.8  # of the lines behind room: paragraphs begin there as they do everywhere
STYLED = 0.15  # of the line ends within blocks: space that makes a habit of the document
INDENTED = 0.075  # of the lines that stand flush: indents that make one


def line_end_states(blocks: Sequence[Sequence[TypeLine]], body: float) -> list[list[LineEnd]]:
    """Return for each block the states of its line ends; the last is that of the seam to the next block."""
    columns = measures_of(blocks)
    pitches = _pitches(blocks)
    seams = _Seams(body, pitches, indents=_indents(blocks, columns), spaced=_spaced(blocks, pitches))
    out: list[list[LineEnd]] = []
    for k, (block, column) in enumerate(zip(blocks, columns, strict=True)):
        mine: list[LineEnd] = []
        narrow = quoted(block, column)
        for n in range(len(block) - 1):
            within = narrow[n] if narrow[n] is narrow[n + 1] else None
            mine.append(seams.within(block, n, within or column, begins=not mine or mine[-1] == "end"))
        following = (blocks[k + 1], columns[k + 1]) if k + 1 < len(blocks) else None
        mine.append(seams.across(block, narrow[-1] or column, following) if following else "end")
        out.append(mine)
    return out


def _steps(blocks: Sequence[Sequence[TypeLine]]) -> Iterator[tuple[str, float, float]]:
    """Yield font, size and line distance of neighbours of one type."""
    for block in blocks:
        for line, below in pairwise(block):
            if (
                line.font == below.font
                and line.size == below.size
                and 0 < below.base - line.base < LONGEST_STEP * line.size
            ):
                yield line.font, line.size, round(below.base - line.base, 1)


def _pitches(blocks: Sequence[Sequence[TypeLine]]) -> dict[tuple[str, float], float]:
    """Return the line distance that is common for each type of a document."""
    found: dict[tuple[str, float], Counter[float]] = {}
    for font, size, step in _steps(blocks):
        found.setdefault((font, size), Counter())[round(step * 2) / 2] += 1
    return {key: steps.most_common(1)[0][0] for key, steps in found.items() if steps.total() >= FEWEST_STEPS}


def _spaced(blocks: Sequence[Sequence[TypeLine]], pitches: dict[tuple[str, float], float]) -> bool:
    """Check whether space stands between the paragraphs of a document."""
    wide = close = 0
    for font, size, step in _steps(blocks):
        pitch = pitches.get((font, size), 0.0)
        wide += bool(pitch) and step > WIDER * pitch
        close += bool(pitch) and step <= WIDER * pitch
    return wide >= FEWEST_SPACES and wide >= STYLED * close


def _indents(blocks: Sequence[Sequence[TypeLine]], columns: Sequence[BlockMeasure]) -> bool:
    """Check whether paragraphs of a document begin with an indent."""
    pairs = [
        (_is_indented(line, column), (line.box.x0 - column.left) / line.size)
        for block, column in zip(blocks, columns, strict=True)
        for line in block[1:]
        if line.role == "body"
    ]
    indented = sum(deep for deep, _ in pairs)
    flush = sum(abs(offset) < INDENT for _, offset in pairs)
    if indented >= FEWEST_INDENTS and indented >= INDENTED * flush:
        return True
    begins = list(_begins(blocks, columns))
    return sum(begins) >= FEWEST_BEGINS and sum(begins) >= MOSTLY * len(begins)


def _begins(blocks: Sequence[Sequence[TypeLine]], columns: Sequence[BlockMeasure]) -> Iterator[bool]:
    """Yield for each line behind one that leaves much room, a paragraph's first, whether it is indented."""
    for block, column in zip(blocks, columns, strict=True):
        for line, below in pairwise(block):
            if column.right - line_end(line) > MUCH_ROOM * line.size and below.size == line.size:
                yield _is_indented(below, column)


def _is_indented(line: TypeLine, column: BlockMeasure) -> bool:
    """Check whether a line begins as far from the margin as a paragraph does."""
    least, most = INDENT_RANGE_DOWN if line.vertical else INDENT_RANGE
    return least < (line.box.x0 - column.left) / line.size < most


@dataclass(frozen=True, slots=True)
class _Seams:
    """The habits of a document.

    Attributes:
        body: size of its text.
        pitches: line distance by font and size.
        indents: its paragraphs begin with an indent.
        spaced: space stands between its paragraphs.
    """

    body: float
    pitches: dict[tuple[str, float], float]
    indents: bool
    spaced: bool

    def within(self, block: Sequence[TypeLine], n: int, column: BlockMeasure, *, begins: bool) -> LineEnd:
        """Judge the line end between two lines of a block, the first of which begins a paragraph or not."""
        line, below = block[n], block[n + 1]
        step = below.base - line.base
        if line.whole or _resized(line, below) or step <= 0:
            return "end"
        if titled := self._title(line, below, column, step):
            return titled
        if step > WIDER * self._pitch_of(column, line) or _roomy(line, below, column.right):
            return "end"
        offset = (below.box.x0 - line.box.x0) / line.size
        if offset > INDENT:
            return _deeper(block, n, column)
        deep = (line.box.x0 - column.left) / line.size > INDENT
        if self._begins_anew(block, n, offset, begins=begins and deep):
            return "end"
        return self._full(line, below)

    def _begins_anew(self, block: Sequence[TypeLine], n: int, offset: float, *, begins: bool) -> bool:
        """Check whether the line below begins a paragraph as this one did: at its indent, or with a mark."""
        line, below = block[n], block[n + 1]
        if offset < -INDENT:
            hung = any(abs(cell.box.x0 - line.box.x0) < line.size for cell in below.cells[1:])
            return hung or (bool(BULLET.match(below.text)) and not begins)
        item = n + 2 < len(block) and BULLET.match(block[n + 2].text)
        again = (_first(block, n + 1) and not item) or _ends_sentence(line.text)
        return begins and self.indents and abs(offset) <= INDENT and again

    def _pitch_of(self, column: BlockMeasure, line: TypeLine) -> float:
        """Return the line distance to compare with: of the block, of such type in the document, or usual."""
        usual = self.pitches.get((line.font, line.size))
        if column.steps >= FEWEST_STEPS and column.pitch < LOOSE * line.size:
            return column.pitch if usual is None else max(column.pitch, min(usual, column.pitch * WIDER))
        return usual or (column.pitch if 0 < column.pitch < LOOSE * line.size else USUAL_PITCH * line.size)

    def _title(self, line: TypeLine, below: TypeLine, column: BlockMeasure, step: float) -> LineEnd | None:
        """Join lines of one title or heading; end deep centred lines; return None for all others."""
        alike = line.size >= LARGER * self.body and line.font == below.font and step <= TITLE_STEP * line.size
        if alike and abs(line.box.x0 + line.box.x1 - below.box.x0 - below.box.x1) <= TITLE_SHIFT * line.size:
            return "join"
        middle = (column.left + column.right) / 2
        both = all(
            abs((one.box.x0 + one.box.x1) / 2 - middle) <= CENTRED * one.size
            and one.box.x0 - column.left > INDENT * one.size
            for one in (line, below)
        )
        if both and line.box.x0 - column.left > DEEP_CENTRED * line.size:
            return "end"
        return "end" if _signs_off(line, below, column) else None

    def _full(self, line: TypeLine, below: TypeLine) -> LineEnd:
        """Judge a full line and one that stands flush below it."""
        if line.broken or not _ends_sentence(line.text):
            return "join"
        if BULLET.match(below.text):
            return "open"
        return "join" if self.indents or self.spaced else "open"

    def across(
        self,
        block: Sequence[TypeLine],
        column: BlockMeasure,
        following: tuple[Sequence[TypeLine], BlockMeasure],
    ) -> LineEnd:
        """Judge the seam between the end of a block and the begin of the next."""
        last, (after, margin) = block[-1], following
        below = after[0]
        deep = self.indents and (below.box.x0 - margin.left) / below.size > INDENT
        if last.whole or last.vertical is not below.vertical:
            return "end"
        if last.broken:
            return "join"
        if _resized(last, below) or _roomy(last, below, column.right) or _signs_off(last, below, column):
            return "end"
        if deep:
            return "join" if _hangs_across(block, column, following) else "end"
        styled = self.indents or self.spaced
        if styled and not _ends_sentence(last.text) and last.font == below.font and len(after) > 1:
            return "join"
        return "open"


def _resized(line: TypeLine, below: TypeLine) -> bool:
    """Check whether two lines are of different type."""
    return abs(line.size - below.size) > RESIZED * max(line.size, below.size)


def _first(block: Sequence[TypeLine], n: int) -> bool:
    """Check whether a line begins deeper than the next, as the first of a paragraph does."""
    return n + 1 < len(block) and block[n].box.x0 - block[n + 1].box.x0 > INDENT * block[n].size


def _deeper(block: Sequence[TypeLine], n: int, column: BlockMeasure) -> LineEnd:
    """Judge a line and a deeper one below: an item goes on, a paragraph begins, or a heading ends."""
    line, below = block[n], block[n + 1]
    if _hangs(block, n, (below.box.x0 - line.box.x0) / line.size):
        return "join"
    middle = (column.left + column.right - below.box.x0 - below.box.x1) / 2
    centred = abs(middle) <= CENTRED * below.size and below.box.x0 - column.left > DEEPEST_INDENT * below.size
    return "open" if centred and not _ends_sentence(line.text) else "end"


def _roomy(line: TypeLine, below: TypeLine, right: float) -> bool:
    """Check whether the begin of the line below would have fitted at the end of a line."""
    word = WORD.match(below.text)
    width = below.box.width * len(word[0]) / max(1.0, 2 * printed_width(below.text)) if word else 0.0
    return right - line_end(line) > max(SHORT * line.size, width + WORD_SLACK * line.size)


def _signs_off(line: TypeLine, below: TypeLine, column: BlockMeasure) -> bool:
    """Check whether a short line stands at the right at a place of its own, as a name and a date do."""
    begins = line.box.x0 - column.left
    short = line.box.width <= SIGNED * (column.right - column.left)
    moved = abs(line.box.x0 - below.box.x0) > SAME_PLACE * line.size
    return begins > DEEPEST_INDENT * line.size and short and moved


def _hangs(block: Sequence[TypeLine], n: int, offset: float) -> bool:
    """Check whether the line below continues an item whose mark hangs out to the left."""
    line, below = block[n], block[n + 1]
    if not BULLET.match(line.text) and not line.cells:
        return False
    aligned = any(abs(cell.box.x0 - below.box.x0) < line.size for cell in line.cells[1:])
    follows = n + 2 < len(block) and abs(block[n + 2].box.x0 - below.box.x0) < INDENT * line.size
    marked = abs(_hung(line) - below.box.x0) < INDENT * line.size and not _ends_sentence(line.text)
    return aligned or marked or (offset <= DEEPEST_INDENT and follows)


def _hung(line: TypeLine) -> float:
    """Return where the text behind the mark of an item begins (points); where the line does for no mark."""
    mark = BULLET.match(line.text)
    if mark and len(line.cells) > 1:
        return line.cells[1].box.x0
    return line.box.x0 + (printed_width(mark[0]) * line.size if mark else 0.0)


def _hangs_across(
    block: Sequence[TypeLine],
    column: BlockMeasure,
    following: tuple[Sequence[TypeLine], BlockMeasure],
) -> bool:
    """Check whether a block ends within an item that the next block continues, as far from margin or mark."""
    last, (after, margin) = block[-1], following
    below, slack = after[0], INDENT * last.size
    if _ends_sentence(last.text) or BULLET.match(below.text):
        return False
    hang = _hang(block)
    starts = last.box.x0 + hang if BULLET.match(last.text) else last.box.x0
    hangs = bool(BULLET.match(last.text)) or any(
        BULLET.match(line.text) and abs(line.box.x0 + hang - starts) < slack for line in block
    )
    mark = next((line.box.x0 for line in after if BULLET.match(line.text)), None)
    from_mark = mark is not None and abs(below.box.x0 - mark - hang) < slack
    from_margin = abs(starts - column.left - below.box.x0 + margin.left) < slack
    return hangs and (from_mark or from_margin)


def _hang(block: Sequence[TypeLine]) -> float:
    """Return how far behind their marks the items of a block begin, as its last ones tell (points)."""
    for line, below in list(pairwise(block))[::-1]:
        if BULLET.match(line.text) and below.box.x0 - line.box.x0 > INDENT * line.size:
            return below.box.x0 - line.box.x0
    return _hung(block[-1]) - block[-1].box.x0


def _ends_sentence(text: str) -> bool:
    return text.rstrip(CLOSERS + NOTE_NUMBERS)[-1:] in SENTENCE_END
