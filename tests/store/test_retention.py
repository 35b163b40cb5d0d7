from datetime import timedelta

import pytest
from tests.store.made import make_report

from etl.model.errors import FencedError
from etl.model.report import Rejected, Report
from etl.settings import load as load_settings
from etl.store.admin import audit, retention
from etl.store.admin.audit import AuditFinding
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease, hold_lease
from etl.store.driver.connection import Db
from etl.store.records.clock import now
from etl.store.reports import quarantine, report_writes
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo

RUN = Lease("run")
URI = "file:///a.txt"
TEXTS = ("一月", "二月", "三月", "四月", "五月")


def load(db: Db, report: Report) -> None:
    """Store a version of a report as a run does, its bytes first."""
    source = report.source
    source_blobs.put_blobs(
        db, [SourceBlob(source.sha256, source.uri, "text/plain", "utf-8", report.text.encode())], 8
    )
    (head,) = report_writes.stored_heads(db, "_id", [report.id]) or (None,)
    report_writes.write_reports(db, [ReportWrite(report, head)], RUN)
    reconcile.reconcile(db)


@pytest.fixture
def grown(db: Db) -> Db:
    """A report that has had five versions, each of other bytes."""
    for text in TEXTS:
        load(db, make_report(URI, text))
    return db


def test_old_versions_go_with_their_bytes(grown: Db) -> None:
    """The newest versions stay, whole; what only older ones needed is gone, and nothing is missing."""
    assert retention.delete_old_revisions(grown, 2, RUN) == 2

    assert sorted(entry["revision"] for entry in grown.revisions.find()) == [3, 4]
    kept = {entry["_id"] for entry in grown.sources.find()}
    assert kept == {make_report(URI, text).source.sha256 for text in TEXTS[2:]}
    assert audit.check(grown) == ()
    assert retention.delete_old_revisions(grown, 2, RUN) == 0


def test_versions_that_a_write_needs_stay(grown: Db) -> None:
    """Nothing goes of a report while a write to it is not accounted for, nor by a run that was replaced."""
    report = make_report(URI, "六月")
    (head,) = report_writes.stored_heads(grown, "_id", [report.id])
    report_writes.write_reports(grown, [ReportWrite(report, head)], RUN)
    assert retention.delete_old_revisions(grown, 1, RUN) == 0

    reconcile.reconcile(grown)
    with hold_lease(grown, "other", "ingest", load_settings().run) as other:
        with pytest.raises(FencedError):
            retention.delete_old_revisions(grown, 1, RUN)
        assert retention.delete_old_revisions(grown, 1, other) == 4


def test_bytes_that_a_newer_version_needs_stay(db: Db) -> None:
    """A report that went back to older bytes keeps them when the old version goes."""
    for text in ("一月", "二月", "一月"):
        load(db, make_report(URI, text))

    assert retention.delete_old_revisions(db, 1, RUN) == 1
    assert audit.check(db) == ()
    assert db.sources.count_documents({}) == 2


def test_old_runs_go(db: Db) -> None:
    """Records of runs that ended before the moment go; those that run, and the newest one, stay."""
    ended = runs.begin(db, "ingest", {}, {}, Lease(runs.new_id()))
    runs.end(db, ended, "done", {})
    going = runs.begin(db, "ingest", {}, {}, Lease(runs.new_id()))
    newest = runs.begin(db, "maintain", {}, {}, Lease(runs.new_id()))
    runs.end(db, newest, "done", {})

    assert retention.delete_old_runs(db, now() - timedelta(days=1)) == 0
    assert retention.delete_old_runs(db, now() + timedelta(days=1)) == 1
    assert {entry["_id"] for entry in db.runs.find()} == {going, newest}


def test_check_finds_what_is_missing(grown: Db) -> None:
    """Bytes that are lost, a refusal of what is stored, a lost and a foreign index: each is named once."""
    stored = make_report(URI, TEXTS[-1])
    refused = Rejected(
        URI, "text/plain", stored.source.sha256, "read", "blank", "no text in it", "RejectError"
    )
    quarantine.put(grown, [QuarantineEntry(stored.id, refused)], RUN, (dict(stored.pipeline), 8))
    assert [found.kind for found in audit.check(grown)] == ["stored and set aside"]

    grown.quarantine.delete_many({})
    grown.sources.delete_one({"_id": stored.source.sha256})
    grown.reports.drop_index("needs_review_1")
    grown.reports.create_index("title")
    assert set(audit.check(grown)) == {
        AuditFinding("missing bytes", f"report {stored.id}"),
        AuditFinding("missing index", "reports.needs_review"),
        AuditFinding("foreign index", "reports.title"),
    }
    assert all(audit.mended_by(found.kind) for found in audit.check(grown))


def test_bytes_in_a_file_count_when_it_is_complete(db: Db) -> None:
    """Large bytes lie in GridFS; without the entry of their file they are missing."""
    report = make_report(URI, "防疫捐款很多")
    load(db, report)
    assert audit.check(db) == ()

    db["fs.files"].delete_one({"_id": f"raw:{report.source.sha256}"})
    assert audit.check(db) == (AuditFinding("missing bytes", f"report {report.id}"),)
