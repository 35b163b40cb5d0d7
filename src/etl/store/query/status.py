"""Read what a database holds and who writes to it: `Status` for people, `MetricsSnapshot` for monitors.

A monitor asks again and again, so its snapshot takes a few cheap reads. A new figure is a field of either.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from etl.store.coordination import lease, runs
from etl.store.driver.connection import Db, with_retry
from etl.store.query import review
from etl.store.query.search import count
from etl.store.records.coordination import LeaseHolder, RunRecord

# A range that an index answers; to ask for what is not null would read every report.
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
# More runs than this do not begin between two looks.
NEWEST_RUNS = 20
# Entries of the log of changes; all but those of a large take-down bring a revision.
NEWEST_CHANGES = 5


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a database, as an operator reads it first.

    Attributes:
        gone: reports whose source is not there any more.
        decisions: of people about repairs; ``orphaned``: of those, without a place in the text any more.
        corrections: of people in texts and entities, in force; ``lost_corrections``: reports in which one of
            them does not fit any more.
        unsettled: writes that entities do not show yet; 0 unless a run is under way or died.
        last_run: the newest run, None in an empty database.
        writer: who may write now; None where nobody does, or where it died on this host.
    """

    database: str
    reports: int
    revisions: int
    sources: int
    entities: int
    quarantine: int
    needs_review: int
    gone: int
    decisions: int
    orphaned: int
    corrections: int
    lost_corrections: int
    unsettled: int
    last_run: RunRecord | None
    writer: LeaseHolder | None = None


def read_status(db: Db) -> Status:
    """Read every field of `Status` as it is now."""
    last = runs.newest_runs(db, 1)
    return Status(
        database=db.name,
        reports=count(db, "reports"),
        revisions=count(db, "revisions"),
        sources=count(db, "sources"),
        entities=count(db, "entities"),
        quarantine=count(db, "quarantine"),
        needs_review=count(db, "reports", {"needs_review": True}),
        gone=count(db, "reports", {"source.gone_at": {"$gt": BEFORE_ALL}}),
        decisions=count(db, "decisions", {"taken_back_at": None}),
        orphaned=review.count_orphans(db),
        corrections=count(db, "corrections", {"taken_back_at": None}),
        lost_corrections=review.count_lost(db),
        unsettled=count(db, "pending"),
        last_run=last[0] if last else None,
        writer=lease.live_holder(db),
    )


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """The figures that a monitor reads.

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
    """Read every field of `MetricsSnapshot` as it is now."""
    return MetricsSnapshot(
        reports=count(db, "reports"),
        needs_review=count(db, "reports", {"needs_review": True}),
        quarantined=count(db, "quarantine"),
        newest_at=_newest_at(db),
        runs=runs.newest_runs(db, NEWEST_RUNS),
    )


def _newest_at(db: Db) -> datetime | None:
    """Return when the log of changes last took up a new revision; None where it has not lately.

    The log is read by its number; reports have no index on their time.
    """
    fields = {"planned_at": 1, "changes.deleted": 1}
    entries = with_retry(lambda: list(db.changes.find({}, fields).sort("_id", -1).limit(NEWEST_CHANGES)))
    brought = (e["planned_at"] for e in entries if not all(change["deleted"] for change in e["changes"]))
    return next(brought, None)
