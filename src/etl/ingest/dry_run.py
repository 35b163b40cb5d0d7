"""Predict a run without writing: read, decide and make every report, and tell what would become of it.

`plan` is the way in. A new thing to say of a report is a field of `PlannedReport`.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from etl.ingest import source_tracking
from etl.ingest.batches import Batch, batches
from etl.ingest.source_tracking import Listing
from etl.ingest.stats import UNCHANGED, RunStats
from etl.ingest.worker.batch_writer import BatchWriter
from etl.ingest.worker.context import WorkerContext, close_context, worker_context
from etl.ingest.worker.identity import LearnedPlaces
from etl.ingest.worker.load import fill_batch
from etl.ingest.worker.sink import Processed
from etl.isolation.pool import POOL
from etl.model.report import RawReport, Report
from etl.settings import Settings
from etl.sources import list_candidates
from etl.store.driver.connection import connect
from etl.store.embedded import launcher
from etl.store.query.staleness import first_change
from etl.store.records.reports import QuarantineRecord
from etl.store.reports.dry_run import predict_outcome, stored_texts, text_diff
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite, StoredHead, WriteResult
from etl.store.schema import collections

Action = Literal["new", "changed", "same", "quarantine", "gone", "skipped"]


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """What a run would do with one report.

    Attributes:
        action: ``gone`` means marked as gone, never deleted; ``skipped`` means a file that is no report.
        uri: URI of the file, or the one where it was.
        id: the report's present or future id; empty for a skipped file.
        why: the reason for the action, in a few words; empty where ``action`` says it all.
        diff: lines of a unified diff from the stored text to the new one.
    """

    action: Action
    uri: str
    id: str
    why: str = ""
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """The counts that a run would have, and the number of reports that it would mark as gone."""

    counts: RunStats
    gone: int


Tell = Callable[[PlannedReport], None]


def plan(sources: Sequence[str], settings: Settings, tell: Tell) -> DryRunResult:
    """Predict what `etl.ingest.ingest` would do with these sources now; pass each report to ``tell``.

    Works in this process alone, and takes as long as making the reports takes.

    Raises:
        UnavailableError, TransientError: as `ingest`.
        SetupError: the database has the shape of another release.
    """
    with _untouched(settings) as unwritten, connect(unwritten) as connection:
        chosen = connection.settings(settings)
        collections.check_schema(connection.database)
        try:
            context = worker_context(chosen)
            POOL.reopen()
            listing, sink, counts = Listing(), DryRunSink(context, tell), RunStats()
            for batch in batches(listing.watch(list_candidates(sources, settings.source)), settings.run):
                counts += _fill(batch, sink, context)
            lost = source_tracking.find_missing(context.db, sources, listing, settings.source)
        finally:
            close_context(chosen)
    gone = [head for head in lost if head.id not in sink.places.taken]
    for head in gone:
        tell(PlannedReport("gone", head.uri, head.id))
    return DryRunResult(counts, len(gone))


@contextmanager
def _untouched(settings: Settings) -> Iterator[Settings]:
    """Yield settings that leave an unused data folder empty: they name a temporary folder in its place."""
    if settings.mongo_uri or launcher.holds(settings.data_dir):
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="etl-plan-") as folder:
        yield settings.model_copy(update={"data_dir": Path(folder)})


def _fill(batch: Batch, sink: "DryRunSink", context: WorkerContext) -> RunStats:
    counts = fill_batch(BatchWriter(sink), batch, context)
    for one in counts.why_skipped:
        sink.tell(PlannedReport("skipped", one.uri, "", one.why))
    return counts


class DryRunSink:
    """A sink that passes each result to ``tell`` and writes nothing."""

    def __init__(self, context: WorkerContext, tell: Tell) -> None:
        self._context = context
        self.tell = tell
        self.places = LearnedPlaces()

    def store(self, made: Sequence[tuple[Processed, Report]]) -> WriteResult:
        """Tell which reports are new, changed or the same; return the outcome that a write would have."""
        outcome = predict_outcome(self._context.db, [ReportWrite(report, one.head) for one, report in made])
        before = stored_texts(self._context.db, outcome.updated)
        for one, report in made:
            self._note(one.head, one.raw)
            if one.id in outcome.inserted:
                self.tell(PlannedReport("new", one.raw.uri, one.id))
            elif one.id in outcome.updated:
                diff = text_diff(before[one.id], report.text)
                self.tell(PlannedReport("changed", one.raw.uri, one.id, self._why(one), diff))
            elif one.id in outcome.unchanged:
                self.tell(
                    PlannedReport("same", one.raw.uri, one.id, "made again, it comes out as it is stored")
                )
        return outcome

    def write_again(self, writes: Sequence[ReportWrite]) -> WriteResult:
        """Return the outcome that writing remade reports would have; tell nothing."""
        return predict_outcome(self._context.db, writes)

    def stats_of(self, head: StoredHead) -> RunStats:
        """Return the counts of one unchanged report."""
        del head
        return UNCHANGED

    def touch(self, head: StoredHead, modified: str | None) -> None:
        """Tell that a report would stay as it is; that its source is back if it was marked as gone."""
        del modified
        self.tell(PlannedReport("same", head.uri, head.id, "its source is back" if head.gone_at else ""))

    def move(self, head: StoredHead, raw: RawReport) -> bool:
        """Tell from which URI a report moved; always return True."""
        self._note(head, raw)
        self.tell(PlannedReport("same", raw.uri, head.id, f"moved here from {head.uri}"))
        return True

    def set_aside(self, entries: Sequence[QuarantineEntry]) -> None:
        """Tell the stage, reason and message with which each report would be quarantined."""
        for entry in entries:
            refused = entry.rejected
            why = f"{refused.stage}/{refused.reason}: {refused.message}"
            self.tell(PlannedReport("quarantine", refused.uri, entry.id, why))

    def seen_again(self, records: Sequence[QuarantineRecord]) -> None:
        """Tell the stage, reason and message with which each quarantined report stays there."""
        for record in records:
            why = f"{record.stage}/{record.reason}, as before: {record.message}"
            self.tell(PlannedReport("quarantine", record.uri, record.id, why))

    def heal(self, ids: Sequence[str]) -> None:
        """Tell nothing: a report that leaves quarantine was told as new, changed or the same."""

    def _note(self, head: StoredHead | None, raw: RawReport) -> None:
        """Remember the id of a report that would move, because the database still has its old URI."""
        if head and head.uri != raw.uri:
            self.places.taken.add(head.id)

    def _why(self, one: Processed) -> str:
        head, result = one.head, one.result
        if head is None or not isinstance(result, Report):
            return ""
        stage = first_change(head.pipeline, self._context.pipeline)
        reasons = (
            (head.sha256 != result.source.sha256, "other bytes"),
            (stage, f"other rules from {stage} on"),
            (head.published_on != result.source.published_on, "another day beside it"),
            (head.uri != one.raw.uri, f"moved here from {head.uri}"),
        )
        return ", ".join(words for holds, words in reasons if holds)
