"""Whole jobs, from the record of the run to its end: ingest, reprocess, retry, take down, drop.

Each opens the database, finishes what a dead run left, spreads its work, and settles the entities.
A new job is a function here that hands its pieces to `_run`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from etl.errors import EtlError, SetupError
from etl.fingerprint import fingerprints
from etl.ids import report_id
from etl.ingest import missing
from etl.ingest.attempt import internal
from etl.ingest.batches import Batch, batches
from etl.ingest.counts import Counts, Summary
from etl.ingest.load import load_batch
from etl.ingest.missing import Listing
from etl.ingest.redo import reprocess_batch, retry_batch
from etl.ingest.runner import Around, Job, Stop, drive
from etl.ingest.workshop import forget, workshop
from etl.model import RawReport
from etl.settings import Settings
from etl.sources import list_candidates
from etl.store import changes, quarantine, removal, runs, schema, staleness
from etl.store.connection import Db, connect
from etl.store.quarantine import Refusal, without_bytes
from etl.store.queries import by_values
from etl.store.records import QuarantineRecord

Progress = Callable[[Counts], None]
Ids = tuple[str, ...]
# A login in the address of a source has no place in the record of a run.
LOGIN = re.compile(r"://[^/@\s]+@")
# Reports that are made again in one task.
REDO_REPORTS = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """An open database and the settings with its address, for one job."""

    db: Db
    settings: Settings


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
        UnavailableError: no database, or a source that does not exist.
        TransientError: the database went away for good; what was stored stays.
    """
    with _desk(settings) as desk:
        offers = list_candidates(sources, settings.source)
        shown = [LOGIN.sub("://", source) for source in sources]
        parameters = {"sources": shown, "runner": settings.run.runner}
        run_id = _begin(desk, "ingest", parameters)
        job = Job(partial(_load, desk.settings, run_id), Batch.single, partial(_give_up_batch, desk, run_id))
        listing = Listing()
        work = batches(listing.watch(offers), settings.run)
        summary = _run(desk, run_id, (job, work), progress, around)
        if summary.state == "done":
            missing.mark(desk.db, sources, listing, settings.source)
            missing.listed_again(desk.db, listing)
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
        UnavailableError, TransientError: as `ingest`.
        SetupError: an id names no report.
    """
    with _desk(settings) as desk:
        chosen = _selected(desk, selection)
        named = selection if isinstance(selection, str) else f"{len(selection)} ids"
        run_id = _begin(desk, "reprocess", {"selection": named, "runner": settings.run.runner})
        call = partial(_reprocess, desk.settings, run_id, selection == "stale")
        job = Job(call, _single, partial(_give_up_ids, desk, run_id))
        return _run(desk, run_id, (job, chosen), progress, around)


def retry(
    settings: Settings,
    ids: Sequence[str] = (),
    reason: str | None = None,
    progress: Progress | None = None,
    around: Around | None = None,
) -> Summary:
    """Try quarantined reports again: these ids, those of a reason, or all; stored ones leave quarantine.

    Raises:
        UnavailableError, TransientError: as `ingest`.
        SetupError: an id is not in quarantine.
    """
    with _desk(settings) as desk:
        found = [record.id for record in _aside(desk.db, ids, reason)]
        run_id = _begin(desk, "retry", {"ids": len(ids), "reason": reason, "runner": settings.run.runner})
        call = partial(_retry, desk.settings, run_id)
        job = Job(call, _single, partial(_give_up_ids, desk, run_id))
        return _run(desk, run_id, (job, _pieces(found)), progress, around)


def drop(settings: Settings, ids: Sequence[str] = (), reason: str | None = None) -> int:
    """Remove quarantine records by id or reason, or all, with their bytes; how many there were.

    Raises:
        SetupError: an id is not in quarantine.
    """
    with _desk(settings) as desk:
        return quarantine.drop(desk.db, [record.id for record in _aside(desk.db, ids, reason)])


def take_down(ids: Sequence[str], settings: Settings) -> int:
    """Remove reports with their revisions, entities and bytes that nothing else needs; how many there were.

    Raises:
        SetupError: an id names no report; nothing was removed.
    """
    with _desk(settings) as desk:
        run_id = _begin(desk, "delete", {"ids": sorted(set(ids))})
        try:
            count = removal.delete(desk.db, ids, run_id)
        except EtlError as error:
            runs.end(desk.db, run_id, "failed", {}, str(error))
            raise
        runs.end(desk.db, run_id, "done", {"deleted": count})
        return count


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    """The database, in shape, with everything finished that a dead run left half done."""
    with connect(settings) as connection:
        chosen = connection.settings(settings)
        schema.ensure(connection.database)
        runs.bury(connection.database)
        changes.settle(connection.database)
        try:
            yield Desk(connection.database, chosen)
        finally:
            forget(chosen)


def _begin(desk: Desk, kind: runs.Kind, parameters: Mapping[str, Any]) -> str:
    return runs.begin(desk.db, kind, parameters, fingerprints(desk.settings))


def _run(
    desk: Desk,
    run_id: str,
    work: tuple[Job[Any], Iterator[Any]],
    progress: Progress | None,
    around: Around | None,
) -> Summary:
    """Spread the work, keep the record of the run up to date, settle the entities, sum up."""
    job, pieces = work
    counts = Counts()
    try:
        workshop(desk.settings)
        with Stop().listening() as stop:
            for more in drive(job, pieces, desk.settings.run, stop, around):
                counts += more
                runs.beat(desk.db, run_id, counts.as_dict())
                if progress:
                    progress(counts)
        left = sum(map(_size, pieces)) if stop.asked else 0
        counts += Counts(left=left)
        changes.settle(desk.db)
    except BaseException as error:
        runs.fail(desk.db, run_id, counts.as_dict(), error)
        raise
    state: Literal["done", "stopped"] = "stopped" if stop.asked else "done"
    message = f"{counts.left} reports are left for the next run" if counts.left else None
    seconds = runs.end(desk.db, run_id, state, counts.as_dict(), message)
    return Summary(run_id, counts, seconds, state)


def _load(settings: Settings, run_id: str, batch: Batch) -> Counts:
    return load_batch(batch, settings, run_id)


def _reprocess(settings: Settings, run_id: str, stagewise: bool, ids: Ids) -> Counts:  # noqa: FBT001 - by position for `partial`
    return reprocess_batch(ids, settings, run_id, stagewise=stagewise)


def _retry(settings: Settings, run_id: str, ids: Ids) -> Counts:
    return retry_batch(ids, settings, run_id)


def _single(ids: Ids) -> list[Ids]:
    return [(one,) for one in ids]


def _size(work: Batch | Ids) -> int:
    return len(work.candidates) + len(work.rejected) if isinstance(work, Batch) else len(work)


def _pieces(ids: Sequence[str]) -> Iterator[Ids]:
    return (tuple(ids[at : at + REDO_REPORTS]) for at in range(0, len(ids), REDO_REPORTS))


def _selected(desk: Desk, selection: Literal["stale", "all"] | Sequence[str]) -> Iterator[Ids]:
    if not isinstance(selection, str):
        there = {entry["_id"] for entry in by_values(desk.db.reports, "_id", selection, {"_id": 1})}
        missing = sorted(set(selection) - there)
        if missing:
            raise SetupError(f"no report has the id {', '.join(missing)}; find ids with `etl search`")
        return _pieces(sorted(there))
    return _pieces(staleness.ids(desk.db, fingerprints(desk.settings) if selection == "stale" else {}))


def _aside(db: Db, ids: Sequence[str], reason: str | None) -> list[QuarantineRecord]:
    found = quarantine.listed(db, ids=ids, reason=reason)
    missing = sorted(set(ids) - {record.id for record in found})
    if missing:
        raise SetupError(f"not in quarantine: {', '.join(missing)}; see `etl quarantine list`")
    return found


def _give_up_batch(desk: Desk, run_id: str, batch: Batch, error: BaseException) -> Counts:
    """Set aside the report on which a worker died."""
    refusals = []
    for candidate in batch.candidates:
        nothing = internal(RawReport(candidate.uri, candidate.media_type, b""), error)
        refusals.append(Refusal(report_id(candidate.uri), without_bytes(nothing)))
    quarantine.put(desk.db, refusals, run_id, (fingerprints(desk.settings), 0))
    return Counts(read=len(refusals), quarantined=len(refusals))


def _give_up_ids(desk: Desk, run_id: str, ids: Ids, error: BaseException) -> Counts:
    """Leave a stored report as it is when a worker dies on it; the run says that something is left."""
    del desk, run_id, error
    return Counts(left=len(ids))
