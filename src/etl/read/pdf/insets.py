"""Find what is set into a paragraph that goes on behind it: pull quotes, boxes and sidebars.

They are in type of another size, and interrupt a line that is full and ends in mid-sentence.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from etl.read.pdf.margins import BlockMeasure, line_end, measures_of
from etl.read.pdf.page import WIDE_FROM, TypeLine
from etl.text.marks import CLOSERS, SENTENCE_END

FULL = 1.7  # of the size: a line that leaves less room at its end is full
DEEPEST_INDENT = 3.2  # of the size: a line that begins deeper is centred
FLUSH = 0.8  # of the size: a line that begins nearer to the margin is not indented
SAME_TYPE = 0.02  # of the size: type of the text before and behind an inset
OTHER_TYPE = 0.045  # of the size: type of an inset differs by more; half a point of ten is other type
APART = 1.28  # of the line distance: an inset stands further below the text that it interrupts
MOST_LINES = 60  # of an inset: what is longer is a text of its own
FEWEST_HAN = 8  # characters of an inset: a formula has fewer
SHORTEST = 8  # characters of the line that an inset interrupts
ANNOUNCES = "：:；;"  # at its end what follows belongs there, such as a quotation
Block = Sequence[TypeLine]


class Flow(NamedTuple):
    """A block of text, and whether it is an inset."""

    lines: Block
    inset: bool


class _Placed(NamedTuple):
    """A line with its block, and that block's measure."""

    line: TypeLine
    block: Block
    column: BlockMeasure


def parted_insets(blocks: Sequence[Block], body: float) -> list[list[Flow]]:
    """Return for each block of text its parts in order, those that are insets told from the others.

    ``body`` is the size of the text in points.
    """
    measured = measures_of(blocks)
    lines = [
        _Placed(line, block, column) for block, column in zip(blocks, measured, strict=True) for line in block
    ]
    inset = [False] * len(lines)
    for begin, end in _insets(lines, body):
        inset[begin:end] = [True] * (end - begin)
    out: list[list[Flow]] = []
    at = 0
    for block in blocks:
        out.append(list(_parts(block, inset[at : at + len(block)])))
        at += len(block)
    return out


def _parts(block: Block, inset: Sequence[bool]) -> Iterator[Flow]:
    bounds = [0, *(k for k in range(1, len(block)) if inset[k] != inset[k - 1]), len(block)]
    for begin, end in pairwise(bounds):
        yield Flow(block[begin:end], inset[begin])


def _insets(lines: Sequence[_Placed], body: float) -> Iterator[tuple[int, int]]:
    """Yield the begin and the end of each inset."""
    k = 1
    while k < len(lines):
        end = _end_of_inset(lines, k, body)
        if end is not None:
            yield k, end
        k = end or k + 1


def _end_of_inset(lines: Sequence[_Placed], begin: int, body: float) -> int | None:
    """Return where the inset that begins with a line ends; None for none."""
    before, first = lines[begin - 1], lines[begin]
    if not _is_other(first.line, before.line) or not _is_interrupted(before, first, body):
        return None
    for end in range(begin + 1, min(len(lines), begin + MOST_LINES + 1)):
        after = lines[end]
        if not _is_other(after.line, before.line):
            held = [one.line for one in lines[begin:end]]
            return end if _goes_on(before.line, after) and _says_something(held) else None
    return None


def _is_interrupted(before: _Placed, first: _Placed, body: float) -> bool:
    """Check whether a line of text is full and ends in mid-sentence, what follows being set apart from it."""
    line, text = before.line, before.line.text.rstrip(CLOSERS)
    open_end = len(text) >= SHORTEST and text[-1] not in SENTENCE_END and text[-1] not in ANNOUNCES
    step = first.line.base - line.base
    near = before.block is first.block and 0 < step <= APART * before.column.pitch
    usual = abs(line.size - body) <= OTHER_TYPE * body and not line.whole
    return usual and open_end and not near and _is_full(before)


def _is_full(placed: _Placed) -> bool:
    """Check whether a line reaches from margin to margin, as another one of its block does."""
    line, block, column = placed
    begins = line.box.x0 - column.left <= DEEPEST_INDENT * line.size
    full = sum(column.right - line_end(one) <= FULL * one.size for one in block if one.size == line.size)
    return begins and full > 1 and column.right - line_end(line) <= FULL * line.size


def _is_other(line: TypeLine, text: TypeLine) -> bool:
    return line.vertical is not text.vertical or abs(line.size - text.size) > OTHER_TYPE * text.size


def _goes_on(before: TypeLine, after: _Placed) -> bool:
    """Check whether a line of the type of the text before stands at its margin."""
    same = abs(after.line.size - before.size) <= SAME_TYPE * before.size and after.line.font == before.font
    return same and after.line.box.x0 - after.column.left <= FLUSH * before.size


def _says_something(lines: Sequence[TypeLine]) -> bool:
    return sum(sign >= WIDE_FROM for line in lines for sign in line.text) >= FEWEST_HAN
