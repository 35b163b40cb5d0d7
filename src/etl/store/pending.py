"""Writes under way, noted before they start: what a crash left half done is found here and finished.

A batch is noted, written, closed; `changes` accounts for it and removes the note. A new kind of
write is one more action of `PendingRecord`.
"""

from collections.abc import Sequence
from functools import partial
from typing import Literal
from uuid import uuid4

from etl.model import SCHEMA_VERSION
from etl.store import process
from etl.store.connection import Db, steady
from etl.store.queries import rows
from etl.store.records import PendingRecord, Step
from etl.store.shapes import build, plain
from etl.store.times import now

# A writer on another host cannot be asked whether it lives; a batch is written in far less time.
FOREIGN_SECONDS = 3600.0


def note(db: Db, action: Literal["write", "delete"], steps: Sequence[Step], run_id: str) -> str:
    """Note a write that is about to start; its name marks every document that it makes."""
    token = f"{run_id}:{uuid4().hex[:8]}"
    record = PendingRecord(
        token, "open", action, run_id, process.current(), now(), tuple(steps), SCHEMA_VERSION
    )
    steady(partial(db.pending.replace_one, {"_id": token}, plain(record), upsert=True))
    return token


def close(db: Db, token: str) -> None:
    """Say that everything of a write has been tried."""
    steady(partial(db.pending.update_one, {"_id": token}, {"$set": {"state": "closed"}}))


def accountable(db: Db) -> list[PendingRecord]:
    """Writes that have ended, well or by the death of their writer, oldest first.

    A write that continues a report which an unfinished write is about waits for that one.
    """
    notes = [build(PendingRecord, found) for found in rows(db.pending, {})]
    chosen, busy = [], set[str]()
    for record in sorted(notes, key=lambda record: (_ended(record), record.noted_at, record.id)):
        reports = {step.report_id for step in record.steps}
        if _ended(record) and not busy & reports:
            chosen.append(record)
        else:
            busy |= reports
    return chosen


def _ended(record: PendingRecord) -> bool:
    if record.state == "closed":
        return True
    lives = process.alive(record.process)
    if lives is None:
        return (now() - record.noted_at).total_seconds() > FOREIGN_SECONDS
    return not lives
