"""What a monitor asks of a database again and again, in a few cheap reads; nothing here writes.

A new figure is a field of `Figures`.
"""

from dataclasses import dataclass
from datetime import datetime

from etl.store.connection import Db, steady
from etl.store.records import RunRecord
from etl.store.search import count
from etl.store.shapes import build

# More runs than this do not begin between two looks.
RUNS = 20
# Entries of the log of changes; all but those of a large take-down bring a revision.
CHANGES = 5


@dataclass(frozen=True, slots=True)
class Figures:
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


def figures(db: Db) -> Figures:
    """The figures now."""
    return Figures(
        reports=count(db, "reports"),
        needs_review=count(db, "reports", {"needs_review": True}),
        quarantined=count(db, "quarantine"),
        newest_at=_newest_at(db),
        runs=newest_runs(db, RUNS),
    )


def newest_runs(db: Db, limit: int) -> tuple[RunRecord, ...]:
    """The newest runs, newest first."""
    found = steady(lambda: list(db.runs.find().sort("started_at", -1).limit(limit)))
    return tuple(build(RunRecord, entry) for entry in found)


def _newest_at(db: Db) -> datetime | None:
    """By the log of changes, whose newest entries are found by their number; reports have no such index."""
    fields = {"planned_at": 1, "changes.deleted": 1}
    entries = steady(lambda: list(db.changes.find({}, fields).sort("_id", -1).limit(CHANGES)))
    brought = (e["planned_at"] for e in entries if not all(change["deleted"] for change in e["changes"]))
    return next(brought, None)
