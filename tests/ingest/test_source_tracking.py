import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from etl.ingest import ingest, reprocess, retry, source_tracking
from etl.ingest.batches import Batch
from etl.ingest.session import open_session
from etl.ingest.worker.load import load_batch
from etl.ingest.worker.sink import DatabaseSink
from etl.model.errors import UnavailableError
from etl.model.ids import report_id
from etl.model.report import Candidate, RawReport
from etl.settings import Settings, SourceSettings
from etl.sources import local_uri, scope_of
from etl.sources.local import fetch_local, has_file
from etl.store.driver.connection import Db
from etl.store.reports.report_writes import StoredHead

pytestmark = pytest.mark.mongo

TEXT = "绛县李明主任为防疫捐款{}元。大家都很感动。"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of three reports, one of them deeper down."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (folder / f"{name}.txt").write_text(TEXT.format(len(name)) + name, encoding="utf-8")
    return folder


def marked(db: Db, folder: Path) -> set[str]:
    """Names in the folder whose reports are marked."""
    start = local_uri(str(folder)) + "/"
    found = db.reports.find({"source.gone_at": {"$ne": None}})
    return {report["source"]["uri"].removeprefix(start) for report in found}


def test_gone_and_back(inbox: Path, settings: Settings, db: Db) -> None:
    """A report whose file is gone is marked and kept by a listing of its folder, unmarked on return."""
    ingest([str(inbox)], settings)
    aside = inbox.parent / "aside.txt"
    (inbox / "a.txt").rename(aside)
    ingest([str(inbox / "b.txt")], settings)
    assert marked(db, inbox) == set()
    ingest([str(inbox)], settings)

    assert (marked(db, inbox), db.reports.count_documents({})) == ({"a.txt"}, 3)
    since = db.reports.find_one({"_id": report_id(local_uri(str(inbox / "a.txt")))})
    reprocess("all", settings)
    ingest([str(inbox)], settings)
    assert db.reports.find_one({"_id": report_id(local_uri(str(inbox / "a.txt")))}) == since
    aside.rename(inbox / "a.txt")
    assert ingest([str(inbox)], settings).counts.unchanged == 3
    assert marked(db, inbox) == set()


@pytest.mark.parametrize("again", ["run", "retry"])
def test_archive_that_is_whole_again(again: str, tmp_path: Path, settings: Settings, db: Db) -> None:
    """An archive that could not be unpacked leaves quarantine when it can, its members are loaded."""
    archive = tmp_path / "all.zip"
    archive.write_bytes(b"PK cut short")
    ingest([str(archive)], settings)
    first = retry(settings).counts
    assert (first.read, first.quarantined, db.sources.count_documents({})) == (1, 1, 0)
    found = db.quarantine.find_one({})
    assert found
    assert (found["reason"], found["attempts"]) == ("archive", 2)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", TEXT.format(1))
        file.writestr("b.txt", TEXT.format(2))
    sources = [str(archive), str(tmp_path)]  # in a folder, the archive itself is no report
    counts = (ingest(sources, settings) if again == "run" else retry(settings)).counts

    assert (counts.read, counts.inserted, db.quarantine.count_documents({})) == (2, 2, 0)


def test_archive_that_is_gone(tmp_path: Path, settings: Settings, db: Db) -> None:
    """A broken archive that is not there any more stays in quarantine with that word, to be dropped."""
    archive = tmp_path / "all.zip"
    archive.write_bytes(b"PK cut short")
    ingest([str(archive)], settings)
    archive.unlink()
    retry(settings)

    assert [one["reason"] for one in db.quarantine.find()] == ["vanished"]


@pytest.mark.parametrize("source", ["/", "/in/a*.txt", "/in/a.zip", "/in/b.tar.gz", "s3://bucket/in"])
def test_what_lies_under_a_source_is_a_range(source: str) -> None:
    """What lies under a source is asked for between two URIs, so that an index finds it."""
    query = source_tracking._query(scope_of(source))

    assert query
    assert all({"$gte", "$lt"} <= part["source.uri"].keys() for part in query.get("$or", [query]))


def test_members_below_a_folder(tmp_path: Path, settings: Settings, db: Db) -> None:
    """A member that is gone from an archive in a folder is marked, as are all where the archive is gone."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "z.txt").write_text(TEXT.format(9), encoding="utf-8")
    for name, numbers in (("a.zip", (1, 2)), ("b.zip", (3,)), ("a.zip", (1,))):
        with zipfile.ZipFile(folder / name, "w") as file:
            for number in numbers:
                file.writestr(f"{number}.txt", TEXT.format(number))
        ingest([str(folder)], settings)
    (folder / "b.zip").unlink()
    ingest([str(folder)], settings)

    gone = [report["source"]["uri"] for report in db.reports.find({"source.gone_at": {"$ne": None}})]
    assert sorted(uri.partition("::")[0] for uri in gone) == ["zip://2.txt", "zip://3.txt"]
    assert db.reports.count_documents({}) == 4


def test_members_of_one_archive(tmp_path: Path, settings: Settings, db: Db) -> None:
    """Of two archives whose names end alike, a member that is gone from one is marked in that one alone."""
    for name in ("a.zip", "aa.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as file:
            for number in (1, 2):
                file.writestr(f"{number}.txt", TEXT.format(number) + name)
    ingest([str(tmp_path / "a.zip"), str(tmp_path / "aa.zip")], settings)
    for name in ("a.zip", "aa.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as file:
            file.writestr("1.txt", TEXT.format(1) + name)
    ingest([str(tmp_path / "a.zip")], settings)

    gone = [report["source"]["uri"] for report in db.reports.find({"source.gone_at": {"$ne": None}})]
    assert gone == [f"zip://2.txt::{local_uri(str(tmp_path / 'a.zip'))}"]


def test_equal_files(tmp_path: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many equal files each is read once, and whether one is there is asked once at most, by its name."""
    folder, count = tmp_path / "in", 24
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(TEXT.format(1), encoding="utf-8")
    read, asked = list[str](), list[str]()
    small = settings.run.model_copy(update={"batch_bytes": 200, "workers": 1})

    def fetch(candidate: Candidate, limits: SourceSettings) -> RawReport:
        read.append(candidate.uri)
        return fetch_local(candidate, limits)

    def has(uri: str) -> bool:
        asked.append(uri)
        return has_file(uri)

    monkeypatch.setattr("etl.sources.local_source.fetch_local", fetch)
    monkeypatch.setattr("etl.sources.local_source.has_file", has)
    assert ingest([str(folder)], settings.model_copy(update={"run": small})).counts.inserted == count

    assert sorted(read) == sorted(set(read))
    assert len(set(asked)) == len(asked) > 0


def test_equal_files_moved_at_once(
    tmp_path: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of equal files that several workers find moved, each gets a report of its own, whoever comes first."""
    folder = tmp_path / "in"
    folder.mkdir()
    old, new = ([folder / f"{name}.txt" for name in names] for names in ("ab", "cd"))
    for one in old:
        one.write_text(TEXT.format(1), encoding="utf-8")
    ingest([str(folder)], settings)
    for before, after in zip(old, new, strict=True):
        before.rename(after)
    ours, other = (local_uri(str(one)) for one in new)
    move = DatabaseSink.move
    heads = list[StoredHead]()

    def move_second(sink: DatabaseSink, head: StoredHead, raw: RawReport) -> bool:
        if not heads:
            heads.append(head)
            assert move(sink, head, replace(raw, uri=other))
        return move(sink, head, raw)

    monkeypatch.setattr(DatabaseSink, "move", move_second)
    with open_session("ingest", settings) as session:
        counts = load_batch(Batch((Candidate(ours, "text/plain"),)), session.settings, session.lease)

    assert counts.unchanged == 1
    found = {report["_id"]: report["source"]["uri"] for report in db.reports.find()}
    assert found.pop(heads[0].id) == other
    assert list(found.values()) == [ours]


def test_pattern_marks_only_what_is_gone(inbox: Path, settings: Settings, db: Db) -> None:
    """A pattern that leaves files out does not mark them, only those that are not there any more."""
    ingest([str(inbox)], settings)
    (inbox / "deep" / "c.txt").unlink()
    ingest([str(inbox / "a*.txt")], settings)

    assert marked(db, inbox) == {"deep/c.txt"}


def test_missing_source_marks_nothing(inbox: Path, settings: Settings, db: Db) -> None:
    """A folder that is missing, or that offers nothing at all, says nothing about its reports."""
    ingest([str(inbox)], settings)
    inbox.rename(inbox.parent / "elsewhere")
    with pytest.raises(UnavailableError):
        ingest([str(inbox)], settings)
    inbox.mkdir()
    ingest([str(inbox)], settings)

    assert marked(db, inbox) == set()


def test_member_of_archive(tmp_path: Path, settings: Settings, db: Db) -> None:
    """A member that a new issue of an archive leaves out is marked."""
    archive = tmp_path / "all.zip"
    for names in ("ab", "a"):
        with zipfile.ZipFile(archive, "w") as file:
            for name in names:
                file.writestr(f"{name}.txt", TEXT.format(ord(name)))
        ingest([str(archive)], settings)

    assert [
        r["source"]["uri"].partition("::")[0] for r in db.reports.find({"source.gone_at": {"$ne": None}})
    ] == ["zip://b.txt"]
