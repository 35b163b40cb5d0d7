"""Declare `Sink`, the output port of loading, and the adapter that writes to the database, `DatabaseSink`.

`etl.ingest.dry_run` has another adapter. A new thing to keep is a method of `Sink`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from etl.ingest.stats import UNCHANGED, RunStats, count_written
from etl.ingest.worker.context import WorkerContext
from etl.ingest.worker.identity import LearnedPlaces, places_of
from etl.model.report import RawReport, Rejected, Report
from etl.store.annotations import decisions
from etl.store.annotations.notes import NONE, Notes
from etl.store.blobs import layouts, source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.coordination.lease import Lease, check_lease
from etl.store.driver.connection import with_retry
from etl.store.records.reports import QuarantineRecord
from etl.store.reports import quarantine, report_writes, source_location
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite, StoredHead, WriteResult


@dataclass(frozen=True, slots=True)
class Processed:
    """The result of processing one report, with its bytes, its id, its stored head and people's notes."""

    raw: RawReport
    id: str
    head: StoredHead | None
    result: Report | Rejected
    notes: Notes = NONE


class Sink(Protocol):
    """What loading hands its results to, once it has decided about each report."""

    @property
    def places(self) -> LearnedPlaces:
        """What the run has learned of the URIs of stored reports."""

    def store(self, made: Sequence[tuple[Processed, Report]]) -> WriteResult:
        """Write new or changed reports with their bytes; return what became of each."""

    def write_again(self, writes: Sequence[ReportWrite]) -> WriteResult:
        """Write reports that were made again from stored texts; return what became of each."""

    def stats_of(self, head: StoredHead) -> RunStats:
        """Return the counts of a report that is stored just as it would be made."""

    def touch(self, head: StoredHead, modified: str | None) -> None:
        """Note that a stored report's source is where and what it was, now with the stamp ``modified``."""

    def move(self, head: StoredHead, raw: RawReport) -> bool:
        """Give a stored report the URI of ``raw``, under the same id; False if it was changed meanwhile."""

    def set_aside(self, entries: Sequence[QuarantineEntry]) -> None:
        """Quarantine reports that could not be made, with the reasons and their bytes."""

    def seen_again(self, records: Sequence[QuarantineRecord]) -> None:
        """Note that quarantined reports were offered again with the same bytes."""

    def heal(self, ids: Sequence[str]) -> None:
        """Delete the quarantine records with these ids."""


class DatabaseSink:
    """A sink that writes to the database under the lease of one run.

    With ``recounts``, a report that this run wrote before its batch was run again counts as written.
    """

    def __init__(self, context: WorkerContext, lease: Lease, *, recounts: bool = True) -> None:
        self._recounts = recounts
        self.places = places_of(lease.run_id)
        self._db = context.db
        self._lease = lease
        self._pipeline = context.pipeline
        self._gridfs_above = context.settings.store.gridfs_above

    def store(self, made: Sequence[tuple[Processed, Report]]) -> WriteResult:
        """Write bytes, then the reports that need them; mark decisions that no longer match the raw text."""
        check_lease(self._db, self._lease)
        source_blobs.put_blobs(self._db, [_blob(one.raw, report) for one, report in made], self._gridfs_above)
        writes = [ReportWrite(report, one.head) for one, report in made]
        outcome = self._write(writes)
        for one, _ in made:
            if one.notes.decisions:
                decisions.mark_orphans(self._db, one.notes.decisions, self._decode(one.raw))
        return outcome

    @staticmethod
    def _decode(raw: RawReport) -> str:
        from etl.wiring import decode  # noqa: PLC0415 - only decisions ask for the raw text

        return decode(raw)

    def write_again(self, writes: Sequence[ReportWrite]) -> WriteResult:
        """Write reports whose bytes are kept already."""
        check_lease(self._db, self._lease)
        return self._write(writes)

    def _write(self, writes: Sequence[ReportWrite]) -> WriteResult:
        """Write the page layouts of the reports, then the reports."""
        layouts.put_layouts(self._db, [write.report for write in writes])
        return report_writes.write_checked(self._db, writes, self._lease)

    def stats_of(self, head: StoredHead) -> RunStats:
        """Return the counts of one unchanged report, or of a written one if this run wrote it.

        The counts of a batch that broke off were never added; this is where they come from.
        """
        if not (self._recounts and head.batch.startswith(f"{self._lease.run_id}:")):
            return UNCHANGED
        fields = {"quality": 1, "needs_review": 1}
        found = with_retry(partial(self._db.reports.find_one, {"_id": head.id}, fields))
        if found is None:
            return UNCHANGED
        quality = found["quality"]
        figures = (quality["characters"], quality.get("repairs", 0), found["needs_review"])
        return count_written(figures, new=head.revision == 1)

    def touch(self, head: StoredHead, modified: str | None) -> None:
        """Write the stamp by which the next run knows the file, or unmark a report that was gone."""
        if head.modified != modified:
            source_location.move_report(self._db, head, (head.uri, modified), self._lease)
        elif head.gone_at:
            source_location.mark_gone(self._db, [head], None, self._lease)

    def move(self, head: StoredHead, raw: RawReport) -> bool:
        """Write the new URI and stamp of a report; False if another run changed it meanwhile."""
        return source_location.move_report(self._db, head, (raw.uri, raw.modified), self._lease)

    def set_aside(self, entries: Sequence[QuarantineEntry]) -> None:
        """Write quarantine records, and the bytes of their reports."""
        quarantine.put(self._db, entries, self._lease, (self._pipeline, self._gridfs_above))

    def seen_again(self, records: Sequence[QuarantineRecord]) -> None:
        """Write the time and the run in which quarantined reports were seen again."""
        quarantine.seen_again(self._db, [record.id for record in records], self._lease)

    def heal(self, ids: Sequence[str]) -> None:
        """Delete the quarantine records with these ids."""
        quarantine.heal(self._db, ids, self._lease)


def _blob(raw: RawReport, report: Report) -> SourceBlob:
    return SourceBlob(report.source.sha256, raw.uri, raw.media_type, report.source.encoding, raw.payload)
