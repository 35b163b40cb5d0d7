"""Find what late or broken-off writes left behind, and mend it.

No report, revision, quarantine record or write intent needs a leftover. Another kind is one more entry in
`LEFTOVER_KINDS`: a function that finds it, and one that mends it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from etl.store.annotations import verifications
from etl.store.blobs import overflow, source_blobs
from etl.store.changelog import reconcile
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease, check_lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_all, find_by_values, find_pages
from etl.store.records.codec import Doc
from etl.store.records.reports import RevisionRef

RAW, PARTS = "raw:", "parts:"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftoverKind:
    """One kind of leftovers.

    Attributes:
        name: in words.
        find: yields the ids of such leftovers, page by page.
        mend: removes or completes one of them.
    """

    name: str
    find: Callable[[Db], Iterator[str]]
    mend: Callable[[Db, Lease, str], None]


def remove_leftovers(db: Db, lease: Lease) -> int:
    """Mend all leftovers, log how many of each kind, and return their number.

    Raises:
        FencedError: another run has the lease now, so what looks like a leftover may soon be needed.
    """
    found = Counter[str]()
    for kind in LEFTOVER_KINDS:
        for one in kind.find(db):
            check_lease(db, lease)
            kind.mend(db, lease, one)
            found[kind.name] += 1
    reconcile.reconcile(db, lease)
    for name, number in found.items():
        log.warning("mended: %d %s", number, name)
    return found.total()


def _unknown(db: Db) -> Iterator[Doc]:
    """Yield reports whose write is neither in the log of changes nor in a write intent."""
    for page in find_pages(db, "reports", {"batch": 1, "revision": 1}):
        batches = {entry["batch"] for entry in page}
        told = find_by_values(db.changes, "batches", batches, {"batches": 1})
        known = {batch for entry in told for batch in entry["batches"]}
        known |= {intent["_id"] for intent in find_by_values(db.pending, "_id", batches, {"_id": 1})}
        yield from (entry for entry in page if entry["batch"] not in known)


def _gone(db: Db, report: str) -> bool:
    """Check whether the newest entry of the log about a report deletes it."""
    query, newest = {"changes.report_id": report}, [("_id", -1)]
    found = with_retry(partial(db.changes.find_one, query, {"changes": 1}, sort=newest))
    said = [one["deleted"] for one in (found or {"changes": []})["changes"] if one["report_id"] == report]
    return any(said)


def _back(db: Db) -> Iterator[str]:
    """Yield the ids of reports that a late write brought back after they were deleted."""
    return (entry["_id"] for entry in _unknown(db) if _gone(db, entry["_id"]))


def _take_out(db: Db, lease: Lease, report: str) -> None:
    """Delete a report unknown to entities and the feed, with its parts, verification and unused bytes."""
    del lease
    fields = {"batch": 1, "parts": 1, "source.sha256": 1}
    found = with_retry(partial(db.reports.find_one, {"_id": report}, fields))
    if found is None:
        return
    with_retry(partial(db.reports.delete_one, {"_id": report, "batch": found["batch"]}))
    verifications.delete_verification(db, report)
    for name in overflow.part_files([found]):
        overflow.delete_file(db, name)
    source_blobs.delete_unused(db, [found["source"]["sha256"]])


def _untold(db: Db) -> Iterator[str]:
    """Yield the ids of first revisions, never deleted, that a late write made without a write intent."""
    return (e["_id"] for e in _unknown(db) if e["revision"] == 1 and not _gone(db, e["_id"]))


def _tell(db: Db, lease: Lease, report: str) -> None:
    """Open and close the write's intent again, so that entities and the feed learn of the report."""
    found = with_retry(partial(db.reports.find_one, {"_id": report}, {"batch": 1}))
    if found:
        write_intents.close_intent(
            db, write_intents.open_intent(db, "write", [RevisionRef(report, 0)], lease, found["batch"])
        )


def _drop_version(db: Db, lease: Lease, version: str) -> None:
    del lease
    fields = {"report.parts": 1, "report.source.sha256": 1}
    found = with_retry(partial(db.revisions.find_one, {"_id": version}, fields))
    if found is None:
        return
    for name in overflow.part_files([found["report"]]):
        overflow.delete_file(db, name)
    with_retry(partial(db.revisions.delete_one, {"_id": version}))
    source_blobs.delete_unused(db, [found["report"]["source"]["sha256"]])


def _orphans(name: str, path: str) -> Callable[[Db], Iterator[str]]:
    """Return a function that finds documents about a report (its id at ``path``) that does not exist."""

    def find(db: Db) -> Iterator[str]:
        busy = {
            step["report_id"] for intent in find_all(db.pending, {}, {"steps": 1}) for step in intent["steps"]
        }
        for page in find_pages(db, name, {path: 1}):
            ids = {entry[path] for entry in page} - busy
            left = ids - {entry["_id"] for entry in find_by_values(db.reports, "_id", ids, {"_id": 1})}
            yield from (entry["_id"] for entry in page if entry[path] in left)

    return find


def _drop(name: str) -> Callable[[Db, Lease, str], None]:
    """Return a function that deletes one document of a collection."""

    def mend(db: Db, lease: Lease, one: str) -> None:
        del lease
        with_retry(partial(db[name].delete_one, {"_id": one}))

    return mend


def _entities(db: Db) -> Iterator[str]:
    """Yield entities that an entry of the log deleted, and that the write of an older entry brought back."""
    for page in find_pages(db, "changes", {"gone": 1}):
        gone = {key: entry["_id"] for entry in page for key in entry["gone"]}
        found = find_by_values(db.entities, "_id", gone, {"change": 1})
        yield from (entry["_id"] for entry in found if entry["change"] < gone[entry["_id"]])


def _bytes(db: Db) -> Iterator[str]:
    """Yield the hashes of raw bytes that no report, revision or quarantine record needs."""
    refused = {entry["sha256"] for entry in find_all(db.quarantine, {}, {"sha256": 1})}
    for page in find_pages(db, "sources", {"_id": 1}):
        shas = [entry["_id"] for entry in page if entry["_id"] not in refused]
        needed = _needed(db, shas)
        yield from (sha for sha in shas if sha not in needed)


def _layouts(db: Db) -> Iterator[str]:
    """Yield the hashes of layouts whose bytes are not kept."""
    for page in find_pages(db, "layouts", {"_id": 1}):
        shas = {entry["_id"] for entry in page}
        yield from sorted(shas - {one["_id"] for one in find_by_values(db.sources, "_id", shas, {"_id": 1})})


def _needed(db: Db, shas: Sequence[str]) -> set[str]:
    """Return which of these hashes reports and their revisions have."""
    stored = find_by_values(db.reports, "source.sha256", shas, {"source.sha256": 1})
    old = find_by_values(db.revisions, "report.source.sha256", shas, {"report.source.sha256": 1})
    found = {entry["source"]["sha256"] for entry in stored}
    return found | {entry["report"]["source"]["sha256"] for entry in old}


def _drop_bytes(db: Db, lease: Lease, sha: str) -> None:
    del lease
    source_blobs.delete_unused(db, [sha])


def _files(db: Db) -> Iterator[str]:
    """Yield the names of this product's files in GridFS, complete or begun, to which nothing refers."""
    seen = ""
    for page in find_pages(db, "fs.chunks", {"files_id": 1}):
        names = {str(entry["files_id"]) for entry in page} - {seen}
        seen = str(page[-1]["files_id"])
        ours = {name for name in names if name.startswith((RAW, PARTS))}
        yield from sorted(ours - _referred(db, ours))


def _referred(db: Db, names: set[str]) -> set[str]:
    raw = {name.removeprefix(RAW) for name in names if name.startswith(RAW)}
    owners = {name.split(":")[1] for name in names if name.startswith(PARTS)}
    bytes_ = {found["_id"] for found in find_by_values(db.sources, "_id", raw, {"_id": 1})} | _needed(
        db, list(raw)
    )
    stored = list(find_by_values(db.reports, "_id", owners, {"parts": 1}))
    old = find_by_values(db.revisions, "report_id", owners, {"report.parts": 1})
    return {RAW + sha for sha in bytes_} | {
        *overflow.part_files([*stored, *(entry["report"] for entry in old)])
    }


def _drop_file(db: Db, lease: Lease, name: str) -> None:
    del lease
    overflow.delete_file(db, name)


LEFTOVER_KINDS = (
    LeftoverKind("report that came back", _back, _take_out),
    LeftoverKind("report that was not accounted for", _untold, _tell),
    LeftoverKind("version without its report", _orphans("revisions", "report_id"), _drop_version),
    LeftoverKind("decision without its report", _orphans("decisions", "report_id"), _drop("decisions")),
    LeftoverKind("correction without its report", _orphans("corrections", "report_id"), _drop("corrections")),
    LeftoverKind("check without its report", _orphans("checks", "_id"), _drop("checks")),
    LeftoverKind("reprint without its report", _orphans("reprints", "_id"), _drop("reprints")),
    LeftoverKind("entity that came back", _entities, _drop("entities")),
    LeftoverKind("bytes that nothing needs", _bytes, _drop_bytes),
    LeftoverKind("layout that nothing needs", _layouts, _drop("layouts")),
    LeftoverKind("file that nothing needs", _files, _drop_file),
)
