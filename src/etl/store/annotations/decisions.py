"""Keep what people decided about repairs, apart from the reports, so that no reprocessing loses it.

Decisions leave with their report when that is taken down, never else. Another question about them is a
function beside `decisions_of`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from etl.decisions import Decision, decision_id, place
from etl.model import SCHEMA_VERSION
from etl.store.annotations.by_report import by_report
from etl.store.driver.connection import Db, with_retry
from etl.store.records.annotations import DecisionRecord
from etl.store.records.clock import now
from etl.store.records.codec import to_bson


def decisions_of(db: Db, reports: Iterable[str]) -> dict[str, tuple[DecisionRecord, ...]]:
    """The decisions about these reports by report id, in the order in which they were made."""
    return by_report(db.decisions, DecisionRecord, lambda record: record.decided_at, reports)


def put_decision(db: Db, record: DecisionRecord) -> None:
    """Keep a decision, in the place of an earlier one with the same id."""
    with_retry(partial(db.decisions.replace_one, {"_id": record.id}, to_bson(record), upsert=True))


def make_record(
    report_id: str, decision: Decision, said: tuple[str, str | None], seen: tuple[int, str]
) -> DecisionRecord:
    """A decision to keep; ``said`` are who and their note, ``seen`` the revision and bytes they looked at."""
    return DecisionRecord(
        id=f"{report_id}:{decision_id(decision)}",
        report_id=report_id,
        decision=decision,
        decided_at=now(),
        decided_by=said[0],
        note=said[1],
        revision=seen[0],
        sha256=seen[1],
        orphaned_at=None,
        taken_back_at=None,
        taken_back_by=None,
        schema_version=SCHEMA_VERSION,
    )


def mark_orphans(db: Db, records: Sequence[DecisionRecord], raw: str) -> None:
    """Note which decisions a raw text has no place for, and which it has one for again."""
    held = [record for record in records if record.taken_back_at is None]
    _, lost = place(raw, [record.decision for record in held])
    for one in held:
        gone = one.decision in lost
        if gone != (one.orphaned_at is not None):
            change = {"$set": {"orphaned_at": now() if gone else None}}
            with_retry(partial(db.decisions.update_one, {"_id": one.id}, change))


def take_back(db: Db, record: DecisionRecord, by: str) -> None:
    """Obey a decision no more; it stays, marked so, until another about the same place replaces it."""
    put_decision(db, replace(record, taken_back_at=now(), taken_back_by=by, orphaned_at=None))


def delete_decisions(db: Db, report: str, revision: int) -> None:
    """Remove the decisions about a report that was taken down with this revision as its last."""
    query = {"report_id": report, "revision": {"$lte": revision}}
    with_retry(partial(db.decisions.delete_many, query))
