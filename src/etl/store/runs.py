"""One record for each run: what was asked, by whom, what came of it.

`begin`, `beat` and `end` are its life; `bury` ends the records of runs that died. A new kind of run
is one more word in `RunRecord.kind`.
"""

import platform
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import Any, Literal
from uuid import uuid4

from etl.errors import EtlError, TransientError, UnavailableError
from etl.model import SCHEMA_VERSION
from etl.store import process
from etl.store.connection import Db, steady
from etl.store.queries import rows
from etl.store.records import RunRecord
from etl.store.shapes import build, plain
from etl.store.times import now

Kind = Literal["ingest", "reprocess", "delete", "retry"]
# A run on another host shows life with every batch.
FOREIGN_SECONDS = 3600.0


def begin(db: Db, kind: Kind, parameters: Mapping[str, Any], pipeline: Mapping[str, str]) -> str:
    """Record that a run starts; its id, in the order of time."""
    moment = now()
    run_id = f"{moment:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    versions = {"etl": version("report-etl"), "python": platform.python_version(), **pipeline}
    record = RunRecord(
        id=run_id,
        kind=kind,
        state="running",
        started_at=moment,
        ended_at=None,
        seconds=None,
        parameters=parameters,
        counts={},
        versions=versions,
        process=process.current(),
        beat_at=moment,
        message=None,
        schema_version=SCHEMA_VERSION,
    )
    steady(partial(db.runs.replace_one, {"_id": run_id}, plain(record), upsert=True))
    return run_id


def beat(db: Db, run_id: str, counts: Mapping[str, int]) -> None:
    """Show life, and how far the run is."""
    change = {"$set": {"beat_at": now(), "counts": dict(counts)}}
    steady(partial(db.runs.update_one, {"_id": run_id}, change))


def end(
    db: Db,
    run_id: str,
    state: Literal["done", "stopped", "failed"],
    counts: Mapping[str, int],
    message: str | None = None,
) -> float:
    """Record that a run has ended; its seconds."""
    started = steady(partial(db.runs.find_one, {"_id": run_id}, {"started_at": 1}))
    moment = now()
    past = (moment - started["started_at"]).total_seconds() if started else 0.0
    seconds = max(0.001, past)
    change = {
        "state": state,
        "ended_at": moment,
        "beat_at": moment,
        "seconds": seconds,
        "counts": dict(counts),
        "message": message,
    }
    steady(partial(db.runs.update_one, {"_id": run_id}, {"$set": change}))
    return seconds


def fail(db: Db, run_id: str, counts: Mapping[str, int], error: BaseException) -> None:
    """Record that a run broke off, if the database can still be told."""
    message = f"{type(error).__name__}: {error}" if isinstance(error, EtlError) else type(error).__name__
    with suppress(TransientError, UnavailableError):
        end(db, run_id, "failed", counts, message)


def bury(db: Db) -> int:
    """End the records of runs whose process is gone; how many there were."""
    dead = [r for r in (build(RunRecord, e) for e in rows(db.runs, {"state": "running"})) if _dead(r)]
    for record in dead:
        message = "ended without finishing; what it had loaded stays, the next run does the rest"
        end(db, record.id, "failed", record.counts, message)
    return len(dead)


def _dead(record: RunRecord) -> bool:
    lives = process.alive(record.process)
    if lives is None:
        return (now() - record.beat_at).total_seconds() > FOREIGN_SECONDS
    return not lives
