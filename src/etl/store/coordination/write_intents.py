"""Record writes before they start, so that what a crash left half done is found and finished.

An intent is opened, its batch written, the intent closed; `reconcile` accounts for it and removes it. A new
kind of write is one more action of `PendingRecord`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Literal
from uuid import uuid4

from etl.model.errors import FencedError
from etl.model.report import SCHEMA_VERSION
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import AT_ONCE, find_all, find_by_values
from etl.store.records import process
from etl.store.records.clock import now
from etl.store.records.codec import from_bson, to_bson
from etl.store.records.coordination import PendingRecord
from etl.store.records.reports import RevisionRef

# A writer on another host cannot be asked whether it lives; a batch is written in far less time.
FOREIGN_SECONDS = 3600.0
Action = Literal["write", "delete"]


@contextmanager
def write_intent(db: Db, action: Action, steps: Sequence[RevisionRef], lease: Lease) -> Iterator[str]:
    """Open an intent, yield its token for the write, close it; also where the write lost its lease."""
    token = open_intent(db, action, steps, lease)
    try:
        yield token
    except FencedError:
        close_intent(db, token)
        raise
    close_intent(db, token)


def open_intent(db: Db, action: Action, steps: Sequence[RevisionRef], lease: Lease, token: str = "") -> str:
    """Record the intent of a write about to start; return its token, which marks each document it makes."""
    token = token or f"{lease.run_id}:{uuid4().hex[:8]}"
    record = PendingRecord(
        id=token,
        state="open",
        action=action,
        run_id=lease.run_id,
        process=process.current(),
        noted_at=now(),
        steps=tuple(steps),
        schema_version=SCHEMA_VERSION,
        fence=lease.fence,
    )
    with_retry(partial(db.pending.replace_one, {"_id": token}, to_bson(record), upsert=True))
    return token


def close_intent(db: Db, token: str) -> None:
    """Record that every part of a write has been tried."""
    with_retry(partial(db.pending.update_one, {"_id": token}, {"$set": {"state": "closed"}}))


def completed_intents(db: Db, lease: Lease) -> list[PendingRecord]:
    """Return writes that ended: completed, their writer dead, or shut out by ``lease``; oldest first.

    A write to a report that an unfinished write is about is left out until that one has ended.
    """
    intents: list[PendingRecord] = [from_bson(PendingRecord, found) for found in find_all(db.pending, {})]
    ended = {record.id for record in intents if _ended(db, record, lease)}
    chosen, busy = [], set[str]()
    for record in sorted(intents, key=lambda record: (record.id in ended, record.noted_at, record.id)):
        reports = {step.report_id for step in record.steps}
        if record.id in ended and not busy & reports:
            chosen.append(record)
        else:
            busy |= reports
    return chosen


def _ended(db: Db, record: PendingRecord, lease: Lease) -> bool:
    """Check whether a write can have no further effect."""
    if record.state == "closed":
        return True
    lives = process.is_alive(record.process)
    if lives is False or _shut_out(db, record, lease):
        return True
    return lives is None and (now() - record.noted_at).total_seconds() > FOREIGN_SECONDS


def _shut_out(db: Db, record: PendingRecord, lease: Lease) -> bool:
    """Fence the reports of an earlier run's write; return whether nothing of it can be written any more.

    Its writer may only sleep. It replaces nothing under a higher fence and inserts nothing that is there; a
    report that is not there it could still insert when it wakes, and then its intent is needed.
    """
    if record.fence >= lease.fence:
        return False
    ids = [step.report_id for step in record.steps]
    for first in range(0, len(ids), AT_ONCE):
        lower = {"_id": {"$in": ids[first : first + AT_ONCE]}, "fence": {"$not": {"$gte": lease.fence}}}
        with_retry(partial(db.reports.update_many, lower, {"$set": {"fence": lease.fence}}))
    there = {found["_id"] for found in find_by_values(db.reports, "_id", ids, {"_id": 1})}
    return all(step.revision or step.report_id in there for step in record.steps)
