"""Buffer the results of one batch, pass them to the sink when enough have come together, and count them.

The `Sink` decides what storing means. A new number is counted in `_counted`.
"""

import logging
from collections.abc import Sequence

from etl.ingest.stats import UNCHANGED, RunStats, count_written
from etl.ingest.worker.identity import LearnedPlaces
from etl.ingest.worker.sink import Processed, Sink
from etl.model.rejects import rejected
from etl.model.report import RawReport, Rejected, Report
from etl.store.records.reports import QuarantineRecord
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite, StoredHead, WriteResult
from etl.telemetry.log_context import log_context
from etl.telemetry.timings import stage

# Reports, and characters of them, that wait in memory at most.
MOST_REPORTS = 500
MOST_CHARACTERS = 500_000
log = logging.getLogger(__name__)


class BatchWriter:
    """A buffer for the results of one batch, stored when it is full and by `finish`.

    ``heals`` says that reports were made from what the source holds now: stored ones then leave quarantine.
    """

    def __init__(self, sink: Sink, *, heals: bool = True) -> None:
        self._sink = sink
        self._heals = heals
        self._made: list[Processed] = []
        self._entries: list[QuarantineEntry] = []
        self._again: list[QuarantineRecord] = []
        self._healed: list[str] = []
        self._characters = 0
        self._counts = RunStats()

    def count(self, counts: RunStats) -> None:
        """Add the counts of reports that need no storing."""
        self._counts += counts

    @property
    def handled(self) -> int:
        """Number of reports that came to an end here, also those that wait to be stored."""
        return self._counts.read + self._counts.skipped + self._counts.left + len(self._made)

    @property
    def places(self) -> LearnedPlaces:
        """What the run has learned of the URIs of stored reports."""
        return self._sink.places

    def readable(self, report: str) -> None:
        """Release the quarantine record ``report`` of a file that is read now as a report with another id."""
        self._healed.append(report)

    def unchanged(self, head: StoredHead, modified: str | None) -> None:
        """Count a report that is stored as it is, note its stamp, and release its quarantine record."""
        self._sink.touch(head, modified)
        self._as_stored(head)

    def moved(self, head: StoredHead, raw: RawReport) -> bool:
        """Write the new URI of an otherwise unchanged report and count it; False if it was not moved."""
        if not self._sink.move(head, raw):
            return False
        self._as_stored(head)
        return True

    def aside_again(self, record: QuarantineRecord) -> None:
        """Count a quarantined report that was offered again with the same bytes."""
        self._again.append(record)
        self._counts += RunStats(read=1, quarantined=1)

    def refuse(self, entry: QuarantineEntry) -> None:
        """Put a quarantine entry into the buffer, log its reason, and count it."""
        refused = entry.rejected
        with log_context(report=entry.id):
            log.info(
                "%s: quarantined, %s/%s: %s", refused.uri, refused.stage, refused.reason, refused.message
            )
        self._entries.append(entry)
        self._counts += RunStats(read=1, quarantined=1)

    def put(self, made: Processed) -> None:
        """Buffer one result, a rejection as a quarantine entry; store the buffer if it is full."""
        if isinstance(made.result, Rejected):
            self.refuse(_entry(made, made.result))
        else:
            self._made.append(made)
            self._characters += len(made.result.text)
        if len(self._made) + len(self._entries) >= MOST_REPORTS or self._characters >= MOST_CHARACTERS:
            self._store()

    def write_again(self, writes: Sequence[ReportWrite]) -> frozenset[str]:
        """Write reports made again from stored texts; return the ids that the database refuses."""
        with stage("store"):
            outcome = self._sink.write_again(writes)
        for write in writes:
            if write.report.id not in outcome.refused:
                self._counts += self._outcome(write.report, write.head, outcome)
        return frozenset(outcome.refused)

    def finish(self) -> RunStats:
        """Store the buffer, release healed quarantine records, and return the counts of the batch."""
        self._store()
        with stage("store"):
            self._sink.seen_again(self._again)
            if self._heals:
                self._sink.heal(self._healed)
        return self._counts

    def _as_stored(self, head: StoredHead) -> None:
        self._healed.append(head.id)
        self._counts += self._sink.stats_of(head)

    def _outcome(self, report: Report, head: StoredHead | None, outcome: WriteResult) -> RunStats:
        if report.id in outcome.unchanged:
            return self._sink.stats_of(head) if head else UNCHANGED
        return _counted(report, outcome)

    def _store(self) -> None:
        made = [(one, one.result) for one in self._made if isinstance(one.result, Report)]
        with stage("store"):
            if made:
                self._count(made, self._sink.store(made))
            if self._entries:
                self._sink.set_aside(self._entries)
        self._made, self._entries, self._characters = [], [], 0

    def _count(self, made: Sequence[tuple[Processed, Report]], outcome: WriteResult) -> None:
        for one, report in made:
            error = outcome.refused.get(one.id)
            if error:
                self.refuse(_entry(one, rejected(one.raw, error)))
            else:
                self._counts += self._outcome(report, one.head, outcome)
                self._healed.append(one.id)


def _counted(report: Report, outcome: WriteResult) -> RunStats:
    figures = (len(report.text), report.quality.repairs, report.needs_review)
    return count_written(figures, new=report.id in outcome.inserted)


def _entry(made: Processed, refused: Rejected) -> QuarantineEntry:
    raw = made.raw
    day = raw.published_on.isoformat() if raw.published_on else None
    return QuarantineEntry(made.id, refused, raw.size, raw.modified, day)
