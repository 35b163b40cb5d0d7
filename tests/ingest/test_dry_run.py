from pathlib import Path

import pytest

from etl.fingerprint import INPUTS
from etl.ingest import ingest
from etl.ingest.dry_run import DryRunResult, PlannedReport, plan
from etl.isolation.pool import POOL
from etl.model.errors import SetupError
from etl.model.ids import report_id
from etl.settings import Settings
from etl.sources import local_uri
from etl.store.admin.dump import export_database
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo

TEXT = "绛县李明主任为防疫捐款{}元。大家都很感动。"
OLD = {"same": 100, "changed": 200, "moved": 300, "breaks": 400, "gone": 500, "2020-02-03": 600}


@pytest.fixture
def inbox(tmp_path: Path, settings: Settings, db: Db) -> Path:
    """A folder that was loaded, and in which every kind of thing has happened since."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, sum_ in OLD.items():
        (folder / f"{name}.txt").write_text(TEXT.format(sum_), encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"")
    assert ingest([str(folder)], settings).counts.inserted == len(OLD)
    (folder / "new.txt").write_text(TEXT.format(700), encoding="utf-8")
    (folder / "copy.txt").write_text(TEXT.format(100), encoding="utf-8")
    (folder / "changed.txt").write_text(TEXT.format(999), encoding="utf-8")
    (folder / "moved.txt").rename(folder / "elsewhere.txt")
    (folder / "twin.txt").write_text(TEXT.format(300), encoding="utf-8")
    (folder / "2020-02-03.txt").rename(folder / "2020-02-04.txt")
    (folder / "breaks.txt").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "gone.txt").unlink()
    (folder / "notes.xyz").write_text("x", encoding="utf-8")
    return folder


def predict(folder: Path, settings: Settings) -> tuple[DryRunResult, dict[str, PlannedReport]]:
    """What is planned for a folder: the sums, and each report by the name of its file."""
    told: list[PlannedReport] = []
    found = plan([str(folder)], settings, told.append)
    return found, {Path(planned.uri).name: planned for planned in told}


def loaded(db: Db, run: str) -> dict[str, str]:
    """What a run has done to each report, by id; as the database tells it afterwards."""
    written = {1: "new"}
    out = {
        r["_id"]: written.get(r["revision"], "changed") if r["run_id"] == run else "same"
        for r in db.reports.find()
    }
    out |= {r["_id"]: "gone" for r in db.reports.find({"source.gone_at": {"$ne": None}})}
    return out | {r["_id"]: "quarantine" for r in db.quarantine.find()}


@pytest.mark.parametrize("batch_bytes", [1_000_000, 1], ids=["one batch", "a batch for each"])
def test_run_does_as_planned(inbox: Path, settings: Settings, db: Db, batch_bytes: int) -> None:
    """For a mixed folder the counts, and what becomes of each id, are those that a run then comes to."""
    cut = {"batch_bytes": batch_bytes, "workers": 1}
    chosen = settings.model_copy(update={"run": settings.run.model_copy(update=cut)})
    found, planned = predict(inbox, chosen)
    summary = ingest([str(inbox)], chosen)

    assert found.counts == summary.counts
    assert found.gone == db.reports.count_documents({"source.gone_at": {"$ne": None}}) == 1
    assert {one.id: one.action for one in planned.values() if one.id} == loaded(db, summary.run_id)
    assert planned["notes.xyz"].action == "skipped"


def test_each_is_named_with_its_reason(inbox: Path, settings: Settings) -> None:
    """Every report is told once: what would become of it, why, and how its text would change."""
    _, planned = predict(inbox, settings)
    moved_from = local_uri(str(inbox / "moved.txt"))

    assert {name: one.action for name, one in planned.items()} == {
        "same.txt": "same",
        "copy.txt": "new",
        "new.txt": "new",
        "changed.txt": "changed",
        "elsewhere.txt": "same",
        "twin.txt": "new",
        "2020-02-04.txt": "changed",
        "breaks.txt": "quarantine",
        "bad.txt": "quarantine",
        "gone.txt": "gone",
        "notes.xyz": "skipped",
    }
    assert planned["elsewhere.txt"].why == f"moved here from {moved_from}"
    assert planned["elsewhere.txt"].id == report_id(moved_from)
    assert planned["breaks.txt"].why.startswith("read/binary: ")
    assert planned["bad.txt"].why.startswith("read/empty, as before: ")
    assert planned["changed.txt"].why == "other bytes"
    before, after = (line for line in planned["changed.txt"].diff[2:] if line[0] in "+-")
    assert ("200元" in before, "999元" in after) == (True, True)
    assert planned["2020-02-04.txt"].why.startswith("moved here from ")
    assert planned["new.txt"].diff == ()


def test_plan_writes_nothing(inbox: Path, settings: Settings, db: Db, tmp_path: Path) -> None:
    """Not one byte of the database is another one after a plan, whatever it planned."""
    predict(inbox, settings)
    first = export_database(db, tmp_path / "first", lambda _: None)
    predict(inbox, settings)

    assert export_database(db, tmp_path / "second", lambda _: None) == first


def test_plan_after_a_run_that_was_stopped(tmp_path: Path, settings: Settings) -> None:
    """What stopped an earlier run of this process does not stop a plan."""
    POOL.stop_taking()
    (tmp_path / "a.txt").write_text(TEXT.format(7), encoding="utf-8")
    told: list[PlannedReport] = []
    plan([str(tmp_path / "a.txt")], settings, told.append)

    assert [one.action for one in told] == ["new"]


def test_plan_of_an_empty_database(tmp_path: Path, settings: Settings, db: Db) -> None:
    """Where nothing was ever loaded no collection appears, and all is new."""
    db.client.drop_database(db.name)
    (tmp_path / "a.txt").write_text(TEXT.format(1), encoding="utf-8")
    told: list[PlannedReport] = []
    plan([str(tmp_path / "a.txt")], settings, told.append)

    assert [one.action for one in told] == ["new"]
    assert db.list_collection_names() == []


def test_new_rules(inbox: Path, settings: Settings, db: Db) -> None:
    """What older rules made is made again: it changes where the text comes out otherwise."""
    ingest([str(inbox)], settings)
    older = {f"pipeline.{stage}": "old" for stage in INPUTS}
    db.reports.update_many({}, {"$set": older}, bypass_document_validation=True)
    one = report_id(local_uri(str(inbox / "same.txt")))
    db.reports.update_one({"_id": one}, {"$set": {"text": "旧"}}, bypass_document_validation=True)
    found, planned = predict(inbox, settings)

    assert planned["same.txt"].why == "other rules from read on"
    assert planned["same.txt"].diff[3:4] == ("-旧",)
    assert planned["new.txt"].why == "made again, it comes out as it is stored"
    assert found.counts == ingest([str(inbox)], settings).counts


def test_other_shape_is_refused(inbox: Path, settings: Settings, db: Db) -> None:
    """A database of another release is refused as a run refuses it."""
    db.migrations.delete_many({})

    with pytest.raises(SetupError, match="etl db migrate"):
        predict(inbox, settings)
