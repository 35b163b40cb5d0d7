"""Number changes in a log, and bring ``entities`` and the links between reprints into line with it.

A change is planned as a whole (new states of all entities and links that it touches), inserted under the next
number, and only then applied; so it can be applied again after a crash, and two processes cannot count one
report twice. Readers follow the numbers as a feed. `reconcile` is the way in.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pymongo.errors import DuplicateKeyError

from etl.model.report import SCHEMA_VERSION
from etl.store.blobs import overflow
from etl.store.changelog import entities, reprints
from etl.store.changelog.apply_change import apply_change
from etl.store.changelog.entities import Delta
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease, check_lease, current_lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_by_values
from etl.store.records import compact
from etl.store.records.changelog import ChangedReport, ChangeRecord
from etl.store.records.clock import now
from etl.store.records.codec import Doc, from_bson, to_bson
from etl.store.records.coordination import PendingRecord

# Reports that one entry accounts for, so that a plan stays small.
REPORTS_AT_ONCE = 500
FIELDS = ("entities", *compact.MADE_OF["entities"], "published_on", "revision", "batch", "parts")
OF_PRESENT = (*FIELDS, *reprints.FIELDS)


@dataclass(frozen=True, slots=True)
class Transition:
    """A report's stored document before and after a write; None where it was not stored."""

    change: ChangedReport
    before: Doc | None
    after: Doc | None


def reconcile(db: Db, lease: Lease | None = None) -> int:
    """Enter every write that has ended into the log, apply the entries, and return the number of changes.

    Safe to call at any time, from several processes at once. Writes of runs before the one of ``lease``
    (by default the present one) are shut out.

    Raises:
        FencedError: another run has the lease now.
    """
    mine, count = lease or current_lease(db), 0
    intents, own = list[PendingRecord](), -1
    while True:
        check_lease(db, mine)
        number = _finish_last(db, mine)
        if number != own:  # somebody else may have accounted for what was read before
            intents = _unknown(db, write_intents.completed_intents(db, mine))
        batches = _some(intents)
        if not batches:
            return count
        current = _read(db, "reports", [step.report_id for batch in batches for step in batch.steps])
        transitions = _transitions(db, batches, current)
        try:
            apply_change(db, _plan(db, number + 1, (batches, transitions), current), mine)
        except DuplicateKeyError:
            continue
        intents, own = intents[len(batches) :], number + 1
        count += len(transitions)
        if not intents:
            return count


def _finish_last(db: Db, lease: Lease) -> int:
    """Apply the last entry if it is only planned; return its number, 0 for an empty log."""
    last = with_retry(partial(db.changes.find_one, {}, sort=[("_id", -1)]))
    if last is None:
        return 0
    record: ChangeRecord = from_bson(ChangeRecord, last)
    if record.state == "planned":
        apply_change(db, record, lease)
    return record.id


def _unknown(db: Db, batches: Sequence[PendingRecord]) -> list[PendingRecord]:
    """Return the intents that no entry of the log accounts for, and delete the others.

    An intent can be in the log already if its document arrived a second time, late.
    """
    names = {batch.id for batch in batches}
    told = {
        name
        for entry in find_by_values(db.changes, "batches", names, {"batches": 1})
        for name in entry["batches"]
    }
    if known := sorted(names & told):
        with_retry(partial(db.pending.delete_many, {"_id": {"$in": known}}))
    return [batch for batch in batches if batch.id not in told]


def _some(batches: Sequence[PendingRecord]) -> list[PendingRecord]:
    chosen, reports = list[PendingRecord](), 0
    for batch in batches:
        if chosen and reports + len(batch.steps) > REPORTS_AT_ONCE:
            break
        chosen.append(batch)
        reports += len(batch.steps)
    return chosen


def _transitions(db: Db, batches: Sequence[PendingRecord], current: Mapping[str, Doc]) -> list[Transition]:
    around = [
        f"{step.report_id}:{revision}"
        for batch in batches
        for step in batch.steps
        if step.revision or not _made(batch, step.report_id, 1, current)
        for revision in (step.revision, step.revision + 1)
        if revision
    ]
    revisions = _read(db, "revisions", around)
    out = []
    for batch in batches:
        judge = _written if batch.action == "write" else _deleted
        for step in batch.steps:
            found = judge(batch, step.report_id, step.revision, (current, revisions))
            out += [found] if found else []
    return out


def _made(batch: PendingRecord, report: str, revision: int, stored: Mapping[str, Doc]) -> bool:
    """Check whether a report is stored in the revision that a batch made of it."""
    there = stored.get(report)
    return bool(there and there["batch"] == batch.id and there["revision"] == revision)


def _written(
    batch: PendingRecord, report: str, revision: int, stored: tuple[Mapping[str, Doc], Mapping[str, Doc]]
) -> Transition | None:
    """Return the transition to the next revision if the mark on it shows that this batch made it."""
    current, revisions = stored
    for after in (current.get(report), revisions.get(f"{report}:{revision + 1}")):
        if after and after["batch"] == batch.id and after["revision"] == revision + 1:
            before = revisions[f"{report}:{revision}"] if revision else None
            return Transition(ChangedReport(report, revision + 1, deleted=False), before, after)
    return None


def _deleted(
    batch: PendingRecord, report: str, revision: int, stored: tuple[Mapping[str, Doc], Mapping[str, Doc]]
) -> Transition | None:
    """Return the transition of a deleted report, None if it was not deleted.

    It was, if its last revision is kept and the report is missing or was loaded anew.
    """
    del batch
    current, revisions = stored
    before, there = revisions.get(f"{report}:{revision}"), current.get(report)
    if before is None or (there and (there["batch"] == before["batch"] or there["revision"] > revision)):
        return None
    return Transition(ChangedReport(report, revision, deleted=True), before, None)


def _read(db: Db, collection: str, ids: Iterable[str]) -> dict[str, Doc]:
    """Return stored reports or revisions by ``_id``, with the fields that entities and links need."""
    prefix = "" if collection == "reports" else "report."
    fields = {prefix + name: 1 for name in (FIELDS if prefix else OF_PRESENT)}
    out = dict[str, Doc]()
    for found in find_by_values(db[collection], "_id", ids, fields):
        report = found["report"] if prefix else found
        out[found["_id"]] = overflow.rehydrate(db, report)
    return out


def _plan(
    db: Db,
    number: int,
    found: tuple[Sequence[PendingRecord], Sequence[Transition]],
    current: Mapping[str, Doc],
) -> ChangeRecord:
    """Insert and return the entry of the log that accounts for these writes."""
    batches, transitions = found
    delta = Delta()
    for transition in transitions:
        delta.add(transition.before, -1)
        delta.add(transition.after, 1)
    new, changed, gone = entities.plan_states(db, delta, number)
    written = [step.report_id for batch in batches for step in batch.steps]
    links = reprints.plan_links(db, written, number, current)
    told = {transition.change.report_id for transition in transitions}
    shas = _bytes_of_deleted(db, transitions)
    plan = {"new": new, "changed": changed, "gone": gone, "shas": shas, "reprints": links}
    record = ChangeRecord(
        id=number,
        state="planned",
        planned_at=now(),
        batches=tuple(batch.id for batch in batches),
        changes=tuple(t.change for t in transitions),
        plan=zlib.compress(json.dumps(plan, ensure_ascii=False).encode()),
        schema_version=SCHEMA_VERSION,
        gone=tuple(gone),
        linked=tuple(one for one, *_ in links["links"] if one not in told),
    )
    with_retry(partial(_insert_once, db, to_bson(record)))
    return record


def _bytes_of_deleted(db: Db, transitions: Sequence[Transition]) -> list[str]:
    """Return the hashes of all bytes from which any revision of the deleted reports was made."""
    reports = [t.change.report_id for t in transitions if t.change.deleted]
    fields = {"report.source.sha256": 1}
    found = find_by_values(db.revisions, "report_id", reports, fields)
    return sorted({entry["report"]["source"]["sha256"] for entry in found})


def _insert_once(db: Db, entry: Doc) -> None:
    try:
        db.changes.insert_one(entry)
    except DuplicateKeyError:
        # A repeated insert may meet itself: the answer to the first was lost.
        found = db.changes.find_one({"_id": entry["_id"]}, {"batches": 1, "planned_at": 1})
        if not found or found["batches"] != entry["batches"] or found["planned_at"] != entry["planned_at"]:
            raise
