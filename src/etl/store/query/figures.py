"""What a monitor asks of a database again and again, in a few cheap reads; nothing here writes.

A new figure is a field of `MetricsSnapshot`.
"""

from dataclasses import dataclass
from datetime import datetime

from etl.store.driver.connection import Db, with_retry
from etl.store.query.search import count
from etl.store.records.codec import from_bson
from etl.store.records.documents import RunRecord

# More runs than this do not begin between two looks.
NEWEST_RUNS = 20
# Entries of the log of changes; all but those of a large take-down bring a revision.
NEWEST_CHANGES = 5


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """How much there is, and what happened last.

    Attributes:
        newest_at: when the log of changes took up the newest revision; None in an empty database.
        runs: the newest, newest first.
    """

    reports: int
    needs_review: int
    quarantined: int
    newest_at: datetime | None
    runs: tuple[RunRecord, ...]


def read_metrics(db: Db) -> MetricsSnapshot:
    """The figures now."""
    return MetricsSnapshot(
        reports=count(db, "reports"),
        needs_review=count(db, "reports", {"needs_review": True}),
        quarantined=count(db, "quarantine"),
        newest_at=_newest_at(db),
        runs=newest_runs(db, NEWEST_RUNS),
    )


def newest_runs(db: Db, limit: int) -> tuple[RunRecord, ...]:
    """The newest runs, newest first."""
    found = with_retry(lambda: list(db.runs.find().sort("started_at", -1).limit(limit)))
    return tuple(from_bson(RunRecord, entry) for entry in found)


def _newest_at(db: Db) -> datetime | None:
    """By the log of changes, whose newest entries are found by their number; reports have no such index."""
    fields = {"planned_at": 1, "changes.deleted": 1}
    entries = with_retry(lambda: list(db.changes.find({}, fields).sort("_id", -1).limit(NEWEST_CHANGES)))
    brought = (e["planned_at"] for e in entries if not all(change["deleted"] for change in e["changes"]))
    return next(brought, None)
