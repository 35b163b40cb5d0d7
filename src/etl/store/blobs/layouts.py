"""Keep, beside raw bytes, where the text that was read from them stands on its pages.

A layout belongs to the reading that made it: `read_layout` gives it only to reports of that reading, by the
fingerprint of the stage.
"""

from collections.abc import Iterable
from functools import partial

from pymongo import ReplaceOne

from etl.model.layout import Layout
from etl.model.report import SCHEMA_VERSION, Report
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import AT_ONCE, find_by_values
from etl.store.records.blobs import LayoutRecord
from etl.store.records.codec import Doc, to_bson

STAGE = "read"
MOST_BYTES = 12_000_000  # of a layout that is kept; a larger one is read again from the bytes


def put_layouts(db: Db, reports: Iterable[Report]) -> None:
    """Store the layouts of those reports that have one, replacing older ones; leave out very large ones."""
    made = (_document(one) for one in reports if one.layout)
    entries = {one["_id"]: one for one in made if len(one["packed"]) <= MOST_BYTES}
    found = find_by_values(db.layouts, "_id", sorted(entries), {"made_by": 1})
    known = {entry["_id"]: entry["made_by"] for entry in found}
    fresh = [entry for sha, entry in sorted(entries.items()) if known.get(sha) != entry["made_by"]]
    for first in range(0, len(fresh), AT_ONCE):
        writes = [ReplaceOne({"_id": e["_id"]}, e, upsert=True) for e in fresh[first : first + AT_ONCE]]
        with_retry(partial(db.layouts.bulk_write, writes, ordered=False))


def read_layout(db: Db, report: Report) -> Layout | None:
    """Return the layout of a stored report; None where none is kept, or only that of another reading."""
    found = with_retry(partial(db.layouts.find_one, {"_id": report.source.sha256}))
    if found is None or found["made_by"] != report.pipeline.get(STAGE):
        return None
    return Layout.unpacked(bytes(found["packed"]))


def delete_layout(db: Db, sha: str) -> None:
    """Delete the layout of the bytes with this SHA-256, if there is one."""
    with_retry(partial(db.layouts.delete_one, {"_id": sha}))


def _document(report: Report) -> Doc:
    made_by = report.pipeline.get(STAGE, "")
    stored: Doc = to_bson(LayoutRecord(report.source.sha256, made_by, report.layout.packed(), SCHEMA_VERSION))
    return stored
