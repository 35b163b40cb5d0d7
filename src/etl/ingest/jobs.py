"""Run whole jobs, from the record of the run to its end: ingest, reprocess, retry, delete, maintain.

Each opens the database, waits for the write lease, finishes what a crashed run left, spreads its work, and
reconciles entities and links. A new job is a function here that hands its pieces to `_run`.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from etl.fingerprint import fingerprints
from etl.ingest import maintenance, source_tracking
from etl.ingest.batches import Batch, batches
from etl.ingest.executors import BatchTask, ExecutorWrapper, run_batches
from etl.ingest.maintenance import MaintenanceResult
from etl.ingest.session import JobSession, begin_run, open_session
from etl.ingest.source_tracking import Listing
from etl.ingest.stats import RunStats, Summary
from etl.ingest.stop import Stop
from etl.ingest.worker.context import worker_context
from etl.ingest.worker.identity import quarantine_entries
from etl.ingest.worker.load import load_batch
from etl.ingest.worker.reprocess import reprocess_batch, retry_batch
from etl.isolation.pool import POOL
from etl.isolation.processing import internal_error_record
from etl.model.errors import EtlError, SetupError
from etl.model.report import RawReport
from etl.settings import Settings
from etl.sources import list_candidates
from etl.store.changelog import reconcile
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_by_values
from etl.store.query import staleness
from etl.store.records.coordination import SkippedRecord
from etl.store.records.reports import QuarantineRecord
from etl.store.reports import deletion, quarantine, short_ids
from etl.store.reports.quarantine import without_bytes

Progress = Callable[[RunStats], None]
Ids = tuple[str, ...]
# Reports that are made again in one task.
REPROCESS_REPORTS = 100
# Reports that are written before entities and links are brought into line while a run goes on.
RECONCILE_REPORTS = 1000
log = logging.getLogger(__name__)


def ingest(
    sources: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    wrap: ExecutorWrapper | None = None,
) -> Summary:
    """Load the reports that the sources offer and the database does not hold yet.

    Args:
        sources: files, folders, patterns, archives, URLs.
        settings: the database, and how the work is spread.
        progress: called after every batch with the counts so far.
        wrap: wraps the executor, as an orchestrator does to record tasks.

    Raises:
        UnavailableError: no database, a source that does not exist, or another run that goes on.
        SetupError: a source holds a password.
        FencedError: this run was suspended for so long that another one took the lease.
        TransientError: the database went away for good; what was stored stays.
    """
    with open_session("ingest", settings) as session:
        offers = list_candidates(sources, settings.source)
        parameters = {"sources": list(sources), "runner": settings.run.runner}
        begin_run(session, "ingest", parameters)
        call = partial(_load, session.settings, session.lease)
        job = BatchTask(call, Batch.split, partial(_crashed_batch, session), _size)
        listing = Listing()
        work = batches(listing.watch(offers), settings.run)
        summary = _run(session, (job, work), progress, wrap)
        if summary.state == "done":
            source_tracking.mark_missing(session.db, sources, listing, settings.source, session.lease)
            source_tracking.release_listed(session.db, listing, session.lease)
        return summary


def reprocess(
    selection: Literal["stale", "all"] | Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    wrap: ExecutorWrapper | None = None,
) -> Summary:
    """Make stored reports again: those that another pipeline made (``stale``), all, or these ids.

    Stale reports begin at the first stage that has changed, the others at their stored bytes.

    Raises:
        UnavailableError, FencedError, TransientError: as `ingest`.
        SetupError: an id names no report.
    """
    with open_session("reprocess", settings) as session:
        return reprocess_in_session(session, selection, (progress, wrap))


def reprocess_in_session(
    session: JobSession,
    selection: Literal["stale", "all"] | Sequence[str],
    watched: tuple[Progress | None, ExecutorWrapper | None] = (None, None),
) -> Summary:
    """Make stored reports again, as `reprocess` does, in a session that is open."""
    chosen = _selected(session, selection)
    named = selection if isinstance(selection, str) else f"{len(selection)} ids"
    begin_run(session, "reprocess", {"selection": named, "runner": session.settings.run.runner})
    call = partial(_reprocess, session.settings, session.lease, selection == "stale")
    return _run(session, (BatchTask(call, _split_ids, _crashed_ids, _size), chosen), *watched)


def retry(
    settings: Settings,
    ids: Sequence[str] = (),
    reason: str | None = None,
    progress: Progress | None = None,
    wrap: ExecutorWrapper | None = None,
) -> Summary:
    """Try quarantined reports again: these ids, those of a reason, or all; stored ones leave quarantine.

    Raises:
        UnavailableError, FencedError, TransientError: as `ingest`.
        SetupError: an id is not in quarantine.
    """
    with open_session("retry", settings) as session:
        found = [record.id for record in _aside(session.db, ids, reason)]
        begin_run(session, "retry", {"ids": len(ids), "reason": reason, "runner": settings.run.runner})
        job = BatchTask(partial(_retry, session.settings, session.lease), _split_ids, _crashed_ids, _size)
        return _run(session, (job, _pieces(found)), progress, wrap)


def delete_quarantined(settings: Settings, ids: Sequence[str] = (), reason: str | None = None) -> int:
    """Delete quarantine records by id or reason, or all, with their bytes; return their number.

    Raises:
        UnavailableError, FencedError: as `ingest`.
        SetupError: an id is not in quarantine.
    """
    with open_session("drop", settings) as session:
        found = [record.id for record in _aside(session.db, ids, reason)]
        run_id = begin_run(session, "drop", {"ids": len(ids), "reason": reason})
        return _removed(
            session,
            run_id,
            "dropped",
            partial(quarantine.delete_quarantined, session.db, found, session.lease),
        )


def delete_reports(ids: Sequence[str], settings: Settings) -> int:
    """Delete reports with their revisions, entities and bytes that nothing else needs; return their number.

    Raises:
        UnavailableError, FencedError: as `ingest`.
        SetupError: an id names no report; nothing was deleted.
    """
    with open_session("delete", settings) as session:
        chosen = deletion.resolve_ids(session.db, ids)
        run_id = begin_run(session, "delete", {"ids": chosen})
        return _removed(
            session, run_id, "deleted", partial(deletion.delete_reports, session.db, chosen, session.lease)
        )


def maintain(settings: Settings, *, remove: bool = True) -> MaintenanceResult:
    """Delete what exceeds the limits of the settings, unless ``remove`` is False, and check the database.

    Raises:
        UnavailableError, TransientError: as `ingest`; what is deleted stays deleted.
    """
    with open_session("maintain", settings) as session:
        run_id = begin_run(session, "maintain", {"remove": remove})
        try:
            found = maintenance.run_maintenance(
                session.db, settings.upkeep if remove else None, session.lease
            )
        except EtlError as error:
            runs.fail(session.db, run_id, {}, error)
            raise
        seconds = runs.end(session.db, run_id, "done", found.counts, found.message)
        return replace(found, seconds=seconds)


def _removed(session: JobSession, run_id: str, word: str, remove: Callable[[], int]) -> int:
    """Call ``remove``, end the record of the run with the number it returns under ``word``, and return it."""
    try:
        count = remove()
    except EtlError as error:
        runs.fail(session.db, run_id, {}, error)
        raise
    runs.end(session.db, run_id, "done", {word: count})
    return count


def _run(
    session: JobSession,
    work: tuple[BatchTask[Any], Iterator[Any]],
    progress: Progress | None,
    wrap: ExecutorWrapper | None,
) -> Summary:
    """Spread the work, update the record of the run, reconcile entities and links; return a summary."""
    job, pieces = work
    run_id, counts = session.lease.run_id, RunStats()
    try:
        worker_context(session.settings)
        POOL.reopen()
        with Stop(patience=session.settings.run.patience_seconds).listening() as stop:
            reconciled = 0
            for more in run_batches(job, pieces, session.settings.run, stop, wrap):
                counts += more
                log.info("batch: %s", more)
                runs.beat(session.db, run_id, counts.as_dict(), counts.seconds.as_dict())
                _note_skipped(session, counts, more)
                reconciled = _reconcile_some(session, counts.inserted + counts.updated, reconciled)
                if progress:
                    progress(counts)
            counts += _left(pieces, stop)
            reconcile.reconcile(session.db, session.lease)
    except BaseException as error:
        runs.fail(session.db, run_id, counts.as_dict(), error)
        raise
    state: Literal["done", "stopped"] = "stopped" if stop.asked else "done"
    message = f"{counts.left} reports are left for the next run" if counts.left else None
    seconds = runs.end(session.db, run_id, state, counts.as_dict(), message)
    log.info("%s after %.1f s: %s", state, seconds, counts)
    return Summary(run_id, counts, seconds, state)


def _note_skipped(session: JobSession, counts: RunStats, more: RunStats) -> None:
    """Add this batch's skipped files to the record of the run, as long as the record has room."""
    if more.skipped and counts.skipped - more.skipped < runs.MOST_SKIPPED:
        found = [SkippedRecord(one.uri, one.why) for one in counts.why_skipped[: runs.MOST_SKIPPED]]
        runs.note_skipped(session.db, session.lease.run_id, found)


def _left(pieces: Iterator[Any], stop: Stop) -> RunStats:
    """Count the reports not begun because the run was asked to end, as far as they can be listed in time."""
    count = 0
    while stop.asked and not stop.overdue and (piece := next(pieces, None)) is not None:
        count += _size(piece)
    return RunStats(left=count)


def _reconcile_some(session: JobSession, written: int, reconciled: int) -> int:
    """Reconcile once `RECONCILE_REPORTS` reports were written since the last time, so that few notes pile up.

    Return how many reports are reconciled now.
    """
    if written - reconciled < RECONCILE_REPORTS:
        return reconciled
    reconcile.reconcile(session.db, session.lease)
    return written


def _load(settings: Settings, mine: Lease, batch: Batch) -> RunStats:
    return load_batch(batch, settings, mine)


def _reprocess(settings: Settings, mine: Lease, stagewise: bool, ids: Ids) -> RunStats:  # noqa: FBT001 - by position for `partial`
    return reprocess_batch(ids, settings, mine, stagewise=stagewise)


def _retry(settings: Settings, mine: Lease, ids: Ids) -> RunStats:
    return retry_batch(ids, settings, mine)


def _split_ids(ids: Ids) -> list[Ids]:
    return [(one,) for one in ids]


def _size(work: Batch | Ids) -> int:
    return len(work.candidates) + len(work.rejected) if isinstance(work, Batch) else len(work)


def _pieces(ids: Sequence[str]) -> Iterator[Ids]:
    return (tuple(ids[at : at + REPROCESS_REPORTS]) for at in range(0, len(ids), REPROCESS_REPORTS))


def _selected(session: JobSession, selection: Literal["stale", "all"] | Sequence[str]) -> Iterator[Ids]:
    if not isinstance(selection, str):
        named = {short_ids.resolve_id(session.db, one, ("reports",)) for one in selection}
        there = {entry["_id"] for entry in find_by_values(session.db.reports, "_id", named, {"_id": 1})}
        missing = sorted(named - there)
        if missing:
            raise SetupError(f"no report has the id {', '.join(missing)}; find ids with `etl search`")
        return _pieces(sorted(there))
    return _pieces(
        staleness.stale_ids(session.db, fingerprints(session.settings) if selection == "stale" else {})
    )


def _aside(db: Db, ids: Sequence[str], reason: str | None) -> list[QuarantineRecord]:
    named = [short_ids.resolve_id(db, one, ("quarantine",)) for one in ids]
    found = quarantine.find_records(db, ids=named, reason=reason)
    missing = sorted(set(named) - {record.id for record in found})
    if missing:
        raise SetupError(f"not in quarantine: {', '.join(missing)}; see `etl quarantine list`")
    return found


def _crashed_batch(session: JobSession, batch: Batch, error: BaseException) -> RunStats:
    """Quarantine the report of a batch of one on which a worker died; return its counts."""
    nothings = [RawReport(one.uri, one.media_type, b"") for one in batch.candidates]
    dead = quarantine_entries(
        session.db, [without_bytes(internal_error_record(nothing, error)) for nothing in nothings]
    )
    quarantine.put(session.db, dead, session.lease, (fingerprints(session.settings), 0))
    return RunStats(read=len(dead), quarantined=len(dead))


def _crashed_ids(ids: Ids, error: BaseException) -> RunStats:
    """Count stored reports on which a worker died as left; they stay as they are."""
    del error
    return RunStats(left=len(ids))
