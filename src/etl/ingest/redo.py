"""Processing again from what is stored: reports after a rule has changed, quarantined ones to heal them.

A report begins again at the first stage that has changed. A source is asked only where no bytes are
kept. A new reason to process again is a function beside `reprocess_batch`.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from etl.about import about
from etl.errors import RejectError, TransientError, UnavailableError
from etl.ingest.attempt import attempt, fetched, renewed
from etl.ingest.batches import batches
from etl.ingest.books import Database, Made
from etl.ingest.counts import Counts
from etl.ingest.identity import look_up
from etl.ingest.load import fill, until_stopped
from etl.ingest.shelf import Shelf
from etl.ingest.workshop import Workshop, workshop
from etl.isolation.pool import StoppedError
from etl.model import Candidate, RawReport, Report
from etl.pipeline import rejected
from etl.settings import Settings
from etl.sources import list_candidates
from etl.sources.names import is_archive, local_path, protocol
from etl.stages import Seconds
from etl.store.annotations import decisions
from etl.store.blobs import overflow, source_blobs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import explain_errors
from etl.store.driver.queries import find_by_values
from etl.store.query.staleness import first_change
from etl.store.records.documents import DecisionRecord, QuarantineRecord
from etl.store.records.report_codec import from_document
from etl.store.reports import quarantine, report_writes
from etl.store.reports.report_writes import ReportWrite, StoredHead
from etl.timing import measured

# Stages that need no more than what a stored report holds, see `etl.pipeline.renew`.
LATE = ("extract", "facts")


def reprocess_batch(
    ids: Sequence[str], settings: Settings, lease: Lease, *, stagewise: bool = False
) -> Counts:
    """Make these reports again; what comes out the same is left as it is.

    Args:
        ids: of stored reports.
        settings: where they are, and what they are made with.
        lease: of the run that asks.
        stagewise: begin at the first stage that has changed instead of at the bytes.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    tools = workshop(settings)
    with about(run=lease.run_id), explain_errors(tools.db), measured() as seconds:
        counts = _again(report_writes.stored_heads(tools.db, "_id", ids), tools, lease, stagewise=stagewise)
    return counts + Counts(seconds=Seconds(seconds))


def _again(found: Sequence[StoredHead], tools: Workshop, lease: Lease, *, stagewise: bool) -> Counts:
    made = _renewed(found, tools) if stagewise else []
    shelf = Shelf(Database(tools, lease), heals=False)
    left = shelf.renew(made)
    decided = decisions.decisions_of(tools.db, [held.id for held in found])
    again = [held for held in found if held.id in left or held.id not in {draft.report.id for draft in made}]
    with until_stopped(shelf, len(again)):
        for held in again:
            _from_bytes(held, tools, shelf, decided.get(held.id, ()))
    return shelf.finish()


def _renewed(found: Sequence[StoredHead], tools: Workshop) -> list[ReportWrite]:
    """Reports of which only late stages have changed, made from the texts that are stored."""
    since = {held.id: first_change(held.pipeline, tools.pipeline) for held in found}
    late = [one for one, stage in since.items() if stage in LATE]
    stored = {entry["_id"]: entry for entry in find_by_values(tools.db.reports, "_id", late)}
    out = []
    with suppress(StoppedError):  # the rest is made from bytes, or counted as left
        for held in found:
            entry, stage = stored.get(held.id), since[held.id]
            if entry is None or stage is None or entry["revision"] != held.revision:
                continue
            report = renewed(from_document(overflow.rehydrate(tools.db, entry)), stage, tools)
            out += [ReportWrite(report, held, entry)] if report else []
    return out


def _from_bytes(held: StoredHead, tools: Workshop, shelf: Shelf, decided: Sequence[DecisionRecord]) -> None:
    payload = source_blobs.read_blob(tools.db, held.sha256)
    if payload is None:
        shelf.count(Counts(left=1))
        return
    raw = RawReport(held.uri, held.media_type, payload, _day(held.published_on), held.size, held.modified)
    result = attempt(raw, held.id, tools, decided)
    if isinstance(result, Report):  # where the file is now, nobody has looked
        result = replace(result, source=replace(result.source, gone_at=held.gone_at))
    shelf.put(Made(raw, held.id, held, result, decided))


def retry_batch(ids: Sequence[str], settings: Settings, lease: Lease) -> Counts:
    """Try quarantined reports again, from stored bytes or, where there were none, from their source.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    tools = workshop(settings)
    with about(run=lease.run_id), explain_errors(tools.db), measured() as seconds:
        records = quarantine.find_records(tools.db, ids=ids)
        holders = [record for record in records if _holds_others(record)]
        alone = [record for record in records if record not in holders]
        counts = _retried(alone, tools, Shelf(Database(tools, lease)))
        counts = sum((_listed(one, tools, lease) for one in holders), counts)
    return counts + Counts(seconds=Seconds(seconds))


def _holds_others(record: QuarantineRecord) -> bool:
    """Whether an archive or a folder was set aside, not a report: its own bytes are no report."""
    if record.stage != "source" or record.sha256 or "::" in record.uri:
        return False
    if protocol(record.uri) != "file":
        return is_archive(record.uri)
    path = local_path(record.uri)
    # Path.is_dir raises where a disk fails. What is not there at all is told as any other file is.
    return os.path.isdir(path) or (is_archive(path) and os.path.exists(path))  # noqa: PTH110, PTH112


def _listed(record: QuarantineRecord, tools: Workshop, lease: Lease) -> Counts:
    """Load what an archive or folder holds that can be listed now; else its record says why it cannot.

    What of it was tried under a record of its own is met a second time here, and counts as unchanged then.
    """
    counts, refused = Counts(), False
    try:
        for batch in batches(list_candidates([record.uri], tools.settings.source), tools.settings.run):
            refused = refused or any(one.uri == record.uri for one in batch.rejected)
            counts += fill(Shelf(Database(tools, lease, recounts=False)), batch, tools)
    except UnavailableError:
        return counts + Counts(left=1)
    if not refused:
        quarantine.heal(tools.db, [record.id], lease)
    return counts


def _retried(records: Sequence[QuarantineRecord], tools: Workshop, shelf: Shelf) -> Counts:
    known = look_up(tools.db, [record.uri for record in records])
    decided = decisions.decisions_of(tools.db, [held.id for held in known.by_uri.values()])
    with until_stopped(shelf, len(records)):
        for record in records:
            one = known.id_of(tools.db, record.uri)
            _try(record, (one, known.by_uri.get(record.uri)), tools, shelf, decided.get(one, ()))
    return shelf.finish()


def _try(
    record: QuarantineRecord,
    known: tuple[str, StoredHead | None],
    tools: Workshop,
    shelf: Shelf,
    said: Sequence[DecisionRecord],
) -> None:
    one, held = known
    try:
        raw = _bytes(record, tools)
    except TransientError:
        shelf.count(Counts(left=1))
        return
    if isinstance(raw, RejectError):
        refused = rejected(RawReport(record.uri, record.media_type, b""), raw)
        shelf.refuse(quarantine.QuarantineEntry(record.id, quarantine.without_bytes(refused)))
        return
    if one != record.id:  # set aside before its report was known to be there
        shelf.readable(record.id)
    shelf.put(Made(raw, one, held, attempt(raw, one, tools, said), said))


def _bytes(record: QuarantineRecord, tools: Workshop) -> RawReport | RejectError:
    payload = source_blobs.read_blob(tools.db, record.sha256) if record.sha256 else None
    if payload is not None:
        day = _day(record.published_on)
        return RawReport(record.uri, record.media_type, payload, day, record.size, record.modified)
    try:
        return fetched(Candidate(record.uri, record.media_type), tools.settings.source)
    except RejectError as error:
        return error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
