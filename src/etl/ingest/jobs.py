"""Whole jobs, from the record of the run to its end: ingest, reprocess, retry, take down, drop, maintain.

Each opens the database, waits for its turn to write, finishes what a dead run left, spreads its work, and
settles the entities.
A new job is a function here that hands its pieces to `_run`.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from etl.errors import EtlError, SetupError
from etl.fingerprint import fingerprints
from etl.ingest import missing, upkeep
from etl.ingest.batches import Batch, batches
from etl.ingest.counts import Counts, Summary
from etl.ingest.desk import Desk, begin, open_desk
from etl.ingest.identity import refusals
from etl.ingest.load import load_batch
from etl.ingest.missing import Listing
from etl.ingest.redo import reprocess_batch, retry_batch
from etl.ingest.runner import Around, Job, drive
from etl.ingest.stop import Stop
from etl.ingest.upkeep import Upkeep
from etl.ingest.workshop import workshop
from etl.isolation.pool import POOL
from etl.isolation.processing import internal
from etl.model import RawReport
from etl.settings import Settings
from etl.sources import list_candidates
from etl.store.changelog import reconcile
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_by_values
from etl.store.query import staleness
from etl.store.records.documents import QuarantineRecord, SkippedRecord
from etl.store.reports import deletion, quarantine, short_ids
from etl.store.reports.quarantine import without_bytes

Progress = Callable[[Counts], None]
Ids = tuple[str, ...]
# Reports that are made again in one task.
REDO_REPORTS = 100
# Reports that are written before entities and links are brought into line while a run goes on.
SETTLE_REPORTS = 1000
log = logging.getLogger(__name__)


def ingest(
    sources: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    around: Around | None = None,
) -> Summary:
    """Load what the sources offer and the database does not hold yet.

    Args:
        sources: files, folders, patterns, archives, URLs.
        settings: where to, and how the work is spread.
        progress: is told the counts so far after every batch.
        around: wraps the executor, as an orchestrator does to record tasks.

    Raises:
        UnavailableError: no database, a source that does not exist, or another run that goes on.
        SetupError: a source holds a password.
        FencedError: this run slept for so long that another one took its place.
        TransientError: the database went away for good; what was stored stays.
    """
    with open_desk("ingest", settings) as desk:
        offers = list_candidates(sources, settings.source)
        parameters = {"sources": list(sources), "runner": settings.run.runner}
        begin(desk, "ingest", parameters)
        call = partial(_load, desk.settings, desk.lease)
        job = Job(call, Batch.single, partial(_give_up_batch, desk), _size)
        listing = Listing()
        work = batches(listing.watch(offers), settings.run)
        summary = _run(desk, (job, work), progress, around)
        if summary.state == "done":
            missing.mark(desk.db, sources, listing, settings.source, desk.lease)
            missing.listed_again(desk.db, listing, desk.lease)
        return summary


def reprocess(
    selection: Literal["stale", "all"] | Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    around: Around | None = None,
) -> Summary:
    """Make stored reports again: those made by another pipeline, all, or these ids.

    Stale ones begin at the first stage that has changed, the others at their stored bytes.

    Raises:
        UnavailableError, FencedError, TransientError: as `ingest`.
        SetupError: an id names no report.
    """
    with open_desk("reprocess", settings) as desk:
        return redo(desk, selection, (progress, around))


def redo(
    desk: Desk,
    selection: Literal["stale", "all"] | Sequence[str],
    watched: tuple[Progress | None, Around | None] = (None, None),
) -> Summary:
    """`reprocess` over a database that is open."""
    chosen = _selected(desk, selection)
    named = selection if isinstance(selection, str) else f"{len(selection)} ids"
    begin(desk, "reprocess", {"selection": named, "runner": desk.settings.run.runner})
    call = partial(_reprocess, desk.settings, desk.lease, selection == "stale")
    return _run(desk, (Job(call, _single, _give_up_ids, _size), chosen), *watched)


def retry(
    settings: Settings,
    ids: Sequence[str] = (),
    reason: str | None = None,
    progress: Progress | None = None,
    around: Around | None = None,
) -> Summary:
    """Try quarantined reports again: these ids, those of a reason, or all; stored ones leave quarantine.

    Raises:
        UnavailableError, FencedError, TransientError: as `ingest`.
        SetupError: an id is not in quarantine.
    """
    with open_desk("retry", settings) as desk:
        found = [record.id for record in _aside(desk.db, ids, reason)]
        begin(desk, "retry", {"ids": len(ids), "reason": reason, "runner": settings.run.runner})
        job = Job(partial(_retry, desk.settings, desk.lease), _single, _give_up_ids, _size)
        return _run(desk, (job, _pieces(found)), progress, around)


def drop(settings: Settings, ids: Sequence[str] = (), reason: str | None = None) -> int:
    """Remove quarantine records by id or reason, or all, with their bytes; how many there were.

    Raises:
        UnavailableError, FencedError: as `ingest`.
        SetupError: an id is not in quarantine.
    """
    with open_desk("drop", settings) as desk:
        found = [record.id for record in _aside(desk.db, ids, reason)]
        run_id = begin(desk, "drop", {"ids": len(ids), "reason": reason})
        return _removed(
            desk, run_id, "dropped", partial(quarantine.delete_quarantined, desk.db, found, desk.lease)
        )


def take_down(ids: Sequence[str], settings: Settings) -> int:
    """Remove reports with their revisions, entities and bytes that nothing else needs; how many there were.

    Raises:
        UnavailableError, FencedError: as `ingest`.
        SetupError: an id names no report; nothing was removed.
    """
    with open_desk("delete", settings) as desk:
        chosen = deletion.resolve_ids(desk.db, ids)
        run_id = begin(desk, "delete", {"ids": chosen})
        return _removed(
            desk, run_id, "deleted", partial(deletion.delete_reports, desk.db, chosen, desk.lease)
        )


def maintain(settings: Settings, *, remove: bool = True) -> Upkeep:
    """Remove what is beyond the limits of the settings, unless told not to, and check the database.

    Raises:
        UnavailableError, TransientError: as `ingest`; what is removed stays removed.
    """
    with open_desk("maintain", settings) as desk:
        run_id = begin(desk, "maintain", {"remove": remove})
        try:
            found = upkeep.carry_out(desk.db, settings.upkeep if remove else None, desk.lease)
        except EtlError as error:
            runs.fail(desk.db, run_id, {}, error)
            raise
        seconds = runs.end(desk.db, run_id, "done", found.counts, found.message)
        return replace(found, seconds=seconds)


def _removed(desk: Desk, run_id: str, word: str, remove: Callable[[], int]) -> int:
    """Remove, and end the record of the run with how many that were."""
    try:
        count = remove()
    except EtlError as error:
        runs.fail(desk.db, run_id, {}, error)
        raise
    runs.end(desk.db, run_id, "done", {word: count})
    return count


def _run(
    desk: Desk,
    work: tuple[Job[Any], Iterator[Any]],
    progress: Progress | None,
    around: Around | None,
) -> Summary:
    """Spread the work, keep the record of the run up to date, settle the entities, sum up."""
    job, pieces = work
    run_id, counts = desk.lease.run_id, Counts()
    try:
        workshop(desk.settings)
        POOL.open()
        with Stop(patience=desk.settings.run.patience_seconds).listening() as stop:
            settled = 0
            for more in drive(job, pieces, desk.settings.run, stop, around):
                counts += more
                log.info("batch: %s", more)
                runs.beat(desk.db, run_id, counts.as_dict(), counts.seconds.as_dict())
                _note_skipped(desk, counts, more)
                settled = _settle_some(desk, counts.inserted + counts.updated, settled)
                if progress:
                    progress(counts)
            counts += _left(pieces, stop)
            reconcile.reconcile(desk.db, desk.lease)
    except BaseException as error:
        runs.fail(desk.db, run_id, counts.as_dict(), error)
        raise
    state: Literal["done", "stopped"] = "stopped" if stop.asked else "done"
    message = f"{counts.left} reports are left for the next run" if counts.left else None
    seconds = runs.end(desk.db, run_id, state, counts.as_dict(), message)
    log.info("%s after %.1f s: %s", state, seconds, counts)
    return Summary(run_id, counts, seconds, state)


def _note_skipped(desk: Desk, counts: Counts, more: Counts) -> None:
    """Keep which files were skipped, where this batch has some and the record has room."""
    if more.skipped and counts.skipped - more.skipped < runs.MOST_SKIPPED:
        found = [SkippedRecord(one.uri, one.why) for one in counts.why_skipped[: runs.MOST_SKIPPED]]
        runs.note_skipped(desk.db, desk.lease.run_id, found)


def _left(pieces: Iterator[Any], stop: Stop) -> Counts:
    """Reports that were not begun because the run was asked to end, as far as they can be listed in time."""
    count = 0
    while stop.asked and not stop.overdue and (piece := next(pieces, None)) is not None:
        count += _size(piece)
    return Counts(left=count)


def _settle_some(desk: Desk, written: int, settled: int) -> int:
    """Account for what was written since, once that is much; a long run then keeps few notes to reread."""
    if written - settled < SETTLE_REPORTS:
        return settled
    reconcile.reconcile(desk.db, desk.lease)
    return written


def _load(settings: Settings, mine: Lease, batch: Batch) -> Counts:
    return load_batch(batch, settings, mine)


def _reprocess(settings: Settings, mine: Lease, stagewise: bool, ids: Ids) -> Counts:  # noqa: FBT001 - by position for `partial`
    return reprocess_batch(ids, settings, mine, stagewise=stagewise)


def _retry(settings: Settings, mine: Lease, ids: Ids) -> Counts:
    return retry_batch(ids, settings, mine)


def _single(ids: Ids) -> list[Ids]:
    return [(one,) for one in ids]


def _size(work: Batch | Ids) -> int:
    return len(work.candidates) + len(work.rejected) if isinstance(work, Batch) else len(work)


def _pieces(ids: Sequence[str]) -> Iterator[Ids]:
    return (tuple(ids[at : at + REDO_REPORTS]) for at in range(0, len(ids), REDO_REPORTS))


def _selected(desk: Desk, selection: Literal["stale", "all"] | Sequence[str]) -> Iterator[Ids]:
    if not isinstance(selection, str):
        named = {short_ids.resolve_id(desk.db, one, ("reports",)) for one in selection}
        there = {entry["_id"] for entry in find_by_values(desk.db.reports, "_id", named, {"_id": 1})}
        missing = sorted(named - there)
        if missing:
            raise SetupError(f"no report has the id {', '.join(missing)}; find ids with `etl search`")
        return _pieces(sorted(there))
    return _pieces(staleness.stale_ids(desk.db, fingerprints(desk.settings) if selection == "stale" else {}))


def _aside(db: Db, ids: Sequence[str], reason: str | None) -> list[QuarantineRecord]:
    named = [short_ids.resolve_id(db, one, ("quarantine",)) for one in ids]
    found = quarantine.find_records(db, ids=named, reason=reason)
    missing = sorted(set(named) - {record.id for record in found})
    if missing:
        raise SetupError(f"not in quarantine: {', '.join(missing)}; see `etl quarantine list`")
    return found


def _give_up_batch(desk: Desk, batch: Batch, error: BaseException) -> Counts:
    """Set aside the report on which a worker died."""
    nothings = [RawReport(one.uri, one.media_type, b"") for one in batch.candidates]
    dead = refusals(desk.db, [without_bytes(internal(nothing, error)) for nothing in nothings])
    quarantine.put(desk.db, dead, desk.lease, (fingerprints(desk.settings), 0))
    return Counts(read=len(dead), quarantined=len(dead))


def _give_up_ids(ids: Ids, error: BaseException) -> Counts:
    """Leave a stored report as it is when a worker dies on it; the run says that something is left."""
    del error
    return Counts(left=len(ids))
