"""What people say of a report is kept apart from it, survives what happens to it, and can be taken back."""

from pathlib import Path

import pytest
from tests.corrections.made import TEXT

from etl.ingest import delete_reports, ingest, reprocess
from etl.ingest.correcting import (
    ChangeText,
    SetEntity,
    Settled,
    Signature,
    SplitParagraph,
    accept,
    correct,
    reject,
    take_back,
)
from etl.model.errors import SetupError
from etl.model.report import Report
from etl.settings import Settings
from etl.store.admin import dump
from etl.store.driver.connection import Db
from etl.store.query.review import Review
from etl.store.schema import collections
from etl.wiring import open_store

pytestmark = pytest.mark.mongo
ME = Signature("李芳", "读过原件")


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """A folder with one report, loaded."""
    path = tmp_path / "in"
    path.mkdir()
    (path / "a.txt").write_text(TEXT, encoding="utf-8")
    ingest([str(path)], settings)
    return path


def stored(settings: Settings) -> Report:
    """The one report that is stored, its offsets right."""
    with open_store(settings) as store:
        (found,) = store.reports()
    for part in (*found.paragraphs, *found.entities):
        assert found.text[part.start : part.end] == part.text
    return found


def review(settings: Settings) -> Review:
    """What people may say and have said of it."""
    one = stored(settings).id
    with open_store(settings) as store:
        return store.review(one)


def older(db: Db) -> None:
    """Let the report have been made by an older extraction."""
    names = {"pipeline.extract": "older", "pipeline.facts": "older"}
    db.reports.update_many({}, {"$set": names}, bypass_document_validation=True)


def change(settings: Settings, old: str, new: str, signature: Signature = ME) -> Settled:
    """Put another word for one."""
    report = stored(settings)
    at = report.text.index(old)
    return correct(report.id, ChangeText(at, at + len(old), new), signature, settings)


def test_a_correction_lasts(folder: Path, settings: Settings, db: Db) -> None:
    """A correction is made at once, in a new revision, and again by every reprocessing and with new bytes."""
    done = change(settings, "张丰说", "张三丰说")
    (item,) = review(settings).corrections

    assert (done.revision, done.lost, done.summary.counts.updated) == (2, 0, 1)
    assert (item.record.corrected_by, item.record.note, item.record.revision) == ("李芳", "读过原件", 1)
    assert item.became
    assert item.became.state == "made"
    assert reprocess("all", settings).counts.unchanged == 1
    older(db)
    assert reprocess("stale", settings).counts.unchanged == 1
    (folder / "a.txt").write_text("前言。今天开会。\n\n" + TEXT, encoding="utf-8")
    ingest([str(folder)], settings)
    (folder / "a.txt").rename(folder / "b.txt")
    ingest([str(folder)], settings)

    found = stored(settings)
    assert "person:张三丰" in found.entity_keys
    assert found.source.uri.endswith("b.txt")
    assert [one.state for one in found.corrections] == ["made"]


def test_entities_survive_late_stages(folder: Path, settings: Settings, db: Db) -> None:
    """A report that is only extracted again keeps corrected entities; one that lacks them is made anew."""
    at = stored(settings).text.index("李明")
    asked = SetEntity(at, at + 2, "organization", ("person", at, at + 2), {"name": "李明公司"})
    correct(stored(settings).id, asked, ME, settings)
    older(db)

    assert reprocess("stale", settings).counts.unchanged == 1
    assert "organization:李明公司" in stored(settings).entity_keys
    db.corrections.update_many({}, {"$set": {"taken_back_at": db.corrections.find_one()["corrected_at"]}})  # type: ignore[index]
    older(db)
    db.checks.delete_many({})
    assert reprocess("stale", settings).counts.updated == 1
    assert "person:李明" in stored(settings).entity_keys


def test_lost_and_found(folder: Path, settings: Settings) -> None:
    """Bytes that lack the words make the report wait for a person; with them the correction comes back."""
    change(settings, "张丰说", "张三丰说")
    (folder / "a.txt").write_text(TEXT.replace("张丰", "赵六"), encoding="utf-8")
    ingest([str(folder)], settings)
    with open_store(settings) as store:
        (waiting,) = store.waiting()
        assert waiting.reasons == ("lost corrections",)
        assert waiting.lost == 1
        assert store.status().lost_corrections == 1
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    ingest([str(folder)], settings)

    assert "张三丰说" in stored(settings).text
    assert not stored(settings).needs_review


def test_taken_back(folder: Path, settings: Settings) -> None:
    """One correction or all are taken back by one call; what was said is on record, and can be said again."""
    before = stored(settings)
    first = change(settings, "张丰说", "张三丰说")
    at = stored(settings).text.index("李明")
    correct(before.id, SplitParagraph(at), ME, settings)
    take_back(before.id, first.ids, Signature("王红"), settings)

    assert stored(settings).text == before.text.replace("李明", "\n李明")
    gone = review(settings).corrections[0]
    assert (gone.record.taken_back_by, gone.became) == ("王红", None)
    with pytest.raises(SetupError, match="holds no longer"):
        take_back(before.id, first.ids, ME, settings)
    again = change(settings, "张丰说", "张三丰说")
    assert again.ids[0] == f"{first.ids[0]}#2"
    take_back(before.id, None, ME, settings)
    assert stored(settings).text == before.text
    assert stored(settings).corrections == ()
    with pytest.raises(SetupError, match="nothing was decided or corrected"):
        take_back(before.id, None, ME, settings)


def test_two_people(folder: Path, settings: Settings) -> None:
    """Of two who look at one revision the second is told to look again; the same said twice is one."""
    change(settings, "张丰说", "张三丰说", Signature("李芳", None, 1))
    with pytest.raises(SetupError, match="revision 2, not 1"):
        change(settings, "天气", "收成", Signature("王红", None, 1))
    assert len(review(settings).corrections) == 1


def test_cut_short(folder: Path, settings: Settings, db: Db) -> None:
    """A correction that a crash kept from the report is carried out by saying it again, and kept once."""
    report = stored(settings)
    change(settings, "张丰说", "张三丰说")
    old = db.revisions.find_one({})
    assert old
    was = old["report"] | {"_id": report.id}
    db.reports.replace_one({"_id": report.id}, was, bypass_document_validation=True)
    done = change(settings, "张丰说", "张三丰说")

    assert done.summary.counts.updated == 1
    assert "张三丰说" in stored(settings).text
    assert db.corrections.count_documents({}) == 1


def test_decisions_are_taken_back(folder: Path, settings: Settings) -> None:
    """A decision about a repair is taken back as a correction is: the program decides again."""
    (item,) = [one for one in review(settings).items if one.change.rule == "cut sentence"]
    before = stored(settings)
    done = reject(before.id, item.number, ME, settings)
    assert "出席了仪\n式" in stored(settings).text
    take_back(before.id, done.ids, ME, settings)

    assert stored(settings).text == before.text
    assert review(settings).decided == ()
    accept(before.id, item.number, ME, settings)
    assert review(settings).items[0].state == "accepted"


def test_taken_down_and_exported(folder: Path, settings: Settings, db: Db, tmp_path: Path) -> None:
    """An export holds corrections, a report that is deleted takes them along."""
    change(settings, "张丰说", "张三丰说")
    dump.export_database(db, tmp_path / "out", lambda _: None)
    delete_reports([stored(settings).id], settings)
    assert db.corrections.count_documents({}) == 0
    db.client.drop_database(db.name)
    dump.import_database(db, tmp_path / "out", lambda _: None)
    collections.ensure_schema(db)

    assert "张三丰说" in stored(settings).text
    assert len(review(settings).corrections) == 1
