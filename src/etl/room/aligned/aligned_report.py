"""Lay out a stored report for reading: both texts in rows, rows in pages, and where everything is.

`AlignedReports` opens reports and keeps the last few. The HTML of a page stays far below a megabyte.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from etl.model.decisions import is_repair
from etl.model.errors import EtlError
from etl.model.layout import Layout as Printed
from etl.model.report import RawReport, Report
from etl.read.formats import PDF
from etl.room.aligned.alignment import AlignedRow, AlignedRows, align_rows
from etl.room.aligned.marks import ChangeMark, Marks, mark_changes, marks_within
from etl.store.query.client import Store
from etl.store.records.report_codec import from_document
from etl.wiring import decode

# What a page may hold: characters of both texts, a mark and an entity counted as so many.
PAGE_COST = 60_000
MARK_COST = 60
ROW_COST = 100
# Reports that are kept; one of a long report takes some megabytes.
MAX_KEPT_REPORTS = 8


@dataclass(frozen=True)
class AlignedReport:
    """A report with both texts in rows.

    Attributes:
        report: as it is stored.
        revision: which of its versions that is.
        raw: the text that its bytes are read as.
        fits: whether the report was made of that text; else the rows are only roughly aligned.
        layout: both texts in rows.
        marks: changes as marks.
        printed: where the raw text stands on pages; empty where the file has none.
    """

    report: Report
    revision: int
    raw: str
    fits: bool
    layout: AlignedRows
    marks: Marks
    printed: Printed = field(default=Printed())

    @cached_property
    def pages(self) -> tuple[tuple[int, int], ...]:
        """The first row of each page and the one behind its last."""
        starts, cost = [0], 0
        for number, row in enumerate(self.layout.rows):
            more = self._cost(row)
            if cost and cost + more > PAGE_COST:
                starts.append(number)
                cost = 0
            cost += more
        return tuple(zip(starts, [*starts[1:], len(self.layout.rows)], strict=True))

    @cached_property
    def review_numbers(self) -> Mapping[int, int]:
        """The number of each repair in `etl review`, by its index in the ledger."""
        repairs = (number for number, change in enumerate(self.report.edits) if is_repair(change))
        return {number: item for item, number in enumerate(repairs, 1)}

    def page_of_row(self, row: int) -> int:
        """Return the page, counted from 1, of a row."""
        return max(1, bisect_right(self.pages, row, key=lambda page: page[0]))

    def page_of_text(self, at: int) -> int:
        """Return the page of an offset of the restored text."""
        return self.page_of_row(self.layout.row_of_text(at))

    def page_of_raw(self, at: int) -> int:
        """Return the page of an offset of the raw text."""
        return self.page_of_row(self.layout.row_of_raw(at))

    def raw_of_paragraph(self, number: int) -> tuple[int, int]:
        """Return the raw offsets of a paragraph, counted from 0."""
        paragraph = self.report.paragraphs[number]
        return self.report.raw_span(paragraph.start, paragraph.end)

    def paragraph_of_raw(self, start: int, end: int) -> int | None:
        """Return the paragraph, counted from 0, that has most of a stretch of the raw text."""
        shares: dict[int, int] = {}
        for stretch in self.layout.stretches_in(start, max(end, start + 1)):
            number = self.layout.slices[stretch.slice].paragraph
            shares[number] = shares.get(number, 0) + min(end, stretch.end) - max(start, stretch.start)
        return max(shares, key=lambda one: (shares[one], -one), default=None)

    def text_marks(self, row: AlignedRow) -> Sequence[ChangeMark]:
        """Return the changes shown in the text of a row; a paragraph's last row has those at its end."""
        if row.slice is None:
            return ()
        last = row.slice.end == self.report.paragraphs[row.slice.paragraph].end
        return marks_within(self.marks.text, row.slice.start, row.slice.end + last)

    def raw_marks(self, row: AlignedRow) -> Sequence[ChangeMark]:
        """Return the changes that begin in the raw text of a row."""
        last = row.raw_end == len(self.raw)
        return marks_within(self.marks.raw, row.raw_start, row.raw_end + last)

    def explained_marks(self, row: AlignedRow) -> Sequence[ChangeMark]:
        """Return the changes that are explained below a row: those of its text, else of its raw text."""
        return self.text_marks(row) if row.slice else self.raw_marks(row)

    def entities(self, row: AlignedRow) -> Sequence[ChangeMark]:
        """Return the entities that begin in a row, as marks with their numbers."""
        if row.slice is None:
            return ()
        found = self.report.entities
        first = bisect_left(found, row.slice.start, key=lambda one: one.start)
        last = bisect_left(found, row.slice.end, key=lambda one: one.start)
        return [ChangeMark(found[k].start, found[k].end, k, "small") for k in range(first, last)]

    def _cost(self, row: AlignedRow) -> int:
        marks = len(self.text_marks(row)) + len(self.raw_marks(row)) + len(self.entities(row))
        length = row.slice.end - row.slice.start if row.slice else 0
        return length + row.raw_end - row.raw_start + MARK_COST * marks + ROW_COST


# What is new of a stored report with each version, and what changes without one.
STATE = ("batch", "reprint_of", "source.gone_at")


class AlignedReports:
    """Opens reports, and keeps those that were requested last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str], AlignedReport] = OrderedDict()
        self._lock = Lock()

    def open(self, report_id: str) -> AlignedReport:
        """Open a report as it is stored now.

        Raises:
            SetupError: there is none.
        """
        found = next(iter(self._store.documents([report_id], STATE)), None)
        key = (report_id, repr(found))
        with self._lock:
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)
                return kept
        made = lay_out_report(self._store, self._store.document(report_id, other_text=False))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MAX_KEPT_REPORTS:
                self._kept.popitem(last=False)
        return made


def lay_out_report(store: Store, document: dict[str, Any]) -> AlignedReport:
    """Lay out a stored report; the raw text is empty where its bytes are not kept or cannot be read."""
    report = from_document(document)
    try:
        payload = store.raw(report.id)
        raw = decode(RawReport(report.source.uri, report.source.media_type, payload))
    except EtlError:
        raw = ""
    fits = bool(raw) and all(
        raw.startswith(change.before, change.start) for change in report.edits if change.stage == "repair"
    )
    layout = align_rows(report, len(raw))
    paged = report.source.media_type == PDF
    printed = store.report(report.id).layout if paged else Printed()
    return AlignedReport(
        report, document["revision"], raw, fits, layout, mark_changes(report, len(raw)), printed
    )
