from collections.abc import Iterator

import pytest
from tests.store.made import make_report

from etl.errors import FencedError
from etl.model import Rejected
from etl.settings import load
from etl.store import changes, floor, lease, places, quarantine, removal, reports, schema
from etl.store.connection import Db
from etl.store.lease import Lease
from etl.store.quarantine import Refusal
from etl.store.reports import Draft
from etl.store.times import now

pytestmark = pytest.mark.mongo

REPORT = make_report()


@pytest.fixture
def late(db: Db, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lease]:
    """The lease of a run that was replaced right after its last look at it."""
    with lease.hold(db, "late", "ingest", load().run) as mine:
        floor.lift(db, mine.fence)
        reports.write(db, [Draft(REPORT, None)], mine)
        quarantine.put(db, [refusal()], mine, ({}, 100))
        changes.settle(db, mine)
        db.leases.update_one({}, {"$set": {"holder": None}})
        for module in (reports, quarantine, places, removal):
            monkeypatch.setattr(module, "check", lambda *_: None)
        yield mine


@pytest.fixture
def present(db: Db, late: Lease) -> Iterator[Lease]:
    """The lease of the run in its place."""
    del late
    with lease.hold(db, "present", "delete", load().run) as mine:
        floor.lift(db, mine.fence)
        yield mine


def refusal() -> Refusal:
    """A file that cannot be read."""
    return Refusal("q", Rejected("file:///q", "text/plain", None, "read", "empty", "empty", "RejectError"))


def test_late_insert_brings_nothing_back(db: Db, late: Lease, present: Lease) -> None:
    """A report that was taken down stays so, and a refusal that was dropped, however late a write arrives."""
    removal.delete(db, [REPORT.id, "q"], present)
    with pytest.raises(FencedError, match="run present"):
        reports.write(db, [Draft(REPORT, None)], late)
    with pytest.raises(FencedError):
        quarantine.put(db, [refusal()], late, ({}, 100))

    assert db.reports.count_documents({}) == db.quarantine.count_documents({}) == 0
    assert db.pending.count_documents({"state": "open"}) == 0


def test_late_marks_are_refused(db: Db, late: Lease, present: Lease) -> None:
    """Moves, marks and sightings of what no later run has touched are refused, too."""
    del present
    (held,) = reports.held(db, "_id", [REPORT.id])
    before = (list(db.reports.find()), list(db.quarantine.find()))
    for write in (
        lambda: places.move(db, held, ("file:///b.txt", None), late),
        lambda: places.mark_gone(db, [held], now(), late),
        lambda: quarantine.seen_again(db, ["q"], late),
    ):
        with pytest.raises(FencedError):
            write()
    assert (list(db.reports.find()), list(db.quarantine.find())) == before


def test_the_holder_goes_on(db: Db, present: Lease) -> None:
    """Who has the lease moves, marks and takes down what earlier runs wrote; the shape is still guarded."""
    (held,) = reports.held(db, "_id", [REPORT.id])
    assert places.move(db, held, ("file:///b.txt", None), present)
    (held,) = reports.held(db, "_id", [REPORT.id])
    places.mark_gone(db, [held], now(), present)
    quarantine.seen_again(db, ["q"], present)

    assert [found["fence"] for found in (*db.reports.find(), *db.quarantine.find())] == [2, 2]
    assert removal.delete(db, [REPORT.id, "q"], present) == 2


def test_the_floor_stays(db: Db, present: Lease) -> None:
    """The next run's look at the shape leaves the floor; a lost lease counts on above it."""
    schema.ensure(db)
    assert floor.highest(db) == present.fence == 2
    floor.lift(db, 1)
    assert floor.highest(db) == 2

    db.leases.delete_many({})
    with lease.hold(db, "new", "ingest", load().run) as new:
        assert new.fence == 3
