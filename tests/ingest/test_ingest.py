import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from etl import pipeline
from etl.fingerprint import INPUTS
from etl.ingest import RunStats, delete_quarantined, delete_reports, ingest, jobs, reprocess, retry
from etl.ingest.worker import isolation as attempts
from etl.ingest.worker import load as loading
from etl.model.errors import SetupError, TransientError, UnavailableError
from etl.model.ids import report_id
from etl.model.report import RawReport, Rejected
from etl.settings import Settings
from etl.sources import fetch as fetch_source
from etl.sources import local_uri
from etl.store.coordination.lease import Lease, current_lease
from etl.store.driver.connection import Db
from etl.store.reports import quarantine, report_writes
from etl.store.reports.quarantine import QuarantineEntry
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

TEXT = "绛县李明主任为防疫捐款{}元。大家都很感动。"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of three good reports."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, sum_ in (("a", 100), ("b", 200), ("c", 300)):
        (folder / f"{name}.txt").write_text(TEXT.format(sum_), encoding="utf-8")
    return folder


def run(folder: Path, settings: Settings) -> RunStats:
    """The counts of one ingest of a folder, which add up."""
    counts = ingest([str(folder)], settings).counts
    assert counts.read == counts.unchanged + counts.inserted + counts.updated + counts.quarantined
    return counts


def here(settings: Settings) -> Settings:
    """The settings with all the time for a report, which is then processed in this process."""
    return settings.model_copy(update={"run": settings.run.model_copy(update={"report_seconds": 0.0})})


def uri(path: Path) -> str:
    """Where a file is, as sources say it."""
    return local_uri(str(path))


def test_broken_installation(inbox: Path, tmp_path: Path, settings: Settings, db: Db) -> None:
    """Where no report can be processed, the run ends with what is wrong; no report is blamed for it."""
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "places.toml").write_text("[", encoding="utf-8")

    with pytest.raises(SetupError, match=r"places\.toml"):
        ingest([str(inbox)], settings.model_copy(update={"config_dir": tmp_path}))
    assert db.quarantine.count_documents({}) == 0
    assert [run["state"] for run in db.runs.find()] == ["failed"]


def test_new_then_known(inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run stores all; the second reads not one file, and stores nothing."""
    first = run(inbox, settings)
    assert (first.inserted, first.characters > 50) == (3, True)
    monkeypatch.setattr(loading, "fetch_with_retry", None)
    before = list(db.reports.find().sort("_id"))
    second = run(inbox, settings)

    assert (second.unchanged, second.read, second.characters) == (3, 3, 0)
    assert list(db.reports.find().sort("_id")) == before


def test_settled_on_the_way(inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run brings entities into line while it goes on, not only at its end."""
    monkeypatch.setattr(jobs, "RECONCILE_REPORTS", 1)
    some = settings.model_copy(update={"run": settings.run.model_copy(update={"batch_bytes": 1})})
    settled = list[int]()
    ingest([str(inbox)], some, lambda _: settled.append(db.changes.count_documents({})))

    assert settled[0] >= 1
    assert len(settled) == 3
    assert db.pending.count_documents({}) == 0


def test_touched(inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose stamp moved but whose bytes did not is known by its hash, without any work on text.

    The run after that does not read it again.
    """
    run(inbox, settings)
    os.utime(inbox / "a.txt", (1, 1))
    monkeypatch.setattr(loading, "process_safely", None)

    assert run(inbox, settings).unchanged == 3
    monkeypatch.setattr(loading, "fetch_with_retry", None)
    assert run(inbox, settings).unchanged == 3
    assert db.reports.count_documents({"revision": 1}) == 3


def test_changed(inbox: Path, settings: Settings) -> None:
    """Changed bytes make a new revision; the old one is in the history."""
    run(inbox, settings)
    (inbox / "a.txt").write_text(TEXT.format(999), encoding="utf-8")
    counts = run(inbox, settings)

    assert (counts.updated, counts.unchanged) == (1, 2)
    with open_store(settings) as store:
        old, new = store.history(report_id(uri(inbox / "a.txt")))
    assert ("100" in old.report.text, "999" in new.report.text) == (True, True)


def test_moved(inbox: Path, settings: Settings, db: Db) -> None:
    """A moved file keeps its id; another file at its first place gets one of its own."""
    run(inbox, settings)
    one = report_id(uri(inbox / "a.txt"))
    (inbox / "a.txt").rename(inbox / "z.txt")

    assert run(inbox, settings).unchanged == 3
    assert db.reports.count_documents({}) == 3
    found = db.reports.find_one({"_id": one})
    assert found
    assert found["source"]["uri"] == uri(inbox / "z.txt")
    (inbox / "a.txt").write_text(TEXT.format(400), encoding="utf-8")
    assert (run(inbox, settings).inserted, run(inbox, settings).unchanged) == (1, 4)
    assert db.reports.count_documents({}) == 4


@pytest.mark.parametrize("again", [run, lambda _, settings: retry(settings).counts], ids=["run", "retry"])
def test_set_aside_before_it_was_known(
    again: Callable[[Path, Settings], RunStats], inbox: Path, settings: Settings, db: Db
) -> None:
    """What was quarantined while nobody knew whose new place it was is healed, and no second report made."""
    run(inbox, settings)
    place = inbox / "z.txt"
    (inbox / "a.txt").rename(place)
    run(inbox, settings)
    found = Rejected(uri(place), "text/plain", None, "source", "unreadable", "no", "RejectError")
    quarantine.put(db, [QuarantineEntry(report_id(uri(place)), found)], current_lease(db), ({}, 0))

    again(inbox, settings)

    assert db.quarantine.count_documents({}) == 0
    assert db.reports.count_documents({}) == db.reports.count_documents({"revision": 1}) == 3


def test_copied(inbox: Path, settings: Settings, db: Db) -> None:
    """Two places with the same bytes are two reports with one source."""
    run(inbox, settings)
    (inbox / "d.txt").write_bytes((inbox / "a.txt").read_bytes())

    assert run(inbox, settings).inserted == 1
    assert (db.reports.count_documents({}), db.sources.count_documents({})) == (4, 3)


def test_sidecar(inbox: Path, settings: Settings, db: Db) -> None:
    """A day that is given later beside the same bytes makes the report anew."""
    run(inbox, settings)
    (inbox / "a.txt.meta.json").write_text('{"published_on": "2020-02-03"}', encoding="utf-8")

    assert run(inbox, settings).updated == 1
    found = db.reports.find_one({"_id": report_id(uri(inbox / "a.txt"))})
    assert found
    assert found["published_on"] == "2020-02-03"


def test_bad_input(inbox: Path, settings: Settings) -> None:
    """Bad files are quarantined with stage and reason, again in the next run, and the rest is stored."""
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "zero.txt").write_bytes(b"\x00\x01\x02" * 50)
    first = run(inbox, settings)
    second = run(inbox, settings)

    assert (first.inserted, first.quarantined) == (3, 2)
    assert (second.unchanged, second.quarantined) == (3, 2)
    with open_store(settings) as store:
        assert {(record.stage, record.attempts) for record in store.quarantined()} == {("read", 1)}
    (inbox / "empty.txt").write_text(TEXT.format(1), encoding="utf-8")
    third = run(inbox, settings)
    assert (third.inserted, third.quarantined) == (1, 1)


def test_good_turned_bad(inbox: Path, settings: Settings, db: Db) -> None:
    """A report whose file breaks keeps its last good version until the file is whole again."""
    run(inbox, settings)
    good = (inbox / "a.txt").read_bytes()
    (inbox / "a.txt").write_bytes(b"")
    assert run(inbox, settings).quarantined == 1
    assert db.reports.count_documents({}) == 3
    (inbox / "a.txt").write_bytes(good)
    assert run(inbox, settings).unchanged == 3
    assert db.quarantine.count_documents({}) == 0


def test_bytes_of_what_was_healed(inbox: Path, settings: Settings, db: Db) -> None:
    """Bytes that could not be read go when their file is mended; of a report taken down nothing stays."""
    (inbox / "bad.txt").write_bytes(b"\x00\x01\x02")
    assert run(inbox, settings).quarantined == 1
    (inbox / "bad.txt").write_bytes(b"\x00\x01\x03")
    assert run(inbox, settings).quarantined == 1
    assert db.sources.count_documents({}) == 4
    (inbox / "bad.txt").write_text("绛县李明主任为防疫捐款九元。大家都很感动。", encoding="utf-8")
    assert run(inbox, settings).inserted == 1
    needed = {found["source"]["sha256"] for found in db.reports.find()}
    assert {found["_id"] for found in db.sources.find({}, {"_id": 1})} == needed

    delete_reports([found["_id"] for found in db.reports.find({}, {"_id": 1})], settings)
    assert db.sources.count_documents({}) == 0


def test_bug(inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, db: Db) -> None:
    """A fault of the program on one report sets that one aside; once mended, a retry heals it."""
    real = pipeline.prepare

    def prepare(raw: RawReport, *rest: Any) -> Any:  # noqa: ANN401 - as the real one
        if raw.uri.endswith("b.txt"):
            raise ZeroDivisionError("b")
        return real(raw, *rest)

    settings = here(settings)
    with monkeypatch.context() as patch:
        patch.setattr("etl.pipeline.prepare", prepare)
        assert (run(inbox, settings).inserted, run(inbox, settings).quarantined) == (2, 1)
    found = db.quarantine.find_one({})
    assert found
    assert (found["reason"], found["error"]) == ("internal", "ZeroDivisionError")
    assert retry(settings, reason="internal").counts.inserted == 1
    assert db.quarantine.count_documents({}) == 0


def test_database_that_refuses(
    inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, db: Db
) -> None:
    """A database that refuses a worker's write ends the run in a sentence; no report is quarantined."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationFailure("not authorized", 13)

    with monkeypatch.context() as patch:
        patch.setattr(report_writes, "_insert", refuse)
        with pytest.raises(UnavailableError, match="refuses what this login asks for"):
            run(inbox, settings)

    assert db.quarantine.count_documents({}) == 0
    assert run(inbox, settings).inserted == 3


def test_batch_that_raises_after_writing(
    inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, db: Db
) -> None:
    """A batch that raises once its reports are written is done again, and they count as new, once."""
    real, calls = quarantine.heal, list[Collection[str]]()

    def heal(db: Db, ids: Collection[str], lease: Lease) -> int:
        calls.append(ids)
        if len(calls) == 1:
            raise ZeroDivisionError
        return real(db, ids, lease)

    with monkeypatch.context() as patch:
        patch.setattr(quarantine, "heal", heal)
        first = run(inbox, settings)

    assert len(calls) > 1
    assert (first.inserted, first.unchanged, first.quarantined) == (3, 0, 0)
    assert first.characters == sum(len(entry["text"]) for entry in db.reports.find())
    assert run(inbox, settings).unchanged == 3


def test_source_that_fails(inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that fails for the moment is tried again, then left for the next run, never quarantined."""
    real, tries = fetch_source, []

    def fetch(candidate: Any, limits: Any) -> RawReport:  # noqa: ANN401 - as the real one
        tries.append(candidate.uri)
        if candidate.uri.endswith("b.txt") or len(tries) == 1:
            raise TransientError("away")
        return real(candidate, limits)

    monkeypatch.setattr("etl.ingest.worker.isolation.fetch", fetch)
    monkeypatch.setattr(attempts, "RETRY_PAUSES", (0.0, 0.0))
    counts = run(inbox, settings)

    assert (counts.inserted, counts.left, counts.quarantined) == (2, 1, 0)


def test_reprocess(inbox: Path, settings: Settings, db: Db) -> None:
    """Nothing stale, nothing done; all done again from stored bytes writes nothing new."""
    run(inbox, settings)
    for path in inbox.iterdir():
        path.unlink()
    before = list(db.reports.find().sort("_id"))

    assert reprocess("stale", settings).counts.read == 0
    assert reprocess("all", settings).counts.unchanged == 3
    assert list(db.reports.find().sort("_id")) == before
    with pytest.raises(SetupError, match="no report has the id"):
        reprocess(["nobody"], settings)


def test_reprocess_stale(inbox: Path, settings: Settings, db: Db) -> None:
    """Reports of an older pipeline are made again; the result that differs is a new revision."""
    run(inbox, settings)
    one = report_id(uri(inbox / "a.txt"))
    db.reports.update_many({}, {"$set": {f"pipeline.{stage}": "old" for stage in INPUTS}})
    db.reports.update_one({"_id": one}, {"$set": {"title": "旧"}})
    counts = reprocess("stale", settings).counts

    assert (counts.updated, counts.unchanged) == (1, 2)
    assert reprocess("stale", settings).counts.read == 0
    with open_store(settings) as store:
        assert [version.revision for version in store.history(one)] == [1, 2]


def test_delete_reports(inbox: Path, settings: Settings, db: Db) -> None:
    """A report that is taken down is gone with all that was made of it; the others stay."""
    run(inbox, settings)
    one = report_id(uri(inbox / "a.txt"))

    assert delete_reports([one], settings) == 1
    assert (db.reports.count_documents({}), db.sources.count_documents({})) == (2, 2)
    found = db.entities.find_one({"_id": "person:李明"})
    assert found
    assert found["reports"] == 2
    with pytest.raises(SetupError, match="nobody"):
        delete_reports(["nobody"], settings)


def test_drop(inbox: Path, settings: Settings, db: Db) -> None:
    """What is dropped is forgotten with its bytes, and a run records it; an unknown id drops nothing."""
    (inbox / "bad.txt").write_bytes(b"")
    run(inbox, settings)

    assert delete_quarantined(settings, reason="empty") == 1
    assert (db.quarantine.count_documents({}), db.sources.count_documents({})) == (0, 3)
    with pytest.raises(SetupError, match="not in quarantine"):
        delete_quarantined(settings, ids=["nobody"])
    with open_store(settings) as store:
        found = [(one.kind, one.state, one.counts, one.parameters) for one in store.runs()]
    assert found[0] == ("drop", "done", {"dropped": 1}, {"ids": 0, "reason": "empty"})
    assert [kind for kind, *_ in found] == ["drop", "ingest"]


def test_no_source(settings: Settings, tmp_path: Path) -> None:
    """A source that is not there ends the run before it begins."""
    with pytest.raises(UnavailableError):
        ingest([str(tmp_path / "nowhere")], settings)


def test_run_record(inbox: Path, settings: Settings) -> None:
    """A run leaves its parameters, counts and versions, and no address."""
    summary = ingest([str(inbox)], settings)
    with open_store(settings) as store:
        record = store.runs(1)[0]

    assert (record.id, record.state, record.counts["inserted"]) == (summary.run_id, "done", 3)
    assert record.parameters == {"sources": [str(inbox)], "runner": "threads"}
    assert "mongodb://" not in repr(record)


def test_processes(inbox: Path, settings: Settings, db: Db) -> None:
    """Worker processes load the same as threads."""
    spread = settings.run.model_copy(update={"runner": "processes", "workers": 2})
    counts = run(inbox, settings.model_copy(update={"run": spread}))

    assert counts.inserted == 3
    assert db.pending.count_documents({}) == 0
