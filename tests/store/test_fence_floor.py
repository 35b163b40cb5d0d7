from collections.abc import Iterator

import pytest
from tests.store.made import make_report

from etl.model.errors import FencedError
from etl.model.report import Rejected
from etl.settings import load
from etl.store.changelog import reconcile
from etl.store.coordination import fence_floor, lease
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.records.clock import now
from etl.store.reports import deletion, quarantine, report_writes, source_location
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite
from etl.store.schema import collections

pytestmark = pytest.mark.mongo

REPORT = make_report()


@pytest.fixture
def late(db: Db, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lease]:
    """The lease of a run that was replaced right after its last look at it."""
    with lease.hold_lease(db, "late", "ingest", load().run) as mine:
        fence_floor.raise_floor(db, mine.fence)
        report_writes.write_reports(db, [ReportWrite(REPORT, None)], mine)
        quarantine.put(db, [refusal()], mine, ({}, 100))
        reconcile.reconcile(db, mine)
        db.leases.update_one({}, {"$set": {"holder": None}})
        for module in (report_writes, quarantine, source_location, deletion):
            monkeypatch.setattr(module, "check_lease", lambda *_: None)
        yield mine


@pytest.fixture
def present(db: Db, late: Lease) -> Iterator[Lease]:
    """The lease of the run in its place."""
    del late
    with lease.hold_lease(db, "present", "delete", load().run) as mine:
        fence_floor.raise_floor(db, mine.fence)
        yield mine


def refusal() -> QuarantineEntry:
    """A file that cannot be read."""
    return QuarantineEntry(
        "q", Rejected("file:///q", "text/plain", None, "read", "empty", "empty", "RejectError")
    )


def test_late_insert_brings_nothing_back(db: Db, late: Lease, present: Lease) -> None:
    """A report that was taken down stays so, and a refusal that was dropped, however late a write arrives."""
    deletion.delete_reports(db, [REPORT.id, "q"], present)
    with pytest.raises(FencedError, match="run present"):
        report_writes.write_reports(db, [ReportWrite(REPORT, None)], late)
    with pytest.raises(FencedError):
        quarantine.put(db, [refusal()], late, ({}, 100))

    assert db.reports.count_documents({}) == db.quarantine.count_documents({}) == 0
    assert db.pending.count_documents({"state": "open"}) == 0


def test_late_marks_are_refused(db: Db, late: Lease, present: Lease) -> None:
    """Moves, marks and sightings of what no later run has touched are refused, too."""
    del present
    (head,) = report_writes.stored_heads(db, "_id", [REPORT.id])
    before = (list(db.reports.find()), list(db.quarantine.find()))
    for write in (
        lambda: source_location.move_report(db, head, ("file:///b.txt", None), late),
        lambda: source_location.mark_gone(db, [head], now(), late),
        lambda: quarantine.seen_again(db, ["q"], late),
    ):
        with pytest.raises(FencedError):
            write()
    assert (list(db.reports.find()), list(db.quarantine.find())) == before


def test_the_holder_goes_on(db: Db, present: Lease) -> None:
    """Who has the lease moves, marks and takes down what earlier runs wrote; the shape is still guarded."""
    (head,) = report_writes.stored_heads(db, "_id", [REPORT.id])
    assert source_location.move_report(db, head, ("file:///b.txt", None), present)
    (head,) = report_writes.stored_heads(db, "_id", [REPORT.id])
    source_location.mark_gone(db, [head], now(), present)
    quarantine.seen_again(db, ["q"], present)

    assert [found["fence"] for found in (*db.reports.find(), *db.quarantine.find())] == [2, 2]
    assert deletion.delete_reports(db, [REPORT.id, "q"], present) == 2


def test_the_floor_stays(db: Db, present: Lease) -> None:
    """The next run's look at the shape leaves the floor; a lost lease counts on above it."""
    collections.ensure_schema(db)
    assert fence_floor.highest_floor(db) == present.fence == 2
    fence_floor.raise_floor(db, 1)
    assert fence_floor.highest_floor(db) == 2

    db.leases.delete_many({})
    with lease.hold_lease(db, "new", "ingest", load().run) as new:
        assert new.fence == 3
