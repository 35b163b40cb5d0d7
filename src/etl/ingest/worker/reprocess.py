"""Process stored reports again: those that a changed rule affects, and quarantined ones to heal them.

A report begins again at the first stage that has changed. A source is asked only where no bytes are kept. A
new reason to process again is a function beside `reprocess_batch`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from etl.ingest.batches import batches
from etl.ingest.stats import RunStats
from etl.ingest.worker.batch_writer import BatchWriter
from etl.ingest.worker.context import WorkerContext, worker_context
from etl.ingest.worker.identity import find_matches
from etl.ingest.worker.isolation import fetch_with_retry, in_groups, process_safely, rerun_safely
from etl.ingest.worker.load import fill_batch, until_stopped
from etl.ingest.worker.sink import DatabaseSink, Processed
from etl.isolation.pool import StoppedError
from etl.isolation.processing import ProcessingRequest
from etl.model.errors import RejectError, TransientError, UnavailableError
from etl.model.rejects import rejected
from etl.model.report import Candidate, RawReport, Rejected, Report
from etl.model.stages import StageTimings
from etl.settings import Settings
from etl.sources import list_candidates
from etl.sources.names import is_archive, local_path, protocol
from etl.store.annotations.notes import NONE, Notes, notes_of
from etl.store.blobs import overflow, source_blobs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import explain_errors
from etl.store.driver.queries import find_by_values
from etl.store.query.staleness import first_change
from etl.store.records.report_codec import from_document
from etl.store.records.reports import QuarantineRecord
from etl.store.reports import quarantine, report_writes
from etl.store.reports.report_writes import ReportWrite, StoredHead
from etl.telemetry.log_context import log_context
from etl.telemetry.timings import measured

# Stages that need no more than what a stored report holds, see `etl.pipeline.rerun_from_stage`.
LATE_STAGES = ("extract", "facts")


def reprocess_batch(
    ids: Sequence[str], settings: Settings, lease: Lease, *, stagewise: bool = False
) -> RunStats:
    """Make these reports again and return the counts; one that comes out the same is not written.

    Args:
        ids: ids of stored reports.
        settings: the database, and what the reports are made with.
        lease: lease of the run that asks.
        stagewise: begin at the first stage that has changed instead of at the bytes.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    context = worker_context(settings)
    with log_context(run=lease.run_id), explain_errors(context.db), measured() as seconds:
        counts = _again(
            report_writes.stored_heads(context.db, "_id", ids), context, lease, stagewise=stagewise
        )
    return counts + RunStats(seconds=StageTimings(seconds))


def _again(found: Sequence[StoredHead], context: WorkerContext, lease: Lease, *, stagewise: bool) -> RunStats:
    notes = notes_of(context.db, [head.id for head in found])
    made = _rerun_late_stages(found, context, notes) if stagewise else []
    writer = BatchWriter(DatabaseSink(context, lease), heals=False)
    left = writer.write_again(made)
    again = [head for head in found if head.id in left or head.id not in {write.report.id for write in made}]
    with until_stopped(writer, len(again)):
        for group in in_groups(_with_bytes(again, context, writer), lambda one: len(one[1].payload)):
            _from_bytes(group, context, writer, notes)
    return writer.finish()


def _rerun_late_stages(
    found: Sequence[StoredHead], context: WorkerContext, notes: Mapping[str, Notes]
) -> list[ReportWrite]:
    """Make from their stored texts the reports whose first changed stage is one of `LATE_STAGES`."""
    since = {head.id: first_change(head.pipeline, context.pipeline) for head in found}
    late = [one for one, stage in since.items() if stage in LATE_STAGES]
    stored = {entry["_id"]: entry for entry in find_by_values(context.db.reports, "_id", late)}
    out = []
    with suppress(StoppedError):  # the rest is made from bytes, or counted as left
        for head in found:
            entry, stage = stored.get(head.id), since[head.id]
            if entry is None or stage is None or entry["revision"] != head.revision:
                continue
            whole = from_document(overflow.rehydrate(context.db, entry))
            report = rerun_safely(whole, stage, context, notes.get(head.id, NONE))
            out += [ReportWrite(report, head, entry)] if report else []
    return out


def _with_bytes(
    heads: Sequence[StoredHead], context: WorkerContext, writer: BatchWriter
) -> Iterator[tuple[StoredHead, RawReport]]:
    """Yield stored reports with their kept bytes; count those whose bytes are gone as left."""
    for head in heads:
        payload = source_blobs.read_blob(context.db, head.sha256)
        if payload is None:
            writer.count(RunStats(left=1))
            continue
        day = _day(head.published_on)
        yield head, RawReport(head.uri, head.media_type, payload, day, head.size, head.modified)


def _from_bytes(
    group: Sequence[tuple[StoredHead, RawReport]],
    context: WorkerContext,
    writer: BatchWriter,
    notes: Mapping[str, Notes],
) -> None:
    orders = [ProcessingRequest(raw, head.id, notes.get(head.id, NONE).said) for head, raw in group]
    for (head, raw), result in zip(group, process_safely(orders, context), strict=True):
        if isinstance(result, Report):  # where the file is now, nobody has looked
            again: Report | Rejected = replace(result, source=replace(result.source, gone_at=head.gone_at))
        else:
            again = result
        writer.put(Processed(raw, head.id, head, again, notes.get(head.id, NONE)))


def retry_batch(ids: Sequence[str], settings: Settings, lease: Lease) -> RunStats:
    """Try quarantined reports again, from kept bytes or else from their source; return the counts.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    context = worker_context(settings)
    with log_context(run=lease.run_id), explain_errors(context.db), measured() as seconds:
        records = quarantine.find_records(context.db, ids=ids)
        holders = [record for record in records if _holds_others(record)]
        alone = [record for record in records if record not in holders]
        counts = _retried(alone, context, BatchWriter(DatabaseSink(context, lease)))
        counts = sum((_listed(one, context, lease) for one in holders), counts)
    return counts + RunStats(seconds=StageTimings(seconds))


def _holds_others(record: QuarantineRecord) -> bool:
    """Check whether a quarantine record is about an archive or folder, whose own bytes are no report."""
    if record.stage != "source" or record.sha256 or "::" in record.uri:
        return False
    if protocol(record.uri) != "file":
        return is_archive(record.uri)
    path = local_path(record.uri)
    # Path.is_dir raises where a disk fails. What is not there at all is told as any other file is.
    return os.path.isdir(path) or (is_archive(path) and os.path.exists(path))  # noqa: PTH110, PTH112


def _listed(record: QuarantineRecord, context: WorkerContext, lease: Lease) -> RunStats:
    """Load what a quarantined archive or folder offers if it can be listed now; else keep its record.

    A member with a quarantine record of its own may be tried twice in the run; the second time it counts as
    unchanged.
    """
    counts, refused = RunStats(), False
    try:
        for batch in batches(list_candidates([record.uri], context.settings.source), context.settings.run):
            refused = refused or any(one.uri == record.uri for one in batch.rejected)
            counts += fill_batch(BatchWriter(DatabaseSink(context, lease, recounts=False)), batch, context)
    except UnavailableError:
        return counts + RunStats(left=1)
    if not refused:
        quarantine.heal(context.db, [record.id], lease)
    return counts


def _retried(records: Sequence[QuarantineRecord], context: WorkerContext, writer: BatchWriter) -> RunStats:
    known = find_matches(context.db, [record.uri for record in records])
    notes = notes_of(context.db, [head.id for head in known.by_uri.values()])
    with until_stopped(writer, len(records)):
        for record in records:
            one = known.id_of(context.db, record.uri)
            _try(record, (one, known.by_uri.get(record.uri)), context, writer, notes.get(one, NONE))
    return writer.finish()


def _try(
    record: QuarantineRecord,
    known: tuple[str, StoredHead | None],
    context: WorkerContext,
    writer: BatchWriter,
    notes: Notes,
) -> None:
    one, head = known
    try:
        raw = _bytes(record, context)
    except TransientError:
        writer.count(RunStats(left=1))
        return
    if isinstance(raw, RejectError):
        refused = rejected(RawReport(record.uri, record.media_type, b""), raw)
        writer.refuse(quarantine.QuarantineEntry(record.id, quarantine.without_bytes(refused)))
        return
    if one != record.id:  # quarantined before its report was known to be there
        writer.readable(record.id)
    (result,) = process_safely([ProcessingRequest(raw, one, notes.said)], context)
    writer.put(Processed(raw, one, head, result, notes))


def _bytes(record: QuarantineRecord, context: WorkerContext) -> RawReport | RejectError:
    payload = source_blobs.read_blob(context.db, record.sha256) if record.sha256 else None
    if payload is not None:
        day = _day(record.published_on)
        return RawReport(record.uri, record.media_type, payload, day, record.size, record.modified)
    try:
        return fetch_with_retry(Candidate(record.uri, record.media_type), context.settings.source)
    except RejectError as error:
        return error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
