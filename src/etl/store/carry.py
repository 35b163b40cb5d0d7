"""An entry of the log carried out: entities and links brought to the planned states, what went removed.

`carry_out` may be called again after a crash at any point. More to bring into line is a row in `_bring`.
"""

import json
import zlib
from collections.abc import Sequence
from functools import partial

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from etl.errors import FencedError
from etl.store import checks, decisions, large, reprints, sources
from etl.store.connection import Db, steady
from etl.store.lease import Lease, check, guarded, unfenced
from etl.store.queries import rows
from etl.store.records import Changed, ChangeRecord
from etl.store.reprints import Write
from etl.store.shapes import Doc
from etl.store.sources import DUPLICATE


def carry_out(db: Db, record: ChangeRecord, lease: Lease) -> None:
    """Bring entities and links to the planned states, remove what was taken down, and notes; repeatable."""
    plan = json.loads(zlib.decompress(record.plan or b""))
    try:
        _bring(db, record.id, plan, lease)
    except FencedError:
        _take_back(db, record.id, plan)
        raise
    for change in record.changes:
        if change.deleted:
            _purge(db, change, lease)
    sources.drop_unused(db, plan["shas"])
    steady(partial(db.pending.delete_many, {"_id": {"$in": list(record.batches)}}))
    done = {"$set": {"state": "done", "plan": None}}
    steady(partial(db.changes.update_one, {"_id": record.id}, done))


def _bring(db: Db, number: int, plan: Doc, lease: Lease) -> None:
    """Bring entities and links to the states of a plan, as long as the lease is there."""
    older = {"$lt": number}
    writes = [InsertOne(entry) for entry in plan["new"]]
    swaps = [ReplaceOne({"_id": entry["_id"], "change": older}, entry) for entry in plan["changed"]]
    drops = [DeleteOne({"_id": key, "change": older}) for key in plan["gone"]]
    records, links = reprints.writes(plan["reprints"], number, lease.fence)
    for collection, chunk in (
        (db.entities, writes),
        (db.entities, swaps),
        (db.entities, drops),
        (db.reprints, records),
        (db.reports, links),
    ):
        check(db, lease)
        with guarded(db, lease):
            _bulk(collection, chunk)
    check(db, lease)


def _take_back(db: Db, number: int, plan: Doc) -> None:
    """Remove entities that a plan made too late: a later one had made the same ones go by then."""
    later = rows(db.changes, {"_id": {"$gt": number}, "gone": {"$ne": []}}, {"gone": 1})
    gone = {key for entry in later for key in entry["gone"]}
    keys = [entry["_id"] for entry in plan["new"] if entry["_id"] in gone]
    _bulk(db.entities, [DeleteOne({"_id": key, "change": number}) for key in keys])


def _bulk(collection: Collection[Doc], writes: Sequence[Write]) -> None:
    if not writes:
        return
    try:
        steady(partial(collection.bulk_write, writes, ordered=False))
    except BulkWriteError as error:
        # Inserted before a crash, or by another process that carries out the same entry.
        if any(failed["code"] != DUPLICATE for failed in error.details["writeErrors"]):
            raise


def _purge(db: Db, change: Changed, lease: Lease) -> None:
    """Remove the revisions of a report that was taken down, with all that was kept of it beside them."""
    checks.drop(db, change.report_id)
    decisions.forget(db, change.report_id, change.revision)
    query = {"report_id": change.report_id, "revision": {"$lte": change.revision}}
    query |= {"report.fence": unfenced(lease)}
    found = rows(db.revisions, query, {"report.parts": 1})
    for name in large.part_files([entry["report"] for entry in found]):
        large.remove(db, name)
    for entry in found:
        steady(partial(db.revisions.delete_one, {"_id": entry["_id"]}))
