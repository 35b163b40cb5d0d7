import subprocess
import sys
from dataclasses import replace

import pytest
from pydantic import SecretStr
from tests.store.made import make_report, rich_report

from etl.model.errors import SetupError
from etl.model.report import Rejected
from etl.settings import Settings
from etl.store.blobs import overflow, source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.query.client import Store
from etl.store.reports import quarantine, report_writes
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite
from etl.wiring import open_store

pytestmark = pytest.mark.mongo


@pytest.fixture
def store(db: Db, settings: Settings) -> Store:
    """A store over four small reports."""
    rich = rich_report()
    made = [
        make_report("file:///a", "防疫捐款很多", ("李明",), "2020-02-01", terms=("捐款", "防疫")),
        make_report("file:///b", "防疫工作很多", ("王芳",), "2020-02-03", terms=("工作", "防疫")),
        make_report("file:///c", "捐款也很多", ("李明",), None, terms=("捐款",)),
        replace(rich, id="rich", terms=("捐款",), text=f"{rich.text}捐款", other_text=f"{rich.text}捐款"),
    ]
    source_blobs.put_blobs(
        db, [SourceBlob(r.source.sha256, r.source.uri, "text/plain", "utf-8", b"x") for r in made], 100
    )
    report_writes.write_reports(db, [ReportWrite(report, None) for report in made], Lease("run"))
    reconcile.reconcile(db)
    return open_store(settings)


def test_search(store: Store) -> None:
    """All words must be there; newest first, undated last; the other script finds the same."""
    with store:
        assert [hit.published_on for hit in store.search("捐款")] == ["2020-02-03", "2020-02-01", None]
        assert [hit.uri for hit in store.search("防疫 捐款")] == ["file:///a"]
        assert store.search("防疫 捐款")[0].highlights == ((0, 2), (2, 4))
        assert store.search("捐贈") == ()
        assert [hit.uri for hit in store.search("捐款", limit=1)] == ["file:///a.txt"]
        assert store.search("無此詞語") == ()


def test_search_for_a_name(db: Db, settings: Settings) -> None:
    """A name is found as it was typed, whole or in part, however its words are cut."""
    made = [
        make_report("file:///a", "红松岭林场", (), "2020-02-01", terms=("林场", "红松岭")),
        make_report("file:///b", "红松在岭上的林场", (), "2020-02-03", terms=("林场", "红松")),
        make_report("file:///c", "落叶松的林场", (), "2020-02-05", terms=("林场", "落叶松")),
    ]
    report_writes.write_reports(db, [ReportWrite(report, None) for report in made], Lease("run"))
    reconcile.reconcile(db)
    with open_store(settings) as store:
        assert [hit.uri for hit in store.search("红松岭")] == ["file:///a"]
        assert [hit.uri for hit in store.search("林场 红松岭")] == ["file:///a"]
        assert [hit.uri for hit in store.search("红松")] == ["file:///b", "file:///a"]
        assert [hit.uri for hit in store.search("紅松嶺")] == ["file:///a"]


def test_a_moved_report_is_found_where_it_is(store: Store, db: Db) -> None:
    """A move makes no revision; hits name the new place all the same."""
    with store:
        assert [hit.uri for hit in store.search("防疫 捐款")] == ["file:///a"]
        db.reports.update_one({"source.uri": "file:///a"}, {"$set": {"source.uri": "file:///moved"}})
        assert [hit.uri for hit in store.search("防疫 捐款")] == ["file:///moved"]


def test_an_emptied_database_is_noticed(store: Store, db: Db) -> None:
    """What another state of the database had is not found: the index belongs to one feed."""
    with store:
        assert len(store.search("捐款")) == 3
        for name in ("reports", "changes", "pending"):
            db[name].delete_many({})
        assert store.search("捐款") == ()
        report_writes.write_reports(db, [ReportWrite(make_report("file:///n", "捐款"), None)], Lease("new"))
        reconcile.reconcile(db)
        assert [hit.uri for hit in store.search("捐款")] == ["file:///n"]


def test_filters(store: Store) -> None:
    """Each filter alone and together with words; a name finds the entity that reports call so."""
    with store:
        assert len(store.search("", person="李明")) == 2
        assert len(store.search("防疫", person="李明")) == 1
        assert len(store.search("", person="person:王芳")) == 1
        assert [hit.id for hit in store.search("捐款", organization="绛县卫健局", place="绛县")] == ["rich"]
        assert [hit.id for hit in store.search("", fact="donation")] == ["rich"]
        assert len(store.search("", since="2020-02-02")) == 2
        assert len(store.search("", until="2020-02-01")) == 1
        assert len(store.search("")) == 4


def test_reads(store: Store) -> None:
    """Reports, entities, bytes and numbers come back typed; what is not there says so."""
    with store:
        assert store.report("rich").title == ""
        assert len(list(store.reports())) == 4
        assert [entity.name for entity in store.entities("person")] == ["李明", "王明", "王芳"]
        assert [entity.name for entity in store.entities("person", "王", limit=1)] == ["王明"]
        found = store.entity("person:李明")
        assert found
        assert (found.reports, found.roles) == (2, ("主任",))
        assert store.raw("rich") == b"x"
        status = store.status()
        assert (status.reports, status.sources, status.needs_review, status.unsettled) == (4, 4, 1, 0)
        with pytest.raises(SetupError, match="no report has the id"):
            store.report("nobody")
        with pytest.raises(SetupError, match="no bytes are kept"):
            store.raw("nobody")


def test_history(store: Store, db: Db) -> None:
    """Every version of a report is told with what changed in its text."""
    report = make_report("file:///a", "防疫捐款很少")
    report_writes.write_reports(
        db, [ReportWrite(report, report_writes.stored_heads(db, "_id", [report.id])[0])], Lease("two")
    )
    with store:
        first, second = store.history(report.id)

    assert (first.revision, first.report.text, first.diff) == (1, "防疫捐款很多", ())
    assert second.replaced_at is None
    assert [line for line in second.diff if line[0] in "+-" and line[1] not in "+-"] == [
        "-防疫捐款很多",
        "+防疫捐款很少",
    ]


def refusal(one: str = "q", payload: bytes | None = b"bad") -> QuarantineEntry:
    """A report to quarantine."""
    sha = "0" * 64 if payload else None
    return QuarantineEntry(
        one, Rejected("file:///q", "text/plain", sha, "read", "binary", "m\ud800", "E", payload)
    )


def test_quarantine(db: Db) -> None:
    """Attempts count runs, not calls; bytes are kept, and dropped with the last record that needs them."""
    quarantine.put(db, [refusal()], Lease("one"), ({"read": "1"}, 100))
    quarantine.put(db, [refusal()], Lease("one"), ({"read": "1"}, 100))
    quarantine.put(db, [refusal(), refusal("r")], Lease("two"), ({"read": "1"}, 100))

    first, second = sorted(quarantine.find_records(db, reason="binary"), key=lambda record: record.id)
    assert (first.attempts, second.attempts) == (2, 1)
    assert first.message == "m\\ud800"
    assert source_blobs.read_blob(db, "0" * 64) == b"bad"
    assert quarantine.delete_quarantined(db, ["q"], Lease("three")) == 1
    assert source_blobs.read_blob(db, "0" * 64) == b"bad"
    assert quarantine.delete_quarantined(db, ["r", "nobody"], Lease("three")) == 1
    assert source_blobs.read_blob(db, "0" * 64) is None


def test_large_bytes(db: Db) -> None:
    """Bytes above the limit go through GridFS unseen, also after a write that broke off."""
    payload = bytes(range(256)) * 10_000
    db["fs.chunks"].insert_one(
        {"_id": f"raw:{'a' * 64}:0", "files_id": f"raw:{'a' * 64}", "n": 0, "data": b"x"}
    )
    source_blobs.put_blobs(db, [SourceBlob("a" * 64, "file:///a", "text/plain", None, payload)], 1000)

    assert source_blobs.read_blob(db, "a" * 64) == payload
    source_blobs.delete_unused(db, ["a" * 64])
    assert db["fs.chunks"].count_documents({}) == 0
    overflow.delete_file(db, "raw:never")


def test_places_of_bytes(db: Db) -> None:
    """The same bytes from several places are kept once, with all places."""
    for uri in ("file:///a", "file:///b", "file:///a"):
        source_blobs.put_blobs(db, [SourceBlob("b" * 64, uri, "text/plain", None, b"x")], 1000)
    source_blobs.put_blobs(
        db, [SourceBlob("b" * 64, uri, "text/plain", None, b"x") for uri in ("c", "d")], 1000
    )
    found = db.sources.find_one({"_id": "b" * 64})

    assert found
    assert found["uris"] == ["file:///a", "file:///b", "c", "d"]


def test_runs(db: Db, settings: Settings) -> None:
    """A run is recorded from its begin; one whose process died is ended by the next."""
    one = runs.begin(db, "ingest", {"sources": ["a"]}, {"read": "1"}, Lease("run1"))
    assert runs.mark_crashed(db, Lease("two")) == 0
    db.runs.update_one({"_id": one}, {"$set": {"process.started": "gone"}})
    assert runs.mark_crashed(db, Lease("two")) == 1
    two = runs.begin(db, "ingest", {}, {}, Lease("run2"))
    assert runs.end(db, two, "done", {"read": 0}) > 0
    with open_store(settings) as store:
        states = {record.id: record.state for record in store.runs()}

    assert states == {one: "failed", two: "done"}


def test_password_is_not_shown(settings: Settings) -> None:
    """An open store and its connection show no address."""
    secret = settings.model_copy(update={"mongo_uri": SecretStr("mongodb://u:sesame@h")})

    assert "sesame" not in repr(secret)


def test_a_store_that_nobody_closes(mongo_uri: str) -> None:
    """Who ends without closing a store has it closed while the process can still do so, and sees no error."""
    asked = "import etl, sys; kept = etl.connect(sys.argv[1]); kept._closing.callback(print, 'closed')"
    done = subprocess.run(
        [sys.executable, "-c", asked, mongo_uri], capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == ("closed\n", "")
