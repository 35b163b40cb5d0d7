"""Align the raw text of a report with the restored one, both complete and each in its own order.

Each row holds a stretch of one paragraph and the raw text beside it. Where a piece was moved, the raw column
shows it where it stood, and says so; all else stands beside what was made of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from etl.model.report import Report
from etl.model.traced import Traced

# Characters of a paragraph, and of raw text, in one row.
MAX_ROW_TEXT = 2_000
MAX_ROW_RAW = 4_000
# A long paragraph is cut behind a sentence where one ends so many characters before the limit.
SENTENCE_REACH = 400
ENDS = "。！？；\n"


class Slice(NamedTuple):
    """``text[start:end]`` of a report, which belongs to the paragraph of this number, from 0."""

    paragraph: int
    start: int
    end: int


class AlignedRow(NamedTuple):
    """A slice, or None beside raw text that has none, and the raw text beside it."""

    slice: Slice | None
    raw_start: int
    raw_end: int


class RawStretch(NamedTuple):
    """``raw[start:end]`` stands in the slice of this number; ``moved`` where not in the order of the file."""

    start: int
    end: int
    slice: int
    moved: bool = False


@dataclass(frozen=True, slots=True)
class AlignedRows:
    """The rows of a report in order, which of them holds each slice, and where the raw text went."""

    slices: tuple[Slice, ...]
    rows: tuple[AlignedRow, ...]
    row_of_slice: tuple[int, ...]
    stretches: tuple[RawStretch, ...]

    def row_of_text(self, at: int) -> int:
        """Return the number of the row with an offset of the restored text."""
        last = bisect_right(self.slices, at, key=lambda one: one.start) - 1
        return self.row_of_slice[max(0, last)] if self.slices else 0

    def row_of_paragraph(self, number: int) -> int:
        """Return the number of the row with which a paragraph begins."""
        first = bisect_left(self.slices, number, key=lambda one: one.paragraph)
        return self.row_of_slice[first] if first < len(self.slices) else 0

    def row_of_raw(self, at: int) -> int:
        """Return the number of the row with an offset of the raw text."""
        return max(0, bisect_right(self.rows, at, key=lambda row: row.raw_start) - 1)

    def stretches_in(self, start: int, end: int) -> Sequence[RawStretch]:
        """Return the stretches of the raw text between two offsets."""
        first = bisect_right(self.stretches, start, key=lambda stretch: stretch.end)
        last = bisect_left(self.stretches, end, key=lambda stretch: stretch.start)
        return self.stretches[first:last]


def align_rows(report: Report, raw_length: int) -> AlignedRows:
    """Align both texts of a report in rows."""
    slices = tuple(_slices(report))
    stretches = _mark_moved(_raw_stretches(report, slices, raw_length), len(slices))
    rows = tuple(_rows(slices, stretches, raw_length))
    numbers = tuple(number for number, row in enumerate(rows) if row.slice)
    return AlignedRows(slices, rows, numbers, stretches)


def _slices(report: Report) -> Iterator[Slice]:
    for number, paragraph in enumerate(report.paragraphs):
        start = paragraph.start
        while paragraph.end - start > MAX_ROW_TEXT:
            end = _cut(report.text, start + MAX_ROW_TEXT)
            yield Slice(number, start, end)
            start = end
        yield Slice(number, start, paragraph.end)


def _cut(text: str, limit: int) -> int:
    """Return the end of the last sentence that ends shortly before ``limit``, else ``limit``."""
    ends = [text.rfind(mark, limit - SENTENCE_REACH, limit) + 1 for mark in ENDS]
    return max(ends) or limit


def _raw_stretches(report: Report, slices: Sequence[Slice], raw_length: int) -> list[RawStretch]:
    """Return the stretches of the raw text in their order, without overlaps."""
    whole = Traced(report.text, report.runs)
    found = sorted(
        (start, end, number)
        for number, one in enumerate(slices)
        for start, end in whole.raw_spans(one.start, one.end)
    )
    stretches, last = list[RawStretch](), 0
    for start, end, number in found:
        here, there = max(start, last), min(end, raw_length)
        if here < there:
            stretches.append(RawStretch(here, there, number))
            last = there
    return stretches


def _mark_moved(stretches: Sequence[RawStretch], slices: int) -> tuple[RawStretch, ...]:
    """Mark as moved every stretch outside the heaviest subsequence that is increasing in both texts."""
    best = _Best(slices)
    before: list[int] = []
    for number, stretch in enumerate(stretches):
        weight, last = best.until(stretch.slice)
        before.append(last)
        best.put(stretch.slice, (weight + stretch.end - stretch.start, number))
    kept, at = set[int](), best.until(slices - 1)[1] if slices else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return tuple(stretch._replace(moved=number not in kept) for number, stretch in enumerate(stretches))


class _Best:
    """The heaviest increasing subsequence up to each slice: its weight and its last stretch."""

    def __init__(self, size: int) -> None:
        self._tree = [(0, -1)] * (size + 1)

    def until(self, at: int) -> tuple[int, int]:
        found, k = (0, -1), at + 1
        while k > 0:
            found = max(found, self._tree[k])
            k &= k - 1
        return found

    def put(self, at: int, value: tuple[int, int]) -> None:
        k = at + 1
        while k < len(self._tree):
            self._tree[k] = max(self._tree[k], value)
            k += k & -k


def _rows(slices: Sequence[Slice], stretches: Sequence[RawStretch], raw_length: int) -> Iterator[AlignedRow]:
    """Yield a row for each slice, with the raw text up to where that of the next slice begins."""
    begins: dict[int, int] = {}
    for stretch in stretches:
        if not stretch.moved:
            begins.setdefault(stretch.slice, stretch.start)
    bounds = [0]
    ahead = raw_length
    for number in range(len(slices) - 1, 0, -1):
        ahead = begins.get(number, ahead)
        bounds.append(ahead)
    bounds = [0, *reversed(bounds[1:]), raw_length]
    for one, (start, end) in zip(slices, pairwise(bounds), strict=True) if slices else ():
        yield from _cut_row(AlignedRow(one, start, end))
    if not slices:
        yield from _cut_row(AlignedRow(None, 0, raw_length))


def _cut_row(row: AlignedRow) -> Iterator[AlignedRow]:
    """Yield the row, and further ones without restored text where its raw text is too long for one."""
    one, start = row.slice, row.raw_start
    while row.raw_end - start > MAX_ROW_RAW:
        yield AlignedRow(one, start, start + MAX_ROW_RAW)
        one, start = None, start + MAX_ROW_RAW
    yield AlignedRow(one, start, row.raw_end)
