"""Apply one entry of the log: write planned entities and links, delete what deleted reports leave behind.

`apply_change` may be called again after a crash at any point. A further collection to update is a row in
`_bring`.
"""

import json
import zlib
from collections.abc import Sequence
from functools import partial

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from etl.model.errors import FencedError
from etl.store.annotations import corrections, decisions, verifications
from etl.store.blobs import overflow, source_blobs
from etl.store.changelog import reprints
from etl.store.changelog.reprints import Write
from etl.store.coordination import fence_floor
from etl.store.coordination.lease import Lease, check_lease, fenced_writes, not_fenced
from etl.store.driver.bypass import without_validator
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DUPLICATE_KEY
from etl.store.driver.queries import find_all
from etl.store.records.changelog import ChangedReport, ChangeRecord
from etl.store.records.codec import Doc


def apply_change(db: Db, record: ChangeRecord, lease: Lease) -> None:
    """Write the planned states of entities and links, purge deleted reports, and delete the write intents.

    Raises:
        FencedError: another run has the lease now.
    """
    plan = json.loads(zlib.decompress(record.plan or b""))
    try:
        _bring(db, record.id, plan, lease)
    except FencedError:
        _take_back(db, record.id, plan)
        raise
    for change in record.changes:
        if change.deleted:
            _purge(db, change, lease)
    source_blobs.delete_unused(db, plan["shas"])
    with_retry(partial(db.pending.delete_many, {"_id": {"$in": list(record.batches)}}))
    done = {"$set": {"state": "done", "plan": None}}
    with_retry(partial(db.changes.update_one, {"_id": record.id}, done))


def _bring(db: Db, number: int, plan: Doc, lease: Lease) -> None:
    """Write the states of entities and links that a plan holds, as long as the lease is held."""
    older = {"$lt": number}
    states: list[Write] = [InsertOne(entry) for entry in plan["new"]]
    states += [ReplaceOne({"_id": entry["_id"], "change": older}, entry) for entry in plan["changed"]]
    states += [DeleteOne({"_id": key, "change": older}) for key in plan["gone"]]
    records, links = reprints.link_writes(plan["reprints"], number, lease.fence)
    check_lease(db, lease)
    for name, chunk in (
        ("entities", states),
        ("reprints", records),
        ("reports", links),
    ):
        with fenced_writes(db, lease):
            _bulk(db, name, chunk)
    check_lease(db, lease)


def _take_back(db: Db, number: int, plan: Doc) -> None:
    """Delete entities that this plan inserted too late, because a later entry of the log had deleted them."""
    later = find_all(db.changes, {"_id": {"$gt": number}, "gone": {"$ne": []}}, {"gone": 1})
    gone = {key for entry in later for key in entry["gone"]}
    keys = [entry["_id"] for entry in plan["new"] if entry["_id"] in gone]
    _bulk(db, "entities", [DeleteOne({"_id": key, "change": number}) for key in keys])


def _bulk(db: Db, name: str, writes: Sequence[Write]) -> None:
    if not writes:
        return
    write = partial(db[name].bulk_write, writes, ordered=False)
    try:
        if name in fence_floor.FENCED:
            with_retry(write)
        else:
            without_validator(db, lambda bypass: write(bypass_document_validation=bypass))
    except BulkWriteError as error:
        # Inserted before a crash, or by another process that carries out the same entry.
        if any(failed["code"] != DUPLICATE_KEY for failed in error.details["writeErrors"]):
            raise


def _purge(db: Db, change: ChangedReport, lease: Lease) -> None:
    """Delete the revisions of a deleted report, and the notes on it."""
    verifications.delete_verification(db, change.report_id)
    decisions.delete_decisions(db, change.report_id, change.revision)
    corrections.delete_corrections(db, change.report_id, change.revision)
    query = {"report_id": change.report_id, "revision": {"$lte": change.revision}}
    query |= {"report.fence": not_fenced(lease)}
    found = find_all(db.revisions, query, {"report.parts": 1})
    for name in overflow.part_files([entry["report"] for entry in found]):
        overflow.delete_file(db, name)
    for entry in found:
        with_retry(partial(db.revisions.delete_one, {"_id": entry["_id"]}))
