"""Keep one record for each run: what was asked, in which process, and how it ended.

`new_id`, `begin`, `beat` and `end` are its life; `mark_crashed` ends the records of runs that died. A new
kind of run is one more word in `RunKind`.
"""

import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import Any, Literal
from uuid import uuid4

from pymongo.errors import PyMongoError

from etl.logins import masked
from etl.model.errors import EtlError, TransientError, UnavailableError
from etl.model.report import SCHEMA_VERSION
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, is_answering, with_retry
from etl.store.driver.queries import find_all
from etl.store.records import process
from etl.store.records.clock import now
from etl.store.records.codec import from_bson, sayable, to_bson
from etl.store.records.coordination import RunKind, RunRecord, SkippedRecord

# What a record holds of the files that were skipped: long names make some 4 MB of it, a document has 16.
MOST_SKIPPED = 1000


def new_id() -> str:
    """Return an id for a run that starts now; ids sort by time."""
    return f"{now():%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"


def begin(
    db: Db, kind: RunKind, parameters: Mapping[str, Any], pipeline: Mapping[str, str], lease: Lease
) -> str:
    """Record that the run of this lease starts; return its id."""
    moment = now()
    versions = {"etl": version("report-etl"), "python": platform.python_version(), **pipeline}
    record = RunRecord(
        id=lease.run_id,
        kind=kind,
        state="running",
        started_at=moment,
        ended_at=None,
        seconds=None,
        parameters={name: _storable(value) for name, value in parameters.items()},
        counts={},
        stages={},
        versions=versions,
        process=process.current(),
        beat_at=moment,
        message=None,
        schema_version=SCHEMA_VERSION,
        fence=lease.fence,
    )
    # Only where it is not there: one that arrives a second time, late, would open the record again.
    first = {"$setOnInsert": {name: value for name, value in to_bson(record).items() if name != "_id"}}
    with_retry(partial(db.runs.update_one, {"_id": lease.run_id}, first, upsert=True))
    return lease.run_id


def beat(db: Db, run_id: str, counts: Mapping[str, int], stages: Mapping[str, float]) -> None:
    """Write a sign of life, with the counts so far and the seconds spent by stage."""
    change = {"$set": {"beat_at": now(), "counts": dict(counts), "stages": dict(stages)}}
    with_retry(partial(db.runs.update_one, {"_id": run_id, "state": "running"}, change))


def note_skipped(db: Db, run_id: str, found: Sequence[SkippedRecord]) -> None:
    """Store the files that a run has skipped so far, in place of those stored before."""
    entries = [to_bson(SkippedRecord(sayable(one.uri), sayable(one.why))) for one in found]
    with_retry(partial(db.runs.update_one, {"_id": run_id}, {"$set": {"skipped": entries}}))


def end(
    db: Db,
    run_id: str,
    state: Literal["done", "stopped", "failed"],
    counts: Mapping[str, int],
    message: str | None = None,
) -> float:
    """Record that a run has ended; return its duration in seconds, at least 0.001."""
    started = with_retry(partial(db.runs.find_one, {"_id": run_id}, {"started_at": 1}))
    moment = now()
    past = (moment - started["started_at"]).total_seconds() if started else 0.0
    seconds = max(0.001, past)
    change = {
        "state": state,
        "ended_at": moment,
        "beat_at": moment,
        "seconds": seconds,
        "counts": dict(counts),
        "message": message and sayable(masked(message)),
    }
    with_retry(partial(db.runs.update_one, {"_id": run_id}, {"$set": change}))
    return seconds


def fail(db: Db, run_id: str, counts: Mapping[str, int], error: BaseException) -> None:
    """Record that a run failed, if the database answers; otherwise the next run records it."""
    if not is_answering(db.client):
        return
    message = f"{type(error).__name__}: {error}" if isinstance(error, EtlError) else type(error).__name__
    with suppress(TransientError, UnavailableError, PyMongoError):
        end(db, run_id, "failed", counts, message)


def newest_runs(db: Db, limit: int, kind: RunKind | None = None) -> tuple[RunRecord, ...]:
    """Return the runs that began last, of one kind or of all, newest first."""
    query = {"kind": kind} if kind else {}
    found = with_retry(lambda: list(db.runs.find(query).sort("started_at", -1).limit(limit)))
    return tuple(from_bson(RunRecord, entry) for entry in found)


def mark_crashed(db: Db, lease: Lease) -> int:
    """End the records of runs that died or that ``lease`` replaced; return their number."""
    found = crashed_runs(db, lease.fence)
    for record in found:
        message = "ended without finishing; what it had loaded stays, the next run does the rest"
        end(db, record.id, "failed", record.counts, message)
    return len(found)


def crashed_runs(db: Db, fence: int = 0) -> list[RunRecord]:
    """Return unfinished runs whose process has ended, or whose fence is older than ``fence``."""
    running = (from_bson(RunRecord, entry) for entry in find_all(db.runs, {"state": "running"}))
    return [one for one in running if one.fence < fence or process.is_alive(one.process) is False]


def _storable(value: Any) -> Any:  # noqa: ANN401 - what a job is asked, words or lists of them above all
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    return sayable(value) if isinstance(value, str) else value
