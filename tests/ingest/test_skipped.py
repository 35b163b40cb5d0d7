import os
import tarfile
from pathlib import Path

import pytest

from etl.ingest import ingest
from etl.ingest.worker import load
from etl.model.errors import RejectError
from etl.settings import Settings
from etl.sources import local_uri
from etl.store.coordination import runs
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A report among five files that are none."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("绛县李明主任为防疫捐款5元。", encoding="utf-8")
    for number in range(5):
        (folder / f"{number}.bin").write_bytes(b"x")
    return folder


def kept(db: Db, run: str) -> list[dict[str, str]]:
    """What the record of a run holds of skipped files."""
    record = db.runs.find_one({"_id": run})
    assert record
    found: list[dict[str, str]] = record["skipped"]
    return found


def test_in_the_record(inbox: Path, settings: Settings, db: Db) -> None:
    """The record of a run names each file that was skipped, with the reason."""
    small = settings.run.model_copy(update={"batch_bytes": 1, "workers": 1})
    summary = ingest([str(inbox)], settings.model_copy(update={"run": small}))
    found = kept(db, summary.run_id)

    assert [one["uri"] for one in found] == [local_uri(str(inbox / f"{number}.bin")) for number in range(5)]
    assert {one["why"] for one in found} == {"suffix .bin is not in setting source.suffixes"}
    assert summary.counts.skipped == len(summary.counts.why_skipped) == 5


def test_a_record_has_an_end(
    inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record holds no more of them than a document can; the count tells of all."""
    monkeypatch.setattr(runs, "MOST_SKIPPED", 2)
    summary = ingest([str(inbox)], settings)

    assert (len(kept(db, summary.run_id)), summary.counts.skipped) == (2, 5)


def test_vanished(inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is gone before it is read is among them, too."""

    def gone(*_: object) -> None:
        raise RejectError("source", "vanished", "it is gone")

    monkeypatch.setattr(load, "fetch_with_retry", gone)
    summary = ingest([str(inbox / "a.txt")], settings)

    assert kept(db, summary.run_id) == [
        {"uri": local_uri(str(inbox / "a.txt")), "why": "vanished: it is gone"}
    ]


def in_gbk(folder: Path, name: str) -> Path:
    """A path whose name is written in GBK, as archives of another system leave it."""
    return folder / os.fsdecode(name.encode("gbk"))


def test_names_in_another_encoding(inbox: Path, settings: Settings, db: Db) -> None:
    """A run ends well over files, links and folders whose names are no UTF-8, and names what it skips."""
    with tarfile.open(inbox / "a.tar", "w") as packed:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, os.fsdecode("秘密.txt".encode("gbk"))
        packed.addfile(link)
    in_gbk(inbox, "报告.文档").write_bytes(b"x")
    renamed = inbox.rename(in_gbk(inbox.parent, "报告"))
    summary = ingest([str(renamed)], settings)
    found = [one["why"] for one in kept(db, summary.run_id)]

    assert (summary.state, summary.counts.inserted, len(found)) == ("done", 1, 7)
    assert r"suffix .\udcceĵ\udcb5 is not in setting source.suffixes" in found
    assert r"a link to '\udcc3\udcd8\udcc3\udcdc.txt' within an archive" in found
    record = db.runs.find_one({"_id": summary.run_id})
    assert record
    assert record["parameters"]["sources"][0].endswith(r"\udcb1\udca8\udcb8\udce6")
