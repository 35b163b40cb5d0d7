"""Load one batch of candidates in any process: match them with stored reports, fetch, process, write.

A candidate whose size and stamp are known is not fetched, and known bytes are not processed. A new shortcut
is a case in `_seen` or `_known_bytes`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from etl.ingest.batches import Batch
from etl.ingest.stats import RunStats, count_skipped
from etl.ingest.worker.batch_writer import BatchWriter
from etl.ingest.worker.context import WorkerContext, worker_context
from etl.ingest.worker.identity import StoredMatches, find_matches, find_moved, quarantine_entries
from etl.ingest.worker.isolation import fetch_with_retry, in_groups, process_safely
from etl.ingest.worker.sink import DatabaseSink, Processed
from etl.isolation.pool import StoppedError
from etl.isolation.processing import ProcessingRequest
from etl.model.errors import RejectError, TransientError
from etl.model.ids import sha256
from etl.model.rejects import rejected
from etl.model.report import Candidate, RawReport
from etl.model.stages import StageTimings
from etl.settings import Settings
from etl.sources import PASSING, Skipped
from etl.store.annotations.notes import NONE, notes_of
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import explain_errors
from etl.store.records.reports import QuarantineRecord
from etl.store.reports.quarantine import QuarantineEntry, without_bytes
from etl.store.reports.report_writes import StoredHead
from etl.telemetry.log_context import log_context
from etl.telemetry.timings import measured


@dataclass(frozen=True, slots=True)
class MatchedCandidate:
    """A candidate with the id of its report, and the stored head and quarantine record, if any."""

    candidate: Candidate
    id: str
    head: StoredHead | None
    aside: QuarantineRecord | None


@dataclass(frozen=True, slots=True)
class UnprocessedReport:
    """Bytes that must be processed, the id of their report, and its stored head, if any."""

    raw: RawReport
    id: str
    head: StoredHead | None


def load_batch(batch: Batch, settings: Settings, lease: Lease) -> RunStats:
    """Load one batch and return its counts; repeating it stores nothing twice.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    context = worker_context(settings)
    with log_context(run=lease.run_id), explain_errors(context.db), measured() as seconds:
        counts = fill_batch(BatchWriter(DatabaseSink(context, lease)), batch, context)
    return counts + RunStats(seconds=StageTimings(seconds))


def fill_batch(writer: BatchWriter, batch: Batch, context: WorkerContext) -> RunStats:
    """Decide what becomes of each report of a batch, pass it to the writer, and return the batch's counts."""
    with until_stopped(writer, len(batch.candidates) + len(batch.rejected)):
        for entry in quarantine_entries(context.db, batch.rejected):
            writer.refuse(entry)
        for group in in_groups(_fresh(batch.candidates, context, writer), lambda one: len(one.raw.payload)):
            _process(group, context, writer)
    return writer.finish() + count_skipped(batch.skipped)


def _process(group: Sequence[UnprocessedReport], context: WorkerContext, writer: BatchWriter) -> None:
    notes = notes_of(context.db, [fresh.id for fresh in group if fresh.head])
    orders = [ProcessingRequest(fresh.raw, fresh.id, notes.get(fresh.id, NONE).said) for fresh in group]
    for fresh, result in zip(group, process_safely(orders, context), strict=True):
        writer.put(Processed(fresh.raw, fresh.id, fresh.head, result, notes.get(fresh.id, NONE)))


@contextmanager
def until_stopped(writer: BatchWriter, size: int) -> Iterator[None]:
    """End the block when the run is asked to end; count those of its ``size`` reports not handled as left."""
    before = writer.handled
    try:
        yield
    except StoppedError:
        writer.count(RunStats(left=size - (writer.handled - before)))


def _fresh(
    candidates: Iterable[Candidate], context: WorkerContext, writer: BatchWriter
) -> Iterator[UnprocessedReport]:
    """Yield the reports that must be processed; count the others on the way."""
    chosen = tuple(candidates)
    known = find_matches(context.db, [candidate.uri for candidate in chosen])
    new: list[UnprocessedReport] = []
    for candidate in chosen:
        found = _find(candidate, known, context)
        if _seen(found, context, writer):
            continue
        raw = _read(found, context, writer)
        if raw is None or _known_bytes(raw, found, context, writer):
            continue
        fresh = UnprocessedReport(raw, found.id, found.head)
        if found.head:
            yield fresh
        else:
            new.append(fresh)
    yield from _without_moved(new, context, writer)


def _find(candidate: Candidate, known: StoredMatches, context: WorkerContext) -> MatchedCandidate:
    one = known.id_of(context.db, candidate.uri)
    return MatchedCandidate(candidate, one, known.by_uri.get(candidate.uri), known.aside.get(candidate.uri))


def _seen(found: MatchedCandidate, context: WorkerContext, writer: BatchWriter) -> bool:
    """Check whether size and stamp alone show no change since the last try, and count the report if so."""
    candidate = found.candidate
    if candidate.size is None or candidate.modified is None:
        return False
    mark = (candidate.size, candidate.modified)
    if found.aside and _tried(found.aside, context) and mark == (found.aside.size, found.aside.modified):
        writer.aside_again(found.aside)
        return True
    if found.head and not found.aside and mark == (found.head.size, found.head.modified):
        return _unchanged(found.head, candidate.modified, context, writer)
    return False


def _read(found: MatchedCandidate, context: WorkerContext, writer: BatchWriter) -> RawReport | None:
    """Return the bytes of a candidate; None if they cannot be had, which is counted or quarantined."""
    try:
        return fetch_with_retry(found.candidate, context.settings.source)
    except TransientError:
        writer.count(RunStats(left=1))
    except RejectError as error:
        if error.reason in PASSING:
            writer.count(count_skipped([Skipped(found.candidate.uri, f"{error.reason}: {error}")]))
        else:
            nothing = RawReport(found.candidate.uri, found.candidate.media_type, b"")
            writer.refuse(QuarantineEntry(found.id, without_bytes(rejected(nothing, error))))
    return None


def _known_bytes(
    raw: RawReport, found: MatchedCandidate, context: WorkerContext, writer: BatchWriter
) -> bool:
    """Check whether the bytes' hash and the sidecar's day show no change, and count the report if so."""
    given = (sha256(raw.payload), raw.published_on.isoformat() if raw.published_on else None)
    aside, head = found.aside, found.head
    if aside and _tried(aside, context) and given == (aside.sha256, aside.published_on):
        writer.aside_again(aside)
        return True
    if aside and aside.id != found.id:  # quarantined before its report was known to be here
        writer.readable(aside.id)
    if head and given == (head.sha256, head.published_on):
        return _unchanged(head, raw.modified, context, writer)
    return False


def _tried(aside: QuarantineRecord, context: WorkerContext) -> bool:
    """Check whether another try must end the same: this very pipeline refused the bytes, not the source."""
    return aside.stage not in ("source", "store") and aside.pipeline == context.pipeline


def _unchanged(head: StoredHead, modified: str | None, context: WorkerContext, writer: BatchWriter) -> bool:
    if head.pipeline != context.pipeline:
        return False
    writer.unchanged(head, modified)
    return True


def _without_moved(
    new: list[UnprocessedReport], context: WorkerContext, writer: BatchWriter
) -> Iterator[UnprocessedReport]:
    """Yield new reports, and moved ones under their old id; count a moved one without a change instead."""
    shas = [sha256(fresh.raw.payload) for fresh in new]
    moved = find_moved(context.db, shas, context.settings.source, writer.places)
    for fresh, sha in zip(new, shas, strict=True):
        waiting = moved.waiting.get(sha, [])
        if not waiting and sha in moved.unasked:  # loaded now, a report that has moved would be there twice
            writer.count(RunStats(left=1))
            continue
        if not waiting:
            yield fresh
            continue
        writer.readable(fresh.id)
        yield from _moved(fresh, waiting, context, writer)


def _moved(
    fresh: UnprocessedReport, waiting: list[StoredHead], context: WorkerContext, writer: BatchWriter
) -> Iterator[UnprocessedReport]:
    """Give one of the reports that wait the place of a file; yield what must be processed for that.

    A report that another worker has moved meanwhile stays where it is now: the next one is tried, and where
    there is none, the file is new.
    """
    while waiting:
        head = waiting.pop(0)
        if not _stays(head, fresh.raw, context):
            yield UnprocessedReport(fresh.raw, head.id, head)
            return
        if writer.moved(head, fresh.raw):
            return
    yield fresh


def _stays(head: StoredHead, raw: RawReport, context: WorkerContext) -> bool:
    """Check whether a moved report comes out the same at its new URI; a day may stand in a file name."""
    from etl.structure import date_in_name  # noqa: PLC0415 - only a report that moved is asked

    given = raw.published_on.isoformat() if raw.published_on else None
    same = head.pipeline == context.pipeline and (given, raw.media_type) == (
        head.published_on,
        head.media_type,
    )
    return same and date_in_name(head.uri) == date_in_name(raw.uri)
