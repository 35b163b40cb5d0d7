"""Check the database's consistency: each report and quarantine record has its bytes, each index exists.

Only reads. Another condition is a function that yields an `AuditFinding` for each breach, listed in `CHECKS`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from etl.store.admin import leftovers
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_by_values, find_pages
from etl.store.schema.collections import COLLECTIONS

MEND = {
    "missing bytes": "restore the collections sources, fs.files and fs.chunks from a backup",
    "stored and set aside": "run `etl quarantine retry`",
    "missing index": "run `etl db migrate`, which makes it",
    "foreign index": "drop it where nobody needs it: it makes every write slower",
}
REMAINS = "run `prefect deployment run maintain/weekly`, which removes it"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One inconsistency: its kind, and the report, record or index that has it."""

    kind: str
    where: str


def check(db: Db) -> tuple[AuditFinding, ...]:
    """Return every inconsistency, in the order of `CHECKS`."""
    return tuple(finding for one in CHECKS for finding in one(db))


def mended_by(kind: str) -> str:
    """Return what an operator should do about findings of this kind."""
    return MEND.get(kind, REMAINS)


def _reports(db: Db) -> Iterator[AuditFinding]:
    """Find reports whose bytes are missing."""
    for page in find_pages(db, "reports", {"source.sha256": 1}):
        there = _kept(db, [entry["source"]["sha256"] for entry in page])
        for entry in page:
            if entry["source"]["sha256"] not in there:
                yield AuditFinding("missing bytes", f"report {entry['_id']}")


def _quarantine(db: Db) -> Iterator[AuditFinding]:
    """Find quarantine records without their bytes, or whose report is stored, made by the same pipeline."""
    for page in find_pages(db, "quarantine", {"sha256": 1, "pipeline": 1}):
        there = _kept(db, [entry["sha256"] for entry in page if entry["sha256"]])
        fields = {"source.sha256": 1, "pipeline": 1}
        stored = {
            e["_id"]: e for e in find_by_values(db.reports, "_id", [entry["_id"] for entry in page], fields)
        }
        for entry in page:
            report = stored.get(entry["_id"])
            if entry["sha256"] and entry["sha256"] not in there:
                yield AuditFinding("missing bytes", f"quarantine {entry['_id']}")
            if report and (report["source"]["sha256"], report["pipeline"]) == (
                entry["sha256"],
                entry["pipeline"],
            ):
                yield AuditFinding("stored and set aside", f"report {entry['_id']}")


def _indexes(db: Db) -> Iterator[AuditFinding]:
    """Find declared indexes that are missing, and indexes that are not declared."""
    for name, collection in COLLECTIONS.items():
        found = with_retry(partial(db[name].index_information)).values()
        there = {"+".join(key for key, _ in index["key"]) for index in found} - {"_id"}
        wanted = {*collection.indexes}
        yield from (AuditFinding("missing index", f"{name}.{field}") for field in wanted - there)
        yield from (AuditFinding("foreign index", f"{name}.{field}") for field in there - wanted)


def _kept(db: Db, shas: Sequence[str]) -> set[str]:
    """Return which of these hashes have complete bytes: in their document, or in a finished file."""
    found = list(find_by_values(db.sources, "_id", shas, {"file": 1}))
    files = [entry["file"] for entry in found if entry["file"]]
    whole = {entry["_id"] for entry in find_by_values(db["fs.files"], "_id", files, {"_id": 1})}
    return {entry["_id"] for entry in found if entry["file"] is None or entry["file"] in whole}


def _remains(db: Db) -> Iterator[AuditFinding]:
    """Find what a late or broken-off write left behind."""
    return (AuditFinding(kind.name, one) for kind in leftovers.LEFTOVER_KINDS for one in kind.find(db))


CHECKS: tuple[Callable[[Db], Iterator[AuditFinding]], ...] = (_reports, _quarantine, _indexes, _remains)
