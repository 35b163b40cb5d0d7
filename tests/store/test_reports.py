from dataclasses import replace
from typing import Any

import pytest
from tests.store.made import make_report, rich_report

from etl.fingerprint import fingerprints
from etl.model.errors import RejectError
from etl.settings import load
from etl.store.blobs import overflow
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.query import staleness
from etl.store.records.report_codec import from_document
from etl.store.reports import report_writes, source_location
from etl.store.reports.report_writes import ReportWrite
from etl.store.schema.collections import COLLECTIONS

pytestmark = pytest.mark.mongo


def stored(db: Db, one: str) -> dict[str, object]:
    """A report as it is read."""
    found = db.reports.find_one({"_id": one})
    assert found
    return overflow.rehydrate(db, found)


def test_insert(db: Db) -> None:
    """A new report is stored whole, as its first revision."""
    report = rich_report()
    outcome = report_writes.write_reports(db, [ReportWrite(report, None)], Lease("run"))

    assert outcome.inserted == {report.id}
    assert from_document(stored(db, report.id)) == report
    assert stored(db, report.id)["revision"] == 1


def test_change(db: Db) -> None:
    """A changed report takes the next revision, and the old one is kept whole."""
    old, new = make_report(text="甲"), make_report(text="乙")
    report_writes.write_reports(db, [ReportWrite(old, None)], Lease("one"))
    outcome = report_writes.write_reports(
        db, [ReportWrite(new, report_writes.stored_heads(db, "_id", [old.id])[0])], Lease("two")
    )

    assert outcome.updated == {old.id}
    assert stored(db, old.id)["revision"] == 2
    kept = db.revisions.find_one({"_id": f"{old.id}:1"})
    assert kept
    assert from_document(kept["report"]) == old
    assert stored(db, old.id)["first_loaded_at"] == kept["report"]["first_loaded_at"]


def test_new_pipeline_same_result(db: Db) -> None:
    """A pipeline that makes a report the same way is noted beside it; the report stays as it is."""
    old = make_report()
    report_writes.write_reports(db, [ReportWrite(old, None)], Lease("one"))
    before = stored(db, old.id)
    for value in ("1", "2"):
        new = replace(old, pipeline={"facts": value})
        head = report_writes.stored_heads(db, "_id", [old.id])[0]
        assert report_writes.write_reports(db, [ReportWrite(new, head)], Lease("two")).unchanged == {old.id}
        assert report_writes.stored_heads(db, "_id", [old.id])[0].pipeline == {"facts": value}
        assert staleness.stale_ids(db, {"facts": value}) == []
        assert staleness.count_by_stage(db, {"facts": "3"}) == {"facts": 1}
    assert stored(db, old.id) == before
    assert db.revisions.count_documents({}) == 0


def test_check_of_another_revision(db: Db) -> None:
    """What was noted of one revision says nothing of the next."""
    old = make_report(text="甲")
    report_writes.write_reports(db, [ReportWrite(old, None)], Lease("one"))
    again = replace(old, pipeline={"facts": "1"})
    report_writes.write_reports(
        db, [ReportWrite(again, report_writes.stored_heads(db, "_id", [old.id])[0])], Lease("two")
    )
    new = make_report(text="乙", pipeline={"facts": "0"})
    report_writes.write_reports(
        db, [ReportWrite(new, report_writes.stored_heads(db, "_id", [old.id])[0])], Lease("three")
    )

    assert report_writes.stored_heads(db, "_id", [old.id])[0].pipeline == {"facts": "0"}
    assert staleness.stale_ids(db, {"facts": "1"}) == [old.id]


@pytest.mark.parametrize("made", [{"facts": "1"}, {"facts": "3"}, {"read": "2"}, {}])
def test_stale_whatever_made_it(db: Db, made: dict[str, str]) -> None:
    """A report of an earlier, a later, a shorter or no pipeline is stale; one of this pipeline is not."""
    other, same = make_report(pipeline=made), make_report("memory:///same", pipeline={"facts": "2"})
    report_writes.write_reports(db, [ReportWrite(other, None), ReportWrite(same, None)], Lease("one"))

    assert staleness.stale_ids(db, {"facts": "2"}) == [other.id]
    assert staleness.stale_ids(db, {}) == sorted([other.id, same.id])


def test_the_last_fingerprint_is_indexed(db: Db) -> None:
    """The question for stale reports is answered from an index, whatever the last stage is called."""
    *_, last = fingerprints(load())
    assert f"pipeline.{last}" in COLLECTIONS["reports"].indexes
    assert f"pipeline.{last}_1" in db.reports.index_information()


def test_lost_race_to_same(db: Db) -> None:
    """Who comes second with the same report finds it stored and writes nothing."""
    report = make_report()
    report_writes.write_reports(db, [ReportWrite(report, None)], Lease("one"))
    outcome = report_writes.write_reports(db, [ReportWrite(report, None)], Lease("two"))

    assert outcome.unchanged == {report.id}
    assert stored(db, report.id)["run_id"] == "one"


def test_lost_race_to_other(db: Db) -> None:
    """Who read an old revision does not overwrite the newer one: it is kept, and theirs follows."""
    first, second, third = (make_report(text=text) for text in "甲乙丙")
    report_writes.write_reports(db, [ReportWrite(first, None)], Lease("one"))
    head = report_writes.stored_heads(db, "_id", [first.id])[0]
    report_writes.write_reports(db, [ReportWrite(second, head)], Lease("two"))
    outcome = report_writes.write_reports(db, [ReportWrite(third, head)], Lease("three"))

    assert outcome.updated == {first.id}
    assert stored(db, first.id)["revision"] == 3
    texts = [entry["report"]["text"] for entry in db.revisions.find().sort("_id")]
    assert texts == ["甲", "乙"]


def test_huge(db: Db) -> None:
    """A report too large for one document is stored in parts and read as if it were not."""
    text = "".join(chr(0x4E00 + at % 20000) for at in range(2_200_000))
    report = make_report(text=text, terms=("中国",))
    outcome = report_writes.write_reports(db, [ReportWrite(report, None)], Lease("run"))

    assert outcome.inserted == {report.id}
    found = db.reports.find_one({"_id": report.id})
    assert found
    assert found["parts"]["fields"] == ["other_text"]
    assert from_document(overflow.rehydrate(db, found)) == report


def test_unstorable(db: Db) -> None:
    """A lone surrogate is refused with a reason, and the rest of the batch is stored."""
    bad, good = make_report("file:///bad", text="好"), make_report("file:///good")
    bad = replace(bad, title="\ud800")
    outcome = report_writes.write_reports(db, [ReportWrite(bad, None), ReportWrite(good, None)], Lease("run"))

    assert outcome.inserted == {good.id}
    assert isinstance(outcome.refused[bad.id], RejectError)
    assert outcome.refused[bad.id].reason == "unstorable"


def test_wrong_shape(db: Db) -> None:
    """What the validator refuses is refused alone."""
    runes: Any = "runes"
    bad = replace(make_report("file:///bad"), script=runes)
    good = make_report("file:///good")
    outcome = report_writes.write_reports(db, [ReportWrite(bad, None), ReportWrite(good, None)], Lease("run"))

    assert outcome.inserted == {good.id}
    assert outcome.refused[bad.id].reason == "validator"


def test_move(db: Db) -> None:
    """A moved report keeps its id; a second mover finds it gone."""
    report = make_report()
    report_writes.write_reports(db, [ReportWrite(report, None)], Lease("run"))
    head = report_writes.stored_heads(db, "_id", [report.id])[0]

    assert source_location.move_report(db, head, ("file:///b.txt", "1"), Lease("run"))
    assert source_location.move_report(db, head, ("file:///b.txt", "1"), Lease("run")), "an answer was lost"
    assert not source_location.move_report(db, head, ("file:///c.txt", "1"), Lease("run"))
    assert report_writes.stored_heads(db, "source.uri", ["file:///b.txt"])[0].id == report.id
