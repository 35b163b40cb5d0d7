from typing import Any

import pytest
from tests.store.made import make_report
from tests.store.state import agree, state

from etl.model.decisions import Places
from etl.model.report import SCHEMA_VERSION, Rejected, Report
from etl.model.traced import Change, Traced
from etl.store.admin import audit, leftovers
from etl.store.annotations import decisions, verifications
from etl.store.blobs import overflow, source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.records.annotations import VerificationRecord
from etl.store.records.changelog import ReprintRecord
from etl.store.records.codec import to_bson
from etl.store.reports import deletion, quarantine, report_writes, revisions
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo

RUN = Lease("run")
ONE, OTHER = make_report("file:///a.txt"), make_report("file:///b.txt", "王芳说", ("王芳",))
LARGE = 8


def load(db: Db, report: Report) -> None:
    """Store a report as a run does, its bytes first."""
    keep(db, report)
    report_writes.write_reports(db, [ReportWrite(report, None)], RUN)
    reconcile.reconcile(db)


def keep(db: Db, report: Report) -> None:
    """Keep the bytes of a report, in GridFS."""
    source = report.source
    source_blobs.put_blobs(
        db, [SourceBlob(source.sha256, source.uri, "text/plain", "utf-8", report.text.encode())], LARGE
    )


def kinds(db: Db) -> list[str]:
    """Of what kinds the findings of the check are."""
    return [found.kind for found in audit.check(db)]


@pytest.fixture
def sound(db: Db) -> dict[str, Any]:
    """A database with one report, as it must be again; another one was taken down."""
    load(db, ONE)
    load(db, OTHER)
    deletion.delete_reports(db, [OTHER.id], RUN)
    assert audit.check(db) == ()
    return state(db)


def mended(db: Db, wanted: dict[str, Any], found: list[str]) -> None:
    """What is found is mended, once, and the database is as it was."""
    assert kinds(db) == found
    assert all(audit.mended_by(kind) for kind in found)
    assert leftovers.remove_leftovers(db, RUN) == len(found)
    assert leftovers.remove_leftovers(db, RUN) == 0
    assert audit.check(db) == ()
    assert state(db) == wanted
    agree(db)


def test_report_that_came_back(db: Db, sound: dict[str, Any]) -> None:
    """A report that a late write brought back goes again, with its bytes."""
    keep(db, OTHER)
    report_writes.write_reports(db, [ReportWrite(OTHER, None)], RUN)
    db.pending.delete_many({})

    mended(db, sound, ["report that came back"])
    assert db.reports.find_one({"_id": OTHER.id}) is None


def test_report_that_nobody_waited_for(db: Db, sound: dict[str, Any]) -> None:
    """A report whose note was settled before it arrived is accounted for: entities and the feed have it."""
    del sound
    late = make_report("file:///c.txt", "赵六说", ("赵六",))
    keep(db, late)
    report_writes.write_reports(db, [ReportWrite(late, None)], RUN)
    db.pending.delete_many({})
    assert kinds(db) == ["report that was not accounted for"]

    assert leftovers.remove_leftovers(db, RUN) == 1
    assert audit.check(db) == ()
    assert db.entities.count_documents({"_id": "person:赵六"}) == 1
    assert db.changes.count_documents({"changes.report_id": late.id}) == 1
    agree(db)


def test_version_without_report(db: Db, sound: dict[str, Any]) -> None:
    """A version that was kept late, of a report that was taken down by then, goes with its bytes."""
    keep(db, OTHER)
    (there,) = db.reports.find()
    source = {**there["source"], "sha256": OTHER.source.sha256}
    revisions.keep_revisions(db, [{**there, "_id": OTHER.id, "source": source}], RUN)

    mended(db, sound, ["version without its report"])
    assert db.revisions.count_documents({}) == 0


def test_what_stands_beside_no_report(db: Db, sound: dict[str, Any]) -> None:
    """Decisions, checks and notes on reprints that came after their report was taken down go."""
    db.reprints.insert_one(to_bson(ReprintRecord(OTHER.id, None, None, (1,), (), 1, SCHEMA_VERSION)))
    verifications.record_verifications(
        db, [VerificationRecord(OTHER.id, "run:1", {"read": "1"}, SCHEMA_VERSION)]
    )
    places = Places(OTHER.text, Traced(OTHER.text, OTHER.runs))
    said = places.about(Change("repair", "furniture", 0, 2, "王芳", "", 0.5), accepted=True)
    decisions.put_decision(
        db, decisions.make_record(OTHER.id, said, ("tester", None), (1, OTHER.source.sha256))
    )

    mended(db, sound, [f"{one} without its report" for one in ("decision", "check", "reprint")])
    assert db.decisions.count_documents({}) == 0


def test_entity_that_came_back(db: Db, sound: dict[str, Any]) -> None:
    """An entity that was made late, after the log had let it go, goes."""
    (known,) = db.entities.find()
    db.entities.insert_one({**known, "_id": "person:王芳", "change": 2})

    mended(db, sound, ["entity that came back"])
    assert db.entities.find_one({"_id": "person:王芳"}) is None


def test_bytes_that_nothing_needs(db: Db, sound: dict[str, Any]) -> None:
    """Bytes that were kept before a run broke off go, and files in GridFS that nothing refers to."""
    keep(db, OTHER)
    overflow.put_file(db, "raw:" + "0" * 64, b"begun")
    overflow.put_file(db, f"parts:{ONE.id}:{'0' * 24}", b"begun")
    db["fs.files"].delete_one({"_id": "raw:" + "0" * 64})
    db["fs.chunks"].insert_one({"_id": "other", "files_id": "of somebody else", "n": 0, "data": b""})

    mended(db, sound, ["bytes that nothing needs", "file that nothing needs", "file that nothing needs"])
    assert db["fs.chunks"].count_documents({"files_id": "of somebody else"}) == 1


def refused(payload: bytes, sha: str) -> QuarantineEntry:
    """A file that cannot be read."""
    why = Rejected(OTHER.source.uri, "text/plain", sha, "read", "encoding", "no text", "RejectError", payload)
    return QuarantineEntry(OTHER.id, why)


def test_bytes_of_refusals(db: Db, sound: dict[str, Any]) -> None:
    """Bytes of a refusal stay until it is healed or its file has other bytes, then go once nobody works."""
    del sound
    first, second = ("1" * 64, "2" * 64)
    quarantine.put(db, [refused(b"first", first)], RUN, ({}, LARGE))
    quarantine.put(db, [refused(b"first", first)], RUN, ({}, LARGE))
    source_blobs.delete_released(db)
    assert db.sources.count_documents({"_id": first}) == 1
    quarantine.put(db, [refused(b"second", second)], RUN, ({}, LARGE))
    assert db.sources.count_documents({"_id": {"$in": [first, second]}}) == 2
    source_blobs.delete_released(db)
    assert [found["_id"] for found in db.sources.find({"_id": {"$in": [first, second]}})] == [second]
    quarantine.heal(db, [OTHER.id], RUN)
    source_blobs.delete_released(db)

    assert db.sources.count_documents({}) == 1
    assert db.released.count_documents({}) == 0
    assert audit.check(db) == ()


def test_bytes_that_a_report_needs_stay(db: Db, sound: dict[str, Any]) -> None:
    """Bytes of a healed refusal that a report was made of stay."""
    quarantine.put(db, [refused(ONE.text.encode(), ONE.source.sha256)], RUN, ({}, LARGE))
    quarantine.heal(db, [OTHER.id], RUN)
    source_blobs.delete_released(db)

    assert state(db) == {**sound, "sources": state(db)["sources"]}
    assert audit.check(db) == ()
