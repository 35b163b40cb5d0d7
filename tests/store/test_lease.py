from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.errors import OperationFailure
from tests.store.made import make_report
from tests.waiting import until

from etl.model.errors import FencedError, UnavailableError
from etl.model.report import Rejected
from etl.settings import RunSettings, load
from etl.store.coordination import lease, runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import DISK_FULL, Db
from etl.store.records import process
from etl.store.records.codec import Doc
from etl.store.reports import deletion, quarantine, report_writes, source_location
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo


def patience(seconds: float = 60.0, wait: float = 0.0) -> RunSettings:
    """How long a lease lasts, and how long one waits for it."""
    return load().run.model_copy(update={"lease_seconds": seconds, "wait_seconds": wait})


def elsewhere(db: Db, seconds: float) -> None:
    """Make the present holder one of another host, whose lease runs out in so many seconds."""
    until = lease._clock(db) + timedelta(seconds=seconds)
    change = {"holder.process.host": "elsewhere", "holder.process.boot": "other", "expires_at": until}
    db.leases.update_one({}, {"$set": change})


def expiry(db: Db) -> datetime:
    """When the present lease runs out."""
    found = db.leases.find_one({})
    assert found
    moment: datetime = found["expires_at"]
    return moment


def test_one_after_the_other(db: Db) -> None:
    """Every holder gets a higher number; while one is there, others are told who it is."""
    with lease.hold_lease(db, "one", "ingest", patience()) as one:
        with (
            pytest.raises(UnavailableError, match=r"run one \(ingest, process \d+ on host"),
            lease.hold_lease(db, "two", "retry", patience()),
        ):
            pass
        found = lease.live_holder(db)
        assert found
        assert (found.run_id, found.process) == ("one", process.current())
    assert lease.live_holder(db) is None
    with lease.hold_lease(db, "two", "retry", patience()) as two:
        assert (one.fence, two.fence) == (1, 2)


def test_renewed(db: Db) -> None:
    """A holder that lives keeps the lease however short it is."""
    with lease.hold_lease(db, "one", "ingest", patience(3.0)):
        first = expiry(db)
        assert until(lambda: expiry(db) > first)
        with pytest.raises(UnavailableError), lease.hold_lease(db, "two", "ingest", patience()):
            pass


def test_other_host(db: Db, caplog: pytest.LogCaptureFixture) -> None:
    """A holder on another host is waited for until its lease has run out, and both are said."""
    with lease.hold_lease(db, "one", "ingest", patience()) as one:
        elsewhere(db, 1.0)
        with (
            pytest.raises(UnavailableError, match="on host elsewhere"),
            lease.hold_lease(db, "two", "ingest", patience()),
        ):
            pass
        with lease.hold_lease(db, "two", "ingest", patience(wait=30.0)):
            assert "waiting up to 30 s" in caplog.text
            assert "has shown no life since its lease ran out" in caplog.text
            with pytest.raises(FencedError, match="run two"):
                lease.check_lease(db, one)
    assert db.leases.count_documents({"holder": None}) == 1


def test_reused_process_id(db: Db) -> None:
    """A process of another start that has the same id is not taken for the holder."""
    with lease.hold_lease(db, "old", "ingest", patience()):
        db.leases.update_one({}, {"$set": {"holder.process.started": "1"}})
        with lease.hold_lease(db, "new", "ingest", patience()) as new:
            assert new.fence == 2


@pytest.mark.parametrize("boot", ["{boot} pid:[1]", "another pid:[1]"])
def test_holder_in_a_container(db: Db, boot: str) -> None:
    """A run whose processes another container or machine of this host's name counts is waited for."""
    with lease.hold_lease(db, "old", "ingest", patience()):
        here = process.current().boot.split()[0]
        change = {"holder.process.boot": boot.format(boot=here), "holder.process.started": "1"}
        db.leases.update_one({}, {"$set": change})
        with (
            pytest.raises(UnavailableError, match="run old"),
            lease.hold_lease(db, "new", "ingest", patience()),
        ):
            pass
        db.leases.update_one({}, {"$set": {"expires_at": lease._clock(db) + timedelta(seconds=1.0)}})
        with lease.hold_lease(db, "new", "ingest", patience(wait=30.0)) as new:
            assert new.fence == 2


def test_lost_lease(db: Db) -> None:
    """When the lease itself is lost, numbers go on above those of all runs."""
    runs.begin(db, "ingest", {}, {}, Lease("old", 41))
    with lease.hold_lease(db, "new", "ingest", patience()) as new:
        assert new.fence == 42


def test_renewal_notices(db: Db, caplog: pytest.LogCaptureFixture) -> None:
    """The thread that renews says when the place was taken, and takes nothing back."""
    with lease.hold_lease(db, "one", "ingest", patience(0.3)):
        db.leases.update_one({}, {"$set": {"fence": 9}})
        assert until(lambda: "run one showed no life" in caplog.text)
    assert db.leases.count_documents({"fence": 9, "holder.run_id": "one"}) == 1


def test_renewal_outlives_a_full_disk(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server's disk is full the lease cannot be renewed; once there is room again it is."""
    real, tries = Collection.update_one, list[str]()

    def update_one(self: Collection[Doc], *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the driver
        if self.name == "leases" and len(tries) < 2:
            tries.append(self.name)
            raise OperationFailure("No space left on device", DISK_FULL)
        return real(self, *args, **options)

    monkeypatch.setattr(Collection, "update_one", update_one)
    with lease.hold_lease(db, "one", "ingest", patience(0.6)):
        before = db.leases.find_one({})
        assert until(lambda: db.leases.find_one({}) != before)
        assert len(tries) == 2


LATE, PRESENT = Lease("late", 1), Lease("present", 2)


@pytest.fixture
def newer(db: Db, monkeypatch: pytest.MonkeyPatch) -> Db:
    """A report and a quarantined file of a later run; the earlier one has looked at its lease before that."""
    report = make_report(text="新")
    report_writes.write_reports(db, [ReportWrite(report, None)], PRESENT)
    quarantine.put(db, [refusal("new")], PRESENT, ({}, 100))
    for module in (report_writes, quarantine, source_location, deletion):
        monkeypatch.setattr(module, "check_lease", lambda *_: None)
    return db


def refusal(message: str) -> QuarantineEntry:
    """A file that cannot be read."""
    return QuarantineEntry(
        "q", Rejected("file:///q", "text/plain", None, "read", "empty", message, "RejectError")
    )


def test_late_report(newer: Db) -> None:
    """A late report neither replaces a newer one nor stands beside it, whatever it thinks was there."""
    before = list(newer.reports.find())
    head = report_writes.stored_heads(newer, "_id", [before[0]["_id"]])[0]
    for write in (ReportWrite(make_report(text="旧"), None), ReportWrite(make_report(text="旧"), head)):
        with pytest.raises(FencedError):
            report_writes.write_reports(newer, [write], LATE)
    assert list(newer.reports.find()) == before
    assert newer.pending.count_documents({"state": "open"}) == 0


def test_late_marks(newer: Db) -> None:
    """Late moves, marks and removals leave a newer report alone."""
    before = list(newer.reports.find())
    head = report_writes.stored_heads(newer, "_id", [before[0]["_id"]])[0]

    assert not source_location.move_report(newer, head, ("file:///old", None), LATE)
    source_location.mark_gone(newer, [head], head.gone_at, LATE)
    with pytest.raises(FencedError):
        deletion.delete_reports(newer, [head.id], LATE)
    assert list(newer.reports.find()) == before


def test_late_quarantine(newer: Db) -> None:
    """Late refusals and healings leave a newer record alone."""
    before = list(newer.quarantine.find())
    quarantine.put(newer, [refusal("old")], LATE, ({}, 100))
    quarantine.seen_again(newer, ["q"], LATE)
    quarantine.heal(newer, ["q"], LATE)

    assert list(newer.quarantine.find()) == before
    quarantine.heal(newer, ["q"], PRESENT)
    assert newer.quarantine.count_documents({}) == 0


def test_late_after_earlier(db: Db) -> None:
    """What an earlier run wrote is replaced as ever, and carries the higher number afterwards."""
    report = make_report(text="旧")
    report_writes.write_reports(db, [ReportWrite(report, None)], LATE)
    head = report_writes.stored_heads(db, "_id", [report.id])[0]
    changed = replace(make_report(text="新"), id=report.id)

    assert report_writes.write_reports(db, [ReportWrite(changed, head)], PRESENT).updated == {report.id}
    assert [found["fence"] for found in db.reports.find()] == [2]
    assert [found["report"]["fence"] for found in db.revisions.find()] == [1]
