from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.made import make_report, rich_report

from etl.model.errors import SetupError
from etl.settings import Settings
from etl.store.admin import dump
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, connect
from etl.store.records.codec import Doc
from etl.store.reports import report_writes
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo


@pytest.fixture
def loaded(db: Db) -> Db:
    """A database with a bit of everything, also in GridFS."""
    made = [make_report("file:///a", "甲"), rich_report()]
    source_blobs.put_blobs(
        db, [SourceBlob(r.source.sha256, r.source.uri, "t", None, b"\x00\xff" * 50) for r in made], 50
    )
    report_writes.write_reports(db, [ReportWrite(report, None) for report in made], Lease("run"))
    reconcile.reconcile(db)
    runs.begin(db, "ingest", {}, {}, Lease("run1"))
    return db


def content(db: Db) -> dict[str, Any]:
    """All documents of all collections."""
    return {name: list(db[name].find().sort("_id")) for name in sorted(db.list_collection_names())}


def move(loaded: Db, folder: Path, name: str) -> Db:
    """The database read into another one on the same server."""
    target = loaded.client[name]
    dump.import_database(target, folder, lambda _: None)
    return target


def test_round_trip(loaded: Db, tmp_path: Path) -> None:
    """A database that was written and read in elsewhere is the same, document for document."""
    folder = tmp_path / "out"
    moved = dump.export_database(loaded, folder, lambda _: None)
    target = move(loaded, folder, loaded.name + "x")

    assert content(target) == content(loaded)
    assert {part.collection: part.documents for part in moved}["fs.chunks"] == 2
    with pytest.raises(SetupError, match="in use"):
        move(loaded, folder, loaded.name + "x")
    loaded.client.drop_database(target.name)


def test_changed_file(loaded: Db, tmp_path: Path) -> None:
    """A file that is not what was exported is found before anything is written."""
    folder = tmp_path / "out"
    dump.export_database(loaded, folder, lambda _: None)
    path = folder / "reports.jsonl"
    path.write_bytes(path.read_bytes().replace("甲".encode(), "乙".encode()))

    with pytest.raises(SetupError, match="sha256 differs"):
        move(loaded, folder, loaded.name + "y")
    assert loaded.client[loaded.name + "y"].list_collection_names() == []


def test_written_is_proved(loaded: Db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not arrive in the database as it stands in the files is found."""
    folder = tmp_path / "out"
    dump.export_database(loaded, folder, lambda _: None)
    real = dump._batches

    def one_less(path: Path) -> Iterator[list[Doc]]:
        return (batch[1:] if path.stem == "reports" else batch for batch in real(path))

    monkeypatch.setattr(dump, "_batches", one_less)
    with pytest.raises(SetupError, match="collection reports"):
        move(loaded, folder, loaded.name + "z")
    loaded.client.drop_database(loaded.name + "z")


def test_no_place(loaded: Db, settings: Settings, tmp_path: Path) -> None:
    """Folders that hold something else are neither written to nor read from."""
    (tmp_path / "note").write_text("", encoding="utf-8")

    with pytest.raises(SetupError, match="holds files"):
        dump.export_database(loaded, tmp_path, lambda _: None)
    with connect(settings) as connection, pytest.raises(SetupError, match="no export"):
        dump.import_database(connection.database, tmp_path, lambda _: None)
