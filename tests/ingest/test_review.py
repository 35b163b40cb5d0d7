"""A decision settles a repair, is kept apart from the report, and survives whatever happens to it."""

from pathlib import Path

import pytest
from tests.repair.decided import COLUMN, ends

from etl.ingest import RecordedDecision, Ruling, delete_reports, ingest, record_decision, reprocess
from etl.model.errors import SetupError
from etl.model.report import RawReport, Report
from etl.read import read
from etl.settings import Settings
from etl.store.admin import dump
from etl.store.changelog import reconcile
from etl.store.driver.connection import Db, connect
from etl.store.query.review import Item
from etl.store.schema import collections
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

GATE = COLUMN.index("门。二〇一五年")
WORK = ends(COLUMN, "以后又回到工")


def with_threshold(settings: Settings, threshold: float) -> Settings:
    """The same settings with another threshold."""
    return settings.model_copy(update={"repair": settings.repair.model_copy(update={"threshold": threshold})})


@pytest.fixture
def unsure(settings: Settings) -> Settings:
    """Settings with which every likely join and move is only suggested."""
    return with_threshold(settings, 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report whose column stands at its end."""
    path = tmp_path / "in"
    path.mkdir()
    (path / "山村.txt").write_text(COLUMN, encoding="utf-8")
    return path


def report(settings: Settings) -> Report:
    """The one report that is stored."""
    with open_store(settings) as store:
        (found,) = store.reports()
        return found


def item(settings: Settings, rule: str, at: int) -> Item:
    """The repair of this rule at this raw offset."""
    with open_store(settings) as store:
        items = store.review(report(settings).id).items
    (found,) = [one for one in items if (one.change.rule, one.change.start) == (rule, at)]
    return found


def say(settings: Settings, one: Item, *, accepted: bool) -> RecordedDecision:
    """Settle a repair."""
    return record_decision(Ruling(report(settings).id, one.number, accepted, "罗开明", "读过原件"), settings)


def sound(settings: Settings) -> Report:
    """The report, each of its paragraphs traced to the raw text that it says it came from."""
    found = report(settings)
    with open_store(settings) as store:
        raw = read(RawReport(found.source.uri, found.source.media_type, store.raw(found.id))).text
    for paragraph in found.paragraphs:
        for at in range(paragraph.start, paragraph.end):
            start, end = found.raw_span(at, at + 1)
            assert raw[start:end] in (found.text[at], "")
    return found


def test_accepted_suggestion_survives(folder: Path, unsure: Settings, settings: Settings, db: Db) -> None:
    """An accepted move is made at once, in a new revision that the feed tells of, and stays made."""
    ingest([str(folder)], unsure)
    assert report(unsure).needs_review
    before = reconcile.reconcile(db), list(db.changes.find())
    done = say(unsure, item(unsure, "moved column", GATE), accepted=True)
    found = sound(unsure)

    assert "谁也不敢出门。二〇一五年" in found.text
    assert (done.revision, done.summary.counts.updated, done.open) == (2, 1, 1)
    with open_store(unsure) as store:
        feed = list(store.changes())
        assert store.status().decisions == 1
    assert len(list(db.changes.find())) == len(before[1]) + 1
    assert (feed[-1].report_id, feed[-1].revision) == (found.id, 2)
    for again in (unsure, settings, with_threshold(settings, 0.99)):
        reprocess("all", again)
        assert "谁也不敢出门。二〇一五年" in sound(again).text


def test_settled_report_needs_no_review(folder: Path, unsure: Settings) -> None:
    """When every suggestion is settled, one way or the other, the report waits for nobody."""
    ingest([str(folder)], unsure)
    say(unsure, item(unsure, "moved column", GATE), accepted=True)
    last = say(unsure, item(unsure, "cut sentence", WORK), accepted=False)
    found = sound(unsure)

    assert (last.open, found.needs_review, found.quality.suggestions) == (0, False, 0)
    assert "以后又回到工\n地，他说" in found.text
    with open_store(unsure) as store:
        assert store.waiting() == ()
        assert store.suggestions(found.id) == ()
        assert store.status().needs_review == 0


def test_undone_repair_stays_undone(folder: Path, settings: Settings, db: Db) -> None:
    """A move that was rejected is undone at once, and by no reprocessing done again."""
    ingest([str(folder)], settings)
    assert "谁也不敢出门。" in report(settings).text
    say(settings, item(settings, "moved column", GATE), accepted=False)
    assert sound(settings).paragraphs[-1].text.startswith("门。")
    db.reports.update_many({}, {"$set": {"pipeline.repair": "older", "pipeline.facts": "older"}})

    assert reprocess("stale", settings).counts.read == 1
    assert reprocess("all", settings).counts.unchanged == 1
    assert sound(settings).paragraphs[-1].text.startswith("门。")
    assert not report(settings).needs_review


def test_late_stage_keeps_the_ledger(folder: Path, settings: Settings, db: Db) -> None:
    """A report that is only extracted again keeps what people decided."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    before = report(settings).edits
    db.reports.update_many({}, {"$set": {"pipeline.facts": "older", "keywords": ["旧"]}})
    reprocess("stale", settings)

    assert report(settings).edits == before


def test_new_bytes(folder: Path, settings: Settings) -> None:
    """A file that changed keeps the decisions that still have a place in it."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    (folder / "山村.txt").write_text("本刊讯\n\n" + COLUMN.replace("六十七户", "七十户"), encoding="utf-8")

    assert ingest([str(folder)], settings).counts.updated == 1
    assert sound(settings).paragraphs[-1].text.startswith("门。")


def test_orphan(folder: Path, settings: Settings) -> None:
    """A decision that has no place in the new bytes is marked and kept, and holds again when it has one."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    (folder / "山村.txt").write_text(COLUMN.replace("谁也不敢出", "路上没有人"), encoding="utf-8")
    ingest([str(folder)], settings)
    found = report(settings)
    with open_store(settings) as store:
        (lost,) = store.review(found.id).orphans
        assert (lost.decided_by, lost.note) == ("罗开明", "读过原件")
        assert store.status().orphaned == 1
        assert [(one.id, one.orphans) for one in store.waiting()] == [(found.id, 1)]
    (folder / "山村.txt").write_text(COLUMN, encoding="utf-8")
    ingest([str(folder)], settings)
    with open_store(settings) as store:
        assert store.review(found.id).orphans == ()
    assert sound(settings).paragraphs[-1].text.startswith("门。")


def test_other_mind(folder: Path, settings: Settings, db: Db) -> None:
    """Who changes their mind says the opposite of the same repair; one decision about it is kept."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    say(settings, item(settings, "moved column", GATE), accepted=True)

    assert "谁也不敢出门。" in sound(settings).text
    assert item(settings, "moved column", GATE).state == "accepted"
    assert db.decisions.count_documents({}) == 1


def test_broken_off(folder: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision whose report was not made again, as after a crash, is carried out by saying it again."""
    ingest([str(folder)], settings)
    one = item(settings, "moved column", GATE)
    with monkeypatch.context() as broken:
        broken.setattr("etl.ingest.review.reprocess_in_session", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            say(settings, one, accepted=False)
    assert (report(settings).paragraphs[-1].text[:2], db.decisions.count_documents({})) != ("门。", 0)
    say(settings, one, accepted=False)

    assert report(settings).paragraphs[-1].text.startswith("门。")
    assert db.decisions.count_documents({}) == 1


def test_export_and_import(folder: Path, settings: Settings, tmp_path: Path, db: Db) -> None:
    """Decisions travel with an exported database and hold in the one that it is imported into."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    dump.export_database(db, tmp_path / "out", lambda _: None)
    kept = list(db.decisions.find())
    db.client.drop_database(db.name)
    with connect(settings) as connection:
        dump.import_database(connection.database, tmp_path / "out", lambda _: None)
    reprocess("all", settings)

    assert list(db.decisions.find()) == kept
    assert sound(settings).paragraphs[-1].text.startswith("门。")


def test_shape(folder: Path, settings: Settings, db: Db) -> None:
    """A decision passes the validator of its collection, and nothing else does."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)

    assert db.decisions.count_documents({"$jsonSchema": collections.validator("decisions")}) == 1
    assert db.decisions.count_documents({"$nor": [{"$jsonSchema": collections.validator("decisions")}]}) == 0


def test_taken_down(folder: Path, settings: Settings, db: Db) -> None:
    """Decisions leave with a report that is taken down, as they quote it."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    delete_reports([report(settings).id], settings)

    assert db.decisions.count_documents({}) == 0


@pytest.mark.parametrize(
    ("number", "identifier", "said"),
    [
        (99, "", "has no repair 99; it has 1 to"),
        (0, "", "has no repair 0"),
        (1, "nosuch", "no report has the id"),
    ],
)
def test_wrong_use(folder: Path, settings: Settings, db: Db, number: int, identifier: str, said: str) -> None:
    """A number or report that is not there is said, and nothing is kept."""
    ingest([str(folder)], settings)
    with pytest.raises(SetupError, match=said):
        record_decision(Ruling(identifier or report(settings).id, number, accepted=True, by="罗"), settings)
    assert db.decisions.count_documents({}) == 0


def test_settled_twice(folder: Path, settings: Settings) -> None:
    """What was settled so before is said, with who did."""
    ingest([str(folder)], settings)
    say(settings, item(settings, "moved column", GATE), accepted=False)
    with pytest.raises(SetupError, match="was rejected already by 罗开明"):
        say(settings, item(settings, "moved column", GATE), accepted=False)


def test_other_revision(folder: Path, settings: Settings) -> None:
    """Who looked at another revision than the present one is sent back to look again."""
    ingest([str(folder)], settings)
    with pytest.raises(SetupError, match="has revision 1, not 2"):
        record_decision(Ruling(report(settings).id, 1, accepted=True, by="罗", revision=2), settings)
