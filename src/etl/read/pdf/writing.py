"""Write the lines of the raw text; what interrupts a paragraph is put behind it, furniture stays in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from etl.model.report import LineEnd, Mark
from etl.read.pdf.furniture import rows_of
from etl.read.pdf.insets import Flow, parted_insets
from etl.read.pdf.page import Role, TypeLine
from etl.read.pdf.seams import line_end_states
from etl.read.pdf.tables import TAB

MARKS: dict[Role, Mark] = {
    "furniture": "furniture",
    "note": "note",
    "caption": "caption",
    "table": "row",
    "label": "label",
}
Block = Sequence[TypeLine]
ROOM = 2.0  # of the size: a line of a note or caption that leaves less is full
INDENT = 0.5  # of the size: a line that begins deeper begins another note


class PrintedLine(NamedTuple):
    """The place ``text[start:end]`` of a line of print in a line of the raw text."""

    start: int
    end: int
    line: TypeLine


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of the raw text of a PDF.

    Attributes:
        text: its words.
        mark: its kind; None for running text.
        end: what is known of the line end behind it.
        places: the lines of print that it was made from, each with its place in the text.
        fresh: it is the first line of a page.
    """

    text: str
    mark: Mark | None
    end: LineEnd
    places: tuple[PrintedLine, ...]
    fresh: bool = False


def raw_lines(pages: Sequence[Sequence[Block]], body: float) -> list[RawLine]:
    """Write the lines of all pages, given as blocks in reading order, with what is known of their ends."""
    flow = _parted([block for page in pages for block in page], body)
    known = iter(line_end_states([part.lines for part in flow if _is_text(part)], body))
    out: list[RawLine] = []
    waiting: list[RawLine] = []
    running = False
    for part in flow:
        block = part.lines
        if not _is_text(part):
            found = list(_inset_lines(block, body) if part.inset else _float_lines(block))
            if running and block[0].role != "furniture":
                waiting += found
            else:
                out += [_carried(one, out[-1].end) if running else one for one in found]
            continue
        for line, end in zip(block, next(known), strict=True):
            out.append(_one(line, None, end))
            running = end != "end"
            if not running:
                out += waiting
                waiting = []
    return list(_paged(_mended([*out, *waiting])))


def _parted(blocks: Sequence[Block], body: float) -> list[Flow]:
    """Return the blocks in order, each text parted from what is set into it."""
    parts = iter(parted_insets([block for block in blocks if block[0].role == "body"], body))
    return [
        part
        for block in blocks
        for part in (next(parts) if block[0].role == "body" else [Flow(block, inset=False)])
    ]


def _is_text(part: Flow) -> bool:
    return part.lines[0].role == "body" and not part.inset


def _inset_lines(block: Block, body: float) -> Iterator[RawLine]:
    """Yield the lines of what is set into a text."""
    for line, end in zip(block, line_end_states([block], body)[0], strict=True):
        yield _one(line, None, end)


def _carried(one: RawLine, end: LineEnd) -> RawLine:
    return replace(one, end=end)


def _one(line: TypeLine, mark: Mark | None, end: LineEnd) -> RawLine:
    """Write one line of print; a table row has a place for each of its cells."""
    if line.role == "table":
        return RawLine(line.text, mark, end, tuple(_cells(line.text, line.cells)))
    return RawLine(line.text, mark, end, (PrintedLine(0, len(line.text), line),))


def _cells(text: str, cells: Sequence[TypeLine]) -> Iterator[PrintedLine]:
    """Yield the places of a row's cells in its text; empty cells have none."""
    at, left = 0, iter(cells)
    for cell in text.split(TAB):
        if cell:
            yield PrintedLine(at, at + len(cell), next(left))
        at += len(cell) + 1


def _float_lines(block: Block) -> Iterator[RawLine]:
    """Yield the lines of a float; labels on one base line are one, a note's lines that go on are joined."""
    role = block[0].role
    if role == "label":
        for row in rows_of(block):
            text = TAB.join(line.text for line in row)
            yield RawLine(text, MARKS[role], "end", tuple(_cells(text, row)))
        return
    for k, line in enumerate(block):
        goes_on = role in ("note", "caption") and k + 1 < len(block) and _continues(line, block[k + 1], block)
        yield _one(line, MARKS[role], "join" if goes_on else "end")


def _continues(line: TypeLine, below: TypeLine, block: Block) -> bool:
    """Check whether a line of a note or caption is full and continued below, not followed by a new note."""
    right = max(one.box.x1 for one in block)
    return (
        line.box.x1 > right - ROOM * line.size
        and below.box.x0 <= line.box.x0 + INDENT * line.size
        and line.page == below.page
    )


def _mended(lines: Sequence[RawLine]) -> Iterator[RawLine]:
    """Yield the lines, with each word that was divided at a line end made whole in the first of its lines."""
    held: RawLine | None = None
    for line in lines:
        if held is None:
            held = line
        elif (
            held.end == "join"
            and held.mark == line.mark
            and held.places[-1].line.broken
            and line.text[:1].isascii()
        ):
            held = _whole(held, line)
        else:
            yield held
            held = line
    if held is not None:
        yield held


def _whole(left: RawLine, right: RawLine) -> RawLine:
    text = _undivided(left.text, right.text)
    by = len(text) - len(right.text)
    moved = (PrintedLine(one.start + by, one.end + by, one.line) for one in right.places)
    return RawLine(text, right.mark, right.end, (*left.places, *moved))


def _undivided(left: str, right: str) -> str:
    """Join two halves of a divided word; the hyphen stays unless a small letter follows."""
    return left + right if right[:1].islower() else f"{left}-{right}"


def _paged(lines: Iterator[RawLine]) -> Iterator[RawLine]:
    last = 0
    for page, group in groupby(lines, key=lambda line: line.places[0].line.page if line.places else last):
        for k, line in enumerate(group):
            yield replace(line, fresh=k == 0 and page != last)
        last = page
