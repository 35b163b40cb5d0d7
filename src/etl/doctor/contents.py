"""Check whether the database holds what it should: every index, and the bytes of every report.

Bytes are looked for during `BUDGET_SECONDS`; the weekly maintenance looks for all of them. A new check is
a function that `etl.doctor.database` lists.
"""

import time
from functools import partial
from typing import Any

from etl.doctor.finding import Finding, ok, problem
from etl.settings import Settings
from etl.store.driver.connection import Connection, Db, with_retry
from etl.store.driver.queries import find_by_values
from etl.store.schema.collections import COLLECTIONS

BUDGET_SECONDS = 1.0
PAGE = 100
SHOWN = 3
RESTORE = "ETL_DATA_DIR=/another/folder etl db import /the/folder/of/a/backup"


def check_indexes(connection: Connection, settings: Settings) -> Finding:
    """Check whether every collection and index exists; without one a run reads whole collections."""
    del settings
    db = connection.database
    present = {name for name in db.list_collection_names() if name in COLLECTIONS}
    gone = sorted(COLLECTIONS.keys() - present)
    if gone and db.runs.find_one({}, {}):
        return problem("indexes", f"collections are missing: {', '.join(gone)}", RESTORE)
    missing = [one for name in sorted(present) for one in _missing(db, name)]
    if missing:
        more = ", ..." if len(missing) > SHOWN else ""
        found = f"{len(missing)} indexes are missing: {', '.join(missing[:SHOWN])}{more}"
        return problem("indexes", found, "etl db migrate")
    return ok("indexes", "every index is there" if present else "there are no collections yet")


def check_bytes(connection: Connection, settings: Settings) -> Finding:
    """Check whether the source bytes of reports are stored, of as many as `BUDGET_SECONDS` allow."""
    del settings
    db, end, seen, last = connection.database, time.monotonic() + BUDGET_SECONDS, 0, ""
    lost: list[str] = []
    while time.monotonic() < end and (page := _page(db, last)):
        seen, last = seen + len(page), page[-1]["_id"]
        whole = _whole(db, [entry["source"]["sha256"] for entry in page])
        lost += [entry["_id"] for entry in page if entry["source"]["sha256"] not in whole]
    if lost:
        found = f"the bytes of {len(lost)} reports of {seen} looked at are missing, as of {lost[0]}"
        return problem("bytes", found, RESTORE)
    return ok("bytes", f"the bytes of the {seen} reports looked at are there")


def _missing(db: Db, name: str) -> list[str]:
    found = with_retry(partial(db[name].index_information)).values()
    there = {"+".join(key for key, _ in index["key"]) for index in found}
    return [f"{name}.{field}" for field in COLLECTIONS[name].indexes if field not in there]


def _page(db: Db, last: str) -> list[dict[str, Any]]:
    found = db.reports.find({"_id": {"$gt": last}}, {"source.sha256": 1})
    return with_retry(lambda: list(found.clone().sort("_id", 1).limit(PAGE)))


def _whole(db: Db, shas: list[str]) -> set[str]:
    """Return which source files, by sha256, are complete: in their document, or in a file with all chunks."""
    found = list(find_by_values(db.sources, "_id", shas, {"file": 1}))
    files = [entry["file"] for entry in found if entry["file"] is not None]
    heads = {e["_id"]: e for e in find_by_values(db["fs.files"], "_id", files, {"length": 1, "chunkSize": 1})}
    parts = [
        entry["files_id"] for entry in find_by_values(db["fs.chunks"], "files_id", files, {"files_id": 1})
    ]
    whole = {
        one for one, head in heads.items() if parts.count(one) == -(-head["length"] // head["chunkSize"])
    }
    return {entry["_id"] for entry in found if entry["file"] is None or entry["file"] in whole}
