import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from pymongo.collection import Collection
from tests.soak import is_long
from tests.store.made import LONG, make_report
from tests.store.state import agree, state

from etl.model.report import Report
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease
from etl.store.driver import queries
from etl.store.driver.connection import Db
from etl.store.records.codec import Doc
from etl.store.records.reports import RevisionRef
from etl.store.reports import deletion, report_writes
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo

WRITES = (
    "insert_one",
    "insert_many",
    "bulk_write",
    "replace_one",
    "update_one",
    "update_many",
    "delete_one",
    "delete_many",
)


class Killed(BaseException):
    """The process ends here, as by SIGKILL."""


def load(db: Db, made: list[Report], run: str = "run") -> None:
    """What a worker does with finished reports."""
    source_blobs.put_blobs(
        db, [SourceBlob(r.source.sha256, r.source.uri, "text/plain", "utf-8", b"x") for r in made], 1000
    )
    head = {item.id: item for item in report_writes.stored_heads(db, "_id", [report.id for report in made])}
    writes = [ReportWrite(report, head.get(report.id)) for report in made]
    new = [d for d in writes if d.head is None or d.head.sha256 != d.report.source.sha256]
    report_writes.write_reports(db, new, Lease(run))


def versions() -> list[list[Report]]:
    """Three loads: reprints and others, then changes of names, days and texts, then some back again."""
    first = [
        make_report("file:///a", f"甲一{LONG}", ("李明", "王芳"), "2020-01-05"),
        make_report("file:///b", f"{LONG}乙一", ("李明",), "2020-01-02"),
        make_report("file:///c", f"丙{LONG}一", ("赵六",), None),
    ]
    second = [
        make_report("file:///a", f"甲二{LONG}", ("王芳",), "2020-01-09"),
        make_report("file:///b", "乙二", ("李明", "钱七"), "2020-01-03"),
    ]
    third = [make_report("file:///a", f"甲一{LONG}", ("李明", "王芳"), "2020-01-05")]
    return [first, second, third]


def test_entities_follow_reports(db: Db) -> None:
    """After every load the entities are what would be made from the reports alone."""
    named = ("李明 王芳 赵六", "李明 王芳 赵六 钱七", "李明 王芳 赵六 钱七")
    for made, names in zip(versions(), named, strict=True):
        load(db, made)
        reconcile.reconcile(db)
        agree(db)
        people = db.entities.distinct("_id", {"_id": {"$regex": "^person:"}})
        assert {key.removeprefix("person:") for key in people} == set(names.split())


def test_each_note_is_read_once(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many entries of the log it takes to account for notes, each note is read once."""
    found = list[str]()

    def rows(*query: Any) -> list[Doc]:  # noqa: ANN401 - as the real one
        entries = queries.find_all(*query)
        found.extend(entry["_id"] for entry in entries)
        return entries

    monkeypatch.setattr(write_intents, "find_all", rows)
    monkeypatch.setattr(reconcile, "REPORTS_AT_ONCE", 1)
    for report in versions()[0]:
        load(db, [report])

    assert reconcile.reconcile(db) == len(versions()[0])
    assert (len(found), len(set(found))) == (3, 3)
    assert db.changes.count_documents({}) == 3
    agree(db)


def test_notes_that_another_settles(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process accounts for meanwhile is not accounted for a second time."""
    real, rounds, others = reconcile._finish_last, list[Lease](), list[int]()

    def finish_last(db: Db, lease: Lease) -> int:
        rounds.append(lease)
        if len(rounds) == 2:  # the first note is done by us; the other process does the rest
            others.append(reconcile.reconcile(db))
        return real(db, lease)

    monkeypatch.setattr(reconcile, "_finish_last", finish_last)
    monkeypatch.setattr(reconcile, "REPORTS_AT_ONCE", 1)
    for report in versions()[0]:
        load(db, [report])

    assert (reconcile.reconcile(db), others) == (1, [2])
    assert db.changes.count_documents({}) == 3
    agree(db)


def test_any_order(db: Db) -> None:
    """Reports loaded in any order, settled after each or at the end, make the same entities and links."""
    results = []
    for order in itertools.permutations(versions()[0]):
        for name in ("reports", "entities", "changes", "sources", "revisions", "reprints"):
            db[name].delete_many({})
        for at, report in enumerate(order):
            load(db, [report])
            if at % 2:
                reconcile.reconcile(db)
        reconcile.reconcile(db)
        results.append({name: state(db)[name] for name in ("entities", "reports", "reprints")})

    assert all(result == results[0] for result in results)
    assert sum(bool(entry["original"]) for entry in results[0]["reprints"].values()) == 2
    people = results[0]["entities"]
    assert people["person:李明"]["reports"] == 2
    assert (people["person:李明"]["first_seen"], people["person:李明"]["last_seen"]) == (
        "2020-01-02",
        "2020-01-05",
    )


def test_settle_twice(db: Db) -> None:
    """Settling when all is settled changes nothing and numbers nothing."""
    load(db, versions()[0])

    assert reconcile.reconcile(db) == 3
    before = state(db)
    assert reconcile.reconcile(db) == 0
    assert state(db) == before
    assert db.changes.count_documents({}) == 1


def test_feed_has_every_revision_once(db: Db) -> None:
    """The numbered log names each revision exactly once, numbers without gaps."""
    for made in versions():
        load(db, made)
        reconcile.reconcile(db)
    numbers = sorted(found["_id"] for found in db.changes.find())
    named = [(c["report_id"], c["revision"]) for found in db.changes.find() for c in found["changes"]]

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(named) == len(set(named)) == 6


def test_open_write_waits(db: Db) -> None:
    """A write that is still under way is not accounted for, and what it may change waits with it."""
    report = make_report()
    token = write_intents.open_intent(db, "write", [RevisionRef(report.id, 0)], Lease("other"))
    load(db, [report])

    assert reconcile.reconcile(db) == 0
    write_intents.close_intent(db, token)
    assert reconcile.reconcile(db) == 1
    agree(db)


def test_late_note(db: Db) -> None:
    """A note that arrives a second time, after its write was accounted for, is not accounted for again."""
    report = make_report()
    load(db, [report])
    (note,) = db.pending.find()
    assert reconcile.reconcile(db) == 1
    db.pending.insert_one({**note, "state": "closed"})

    assert reconcile.reconcile(db) == 0
    assert db.pending.count_documents({}) == 0
    agree(db)


def test_delete(db: Db) -> None:
    """A report that is taken down leaves nothing behind but what others share."""
    for made in versions():
        load(db, made)
    reconcile.reconcile(db)
    one = versions()[0][0].id

    assert deletion.delete_reports(db, [one], Lease("gone")) == 1
    assert db.revisions.count_documents({"report_id": one}) == 0
    assert db.sources.count_documents({"uris": "file:///a"}) == 0
    assert db.sources.count_documents({"uris": "file:///b"}) == 2
    assert db.entities.find_one({"_id": "person:王芳"}) is None
    agree(db)


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool) -> Iterator[Callable[[], bool]]:
    """The n-th write of the driver kills the process, before or after it was applied."""
    seen = itertools.count(1)
    hit = False

    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the driver's methods
            nonlocal hit
            now = next(seen) == number
            hit = hit or now
            if now and not after:
                raise Killed
            result = method(*args, **kwargs)
            if now:
                raise Killed
            return result

        return call

    with monkeypatch.context() as patch:
        for name in WRITES:
            patch.setattr(Collection, name, wrap(getattr(Collection, name)))
        yield lambda: hit


def dead(db: Db) -> None:
    """Make the notes of this process those of one that has ended."""
    db.pending.update_many({}, {"$set": {"process.started": "gone"}})


def story(db: Db) -> None:
    """A load, a change, and a removal."""
    first, second, _ = versions()
    load(db, first)
    reconcile.reconcile(db)
    load(db, second)
    reconcile.reconcile(db)
    there = [entry["_id"] for entry in db.reports.find({"_id": first[2].id})]
    deletion.delete_reports(db, there, Lease("run"))


def again(db: Db) -> None:
    """What the next run does: settle first, then the part of the story that is not yet told."""
    dead(db)
    reconcile.reconcile(db)
    first, second, _ = versions()
    if db.changes.count_documents({"changes.revision": 2}) == 0 and not db.reports.find_one({"revision": 2}):
        load(db, first)
    reconcile.reconcile(db)
    load(db, second)
    reconcile.reconcile(db)
    there = [entry["_id"] for entry in db.reports.find({"_id": first[2].id})]
    deletion.delete_reports(db, there, Lease("run"))


@pytest.mark.fuzz
@pytest.mark.parametrize("after", [False, True])
def test_every_crash_heals(db: Db, monkeypatch: pytest.MonkeyPatch, seed: int, after: bool) -> None:  # noqa: FBT001
    """Killed at any write, before or after it took effect, the next run ends in the undisturbed state.

    A short run tries every fourth write, beginning anywhere.
    """
    story(db)
    wanted = state(db)
    step = 1 if is_long() else 4
    for number in itertools.count(1 + seed % step, step):
        for name in (*wanted, "changes"):
            db[name].delete_many({})
        with killed_at(monkeypatch, number, after=after) as hit, suppress(Killed):
            story(db)
        if not hit():
            break
        again(db)
        assert state(db) == wanted, f"killed at write {number}"
        agree(db)
    assert number > 20
