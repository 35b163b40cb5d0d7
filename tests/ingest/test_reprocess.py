import shutil
from pathlib import Path
from typing import Any

import pytest

from etl import fingerprint
from etl.fingerprint import INPUTS, fingerprints
from etl.ingest import delete_reports, ingest, reprocess
from etl.ingest.worker import reprocess as redoing
from etl.settings import Settings, config_dir
from etl.store.driver.connection import Db
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

TEXT = "关于捐款的通报\n\n2020年2月3日，绛县红十字会向绛县人民医院捐赠口罩{}个。大家都很感动。"
STORED = ("sources", "reports", "revisions", "entities", "changes", "checks", "pending", "quarantine")


def here(settings: Settings) -> Settings:
    """The settings with all the time for a report, which is then processed in this process."""
    return settings.model_copy(update={"run": settings.run.model_copy(update={"report_seconds": 0.0})})


@pytest.fixture
def loaded(tmp_path: Path, settings: Settings, db: Db) -> dict[str, list[Any]]:
    """Everything that is stored after three reports were loaded, each with a fact."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (100, 200, 300):
        (folder / f"{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
    assert ingest([str(folder)], settings).counts.inserted == 3
    before = everything(db)
    assert all(report["facts"] and report["entities"] for report in before["reports"])
    return before


def everything(db: Db) -> dict[str, list[Any]]:
    """All documents but the records of runs."""
    return {name: list(db[name].find().sort("_id")) for name in STORED}


def content(reports: list[Any]) -> list[Any]:
    """Reports without what tells one revision from the next."""
    books = ("revision", "batch", "run_id", "loaded_at", "fence")
    return [{k: v for k, v in report.items() if k not in books} for report in reports]


def outdate(db: Db, stage: str, **fields: Any) -> None:  # noqa: ANN401 - fields of many types
    """Make all reports those of a pipeline that differed from ``stage`` on, with other content."""
    names = list(INPUTS)
    later = {f"pipeline.{name}": "older" for name in names[names.index(stage) :]}
    db.reports.update_many({}, {"$set": {**later, **fields}})


def test_unchanged_pipeline_writes_nothing(loaded: dict[str, list[Any]], settings: Settings, db: Db) -> None:
    """Processing everything again with the same pipeline leaves every document as it was."""
    assert reprocess("stale", settings).counts.read == 0
    assert reprocess("all", settings).counts.unchanged == 3
    assert everything(db) == loaded


@pytest.mark.parametrize(
    ("stage", "lost"),
    [
        ("facts", {"facts": []}),
        ("extract", {"facts": [], "entities": [], "entity_keys": [], "terms": [], "keywords": []}),
    ],
)
def test_late_stage(
    loaded: dict[str, list[Any]],
    settings: Settings,
    db: Db,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    lost: dict[str, Any],
) -> None:
    """A late stage is redone on the stored text, without the bytes, and ends where a full run ends."""
    outdate(db, stage, **lost)
    monkeypatch.setattr(redoing, "process_safely", None)
    counts = reprocess("stale", settings).counts

    assert (counts.updated, counts.read) == (3, 3)
    assert content(list(db.reports.find().sort("_id"))) == content(loaded["reports"])
    assert {report["revision"] for report in db.reports.find()} == {2}


def test_facts_ask_no_engine(
    loaded: dict[str, list[Any]], settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New patterns of facts never wake the tagger or the segmenter."""
    outdate(db, "facts")
    monkeypatch.setattr("etl.extraction.network.tagger.NetworkTagger", None)
    monkeypatch.setattr("etl.extraction.resources.segmenter.Segmenter", None)

    assert reprocess("stale", here(settings)).counts.unchanged == 3
    assert reprocess("stale", here(settings)).counts.read == 0


@pytest.mark.parametrize("stage", ["read", "extract", "facts"])
def test_same_result_is_noted_beside(
    loaded: dict[str, list[Any]], settings: Settings, db: Db, stage: str
) -> None:
    """A new pipeline that makes every report the same way writes a check of each, and no report."""
    outdate(db, stage)
    before = everything(db)

    assert reprocess("stale", settings).counts.unchanged == 3
    after = everything(db)
    assert [check["_id"] for check in after.pop("checks")] == [report["_id"] for report in loaded["reports"]]
    before.pop("checks")
    assert after == before
    assert reprocess("stale", settings).counts.read == 0


@pytest.mark.usefixtures("loaded")
def test_checked_reports_are_known(settings: Settings, db: Db, tmp_path: Path) -> None:
    """After a check the next run knows every report by its stamp; after a removal no check is left."""
    outdate(db, "facts")
    reprocess("stale", settings)

    assert ingest([str(tmp_path / "in")], settings).counts.unchanged == 3
    assert db.reports.count_documents({"revision": 1}) == 3
    delete_reports([entry["_id"] for entry in db.reports.find({}, {"_id": 1})], settings)
    assert db.checks.count_documents({}) == 0


def test_early_stage(loaded: dict[str, list[Any]], settings: Settings, db: Db) -> None:
    """A stage before extraction is redone from the bytes."""
    outdate(db, "normalize", text="旧", title="旧")

    assert reprocess("stale", settings).counts.updated == 3
    assert content(list(db.reports.find().sort("_id"))) == content(loaded["reports"])


def test_fault_in_late_stage(
    loaded: dict[str, list[Any]], settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program on the stored text sends the report the whole way."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("etl.pipeline.rerun_from_stage", fail)
    outdate(db, "facts", facts=[])

    assert reprocess("stale", here(settings)).counts.updated == 3
    assert content(list(db.reports.find().sort("_id"))) == content(loaded["reports"])


@pytest.mark.usefixtures("loaded")
def test_status_says_why(settings: Settings, db: Db) -> None:
    """Stale reports are counted by the first stage that differs."""
    one, two, _ = sorted(entry["_id"] for entry in db.reports.find({}, {"_id": 1}))
    db.reports.update_one({"_id": one}, {"$set": {"pipeline.facts": "older"}})
    older = {f"pipeline.{stage}": "older" for stage in INPUTS}
    db.reports.update_one({"_id": two}, {"$set": older})
    with open_store(settings) as store:
        assert store.stale_stages(fingerprints(settings)) == {"read": 1, "facts": 1}
        assert store.stale(fingerprints(settings)) == 2


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("facts/more.toml", ["facts"]),
        ("lexicon/people.toml", ["extract", "facts"]),
        ("etl.toml", []),
        ("prefect.yaml", []),
    ],
)
def test_configuration_changes_the_stages_that_read_it(
    settings: Settings, tmp_path: Path, file: str, changed: list[str]
) -> None:
    """A file of one's own changes the fingerprints from the stage that reads it on, and no other."""
    before = fingerprints(settings)
    path = tmp_path / "own" / file
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    after = fingerprints(settings.model_copy(update={"config_dir": tmp_path / "own"}))

    assert [stage for stage in before if before[stage] != after[stage]] == changed


def test_the_packages_configuration_counts(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file more among the patterns of the package changes the fingerprint of that stage and no other."""
    before = fingerprints(settings)
    copy = tmp_path / "config"
    shutil.copytree(config_dir(), copy)
    (copy / "facts" / "more.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "config_dir", lambda: copy)
    fingerprint._data.cache_clear()
    after = fingerprints(settings)
    fingerprint._data.cache_clear()

    assert [stage for stage in before if before[stage] != after[stage]] == ["facts"]
