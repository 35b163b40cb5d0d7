"""The numbered log of what changed, with ``entities`` and reprints brought into line with it.

A change is planned as a whole (new states of all entities and links that it touches), inserted under the next
number, and only then carried out; so it can be carried out again after a crash, and two processes
cannot count one report twice. Readers follow the numbers as a feed. `settle` is the way in.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from etl.model import SCHEMA_VERSION
from etl.store import entities, large, pending, reprints, sources
from etl.store.connection import Db, steady
from etl.store.entities import Delta
from etl.store.queries import by_values, rows
from etl.store.records import Changed, ChangeRecord, PendingRecord
from etl.store.reprints import Write
from etl.store.shapes import Doc, build, plain
from etl.store.sources import DUPLICATE
from etl.store.times import now

# Reports that one entry accounts for, so that a plan stays small.
REPORTS_AT_ONCE = 500
FIELDS = ("entities", "published_on", "revision", "batch", "parts")


@dataclass(frozen=True, slots=True)
class Transition:
    """A report before and after a write: stored documents, or None where it was not there."""

    change: Changed
    before: Doc | None
    after: Doc | None


def settle(db: Db) -> int:
    """Account for every write that has ended; returns how many revisions that were.

    Safe to call at any time, from several processes at once.
    """
    count = 0
    while True:
        number = _finish_last(db)
        batches = _some(pending.accountable(db))
        if not batches:
            return count
        transitions = _transitions(db, batches)
        try:
            _plan(db, number + 1, batches, transitions)
        except DuplicateKeyError:
            continue
        count += len(transitions)


def _finish_last(db: Db) -> int:
    """Carry out the last entry where that has not been done; its number."""
    last = steady(partial(db.changes.find_one, {}, sort=[("_id", -1)]))
    if last is None:
        return 0
    record: ChangeRecord = build(ChangeRecord, last)
    if record.state == "planned":
        _carry_out(db, record)
    return record.id


def _some(batches: Sequence[PendingRecord]) -> list[PendingRecord]:
    chosen, reports = list[PendingRecord](), 0
    for batch in batches:
        if chosen and reports + len(batch.steps) > REPORTS_AT_ONCE:
            break
        chosen.append(batch)
        reports += len(batch.steps)
    return chosen


def _transitions(db: Db, batches: Sequence[PendingRecord]) -> list[Transition]:
    steps = [step for batch in batches for step in batch.steps]
    current = _read(db, "reports", [step.report_id for step in steps])
    around = [f"{s.report_id}:{r}" for s in steps for r in (s.revision, s.revision + 1) if r > 0]
    revisions = _read(db, "revisions", around)
    out = []
    for batch in batches:
        judge = _written if batch.action == "write" else _deleted
        for step in batch.steps:
            found = judge(batch, step.report_id, step.revision, (current, revisions))
            out += [found] if found else []
    return out


def _written(
    batch: PendingRecord, report: str, revision: int, stored: tuple[Mapping[str, Doc], Mapping[str, Doc]]
) -> Transition | None:
    """Whether this batch made the next revision of a report, judged by the mark it left on it."""
    current, revisions = stored
    for after in (current.get(report), revisions.get(f"{report}:{revision + 1}")):
        if after and after["batch"] == batch.id and after["revision"] == revision + 1:
            before = revisions[f"{report}:{revision}"] if revision else None
            return Transition(Changed(report, revision + 1, deleted=False), before, after)
    return None


def _deleted(
    batch: PendingRecord, report: str, revision: int, stored: tuple[Mapping[str, Doc], Mapping[str, Doc]]
) -> Transition | None:
    """Whether the report was taken down: its last revision is kept and it is gone, or came back anew."""
    del batch
    current, revisions = stored
    before, there = revisions.get(f"{report}:{revision}"), current.get(report)
    if before is None or (there and (there["batch"] == before["batch"] or there["revision"] > revision)):
        return None
    return Transition(Changed(report, revision, deleted=True), before, None)


def _read(db: Db, collection: str, ids: Iterable[str]) -> dict[str, Doc]:
    """Stored reports or revisions by ``_id``, whole as far as entities go."""
    prefix = "" if collection == "reports" else "report."
    fields = {prefix + name: 1 for name in FIELDS}
    out = dict[str, Doc]()
    for found in by_values(db[collection], "_id", ids, fields):
        report = found["report"] if prefix else found
        out[found["_id"]] = large.whole(db, report)
    return out


def _plan(db: Db, number: int, batches: Sequence[PendingRecord], transitions: Sequence[Transition]) -> None:
    """Insert the entry that accounts for these writes, and carry it out."""
    delta = Delta()
    for transition in transitions:
        delta.add(transition.before, -1)
        delta.add(transition.after, 1)
    new, changed, gone = entities.states(db, delta, number)
    written = [step.report_id for batch in batches for step in batch.steps]
    plan = {
        "new": new,
        "changed": changed,
        "gone": gone,
        "shas": _bytes_of_deleted(db, transitions),
        "reprints": reprints.planned(db, written, number),
    }
    record = ChangeRecord(
        id=number,
        state="planned",
        planned_at=now(),
        batches=tuple(batch.id for batch in batches),
        changes=tuple(t.change for t in transitions),
        plan=zlib.compress(json.dumps(plan, ensure_ascii=False).encode()),
        schema_version=SCHEMA_VERSION,
    )
    steady(partial(_insert_once, db, plain(record)))
    _carry_out(db, record)


def _bytes_of_deleted(db: Db, transitions: Sequence[Transition]) -> list[str]:
    """Hashes of all bytes that reports which were taken down were ever made of."""
    reports = [t.change.report_id for t in transitions if t.change.deleted]
    fields = {"report.source.sha256": 1}
    found = by_values(db.revisions, "report_id", reports, fields)
    return sorted({entry["report"]["source"]["sha256"] for entry in found})


def _insert_once(db: Db, entry: Doc) -> None:
    try:
        db.changes.insert_one(entry)
    except DuplicateKeyError:
        # A repeated insert may meet itself: the answer to the first was lost.
        found = db.changes.find_one({"_id": entry["_id"]}, {"batches": 1, "planned_at": 1})
        if not found or found["batches"] != entry["batches"] or found["planned_at"] != entry["planned_at"]:
            raise


def _carry_out(db: Db, record: ChangeRecord) -> None:
    """Bring entities and links to the planned states, remove what was taken down and the notes."""
    plan = json.loads(zlib.decompress(record.plan or b""))
    older = {"$lt": record.id}
    writes = [InsertOne(entry) for entry in plan["new"]]
    swaps = [ReplaceOne({"_id": entry["_id"], "change": older}, entry) for entry in plan["changed"]]
    drops = [DeleteOne({"_id": key, "change": older}) for key in plan["gone"]]
    for chunk in (writes, swaps, drops):
        _bulk(db.entities, chunk)
    records, links = reprints.writes(plan["reprints"], record.id)
    _bulk(db.reprints, records)
    _bulk(db.reports, links)
    for change in record.changes:
        if change.deleted:
            _purge(db, change)
    sources.drop_unused(db, plan["shas"])
    steady(partial(db.pending.delete_many, {"_id": {"$in": list(record.batches)}}))
    done = {"$set": {"state": "done", "plan": None}}
    steady(partial(db.changes.update_one, {"_id": record.id}, done))


def _bulk(collection: Collection[Doc], writes: Sequence[Write]) -> None:
    if not writes:
        return
    try:
        steady(partial(collection.bulk_write, writes, ordered=False))
    except BulkWriteError as error:
        # Inserted before a crash, or by another process that carries out the same entry.
        if any(failed["code"] != DUPLICATE for failed in error.details["writeErrors"]):
            raise


def _purge(db: Db, change: Changed) -> None:
    """Remove the revisions of a report that was taken down, with their part files."""
    query = {"report_id": change.report_id, "revision": {"$lte": change.revision}}
    found = rows(db.revisions, query, {"report.parts": 1})
    for name in large.part_files([entry["report"] for entry in found]):
        large.remove(db, name)
    for entry in found:
        steady(partial(db.revisions.delete_one, {"_id": entry["_id"]}))
