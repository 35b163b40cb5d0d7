"""Delete what grows without end: records of old runs, and revisions of a report beyond a number.

What the newest data needs is never touched. Something else that grows is one more function here, called
by `etl.ingest.maintenance`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from etl.store.blobs import overflow, source_blobs
from etl.store.coordination.lease import Lease, check_lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import AT_ONCE, find_all
from etl.store.records.codec import Doc

# Where a batch's own writes still need old versions to be accounted for.
PENDING = {"steps.report_id": 1}
REVISION = {"revision": 1, "report.parts": 1, "report.source.sha256": 1}


def delete_old_runs(db: Db, before: datetime) -> int:
    """Delete records of runs that ended before this moment, but never the newest; return their number."""
    newest = with_retry(partial(db.runs.find_one, {}, {"_id": 1}, sort=[("started_at", -1)]))
    query: Doc = {"started_at": {"$lt": before}, "ended_at": {"$lt": before}}
    found = [entry["_id"] for entry in find_all(db.runs, query, {"_id": 1}) if entry != newest]
    return _remove(db, "runs", found)


def delete_old_revisions(db: Db, keep: int, lease: Lease) -> int:
    """Delete all but the newest ``keep`` revisions of each report, with bytes that only they need.

    Return the number of deleted revisions.

    Raises:
        FencedError: another run has the lease now: bytes may be about to get a new owner.
    """
    grown = find_all(db.reports, {"revision": {"$gt": keep + 1}}, {"revision": 1, "parts": 1})
    count = 0
    for report in grown:
        check_lease(db, lease)
        count += _shorten(db, report, keep)
    return count


def _shorten(db: Db, report: Doc, keep: int) -> int:
    """Delete the oldest revisions of one report, none while a write to it is pending; return their number."""
    kept = find_all(db.revisions, {"report_id": report["_id"]}, REVISION)
    old = [entry for entry in kept if entry["revision"] < report["revision"] - keep]
    busy = {step["report_id"] for intent in find_all(db.pending, {}, PENDING) for step in intent["steps"]}
    if report["_id"] in busy:
        return 0
    staying = [report, *(entry["report"] for entry in kept if entry not in old)]
    for name in set(overflow.part_files([entry["report"] for entry in old])) - set(
        overflow.part_files(staying)
    ):
        overflow.delete_file(db, name)
    count = _remove(db, "revisions", [entry["_id"] for entry in old])
    source_blobs.delete_unused(db, [entry["report"]["source"]["sha256"] for entry in old])
    return count


def _remove(db: Db, name: str, ids: Sequence[Any]) -> int:
    for first in range(0, len(ids), AT_ONCE):
        query = {"_id": {"$in": list(ids[first : first + AT_ONCE])}}
        with_retry(partial(db[name].delete_many, query))
    return len(ids)
