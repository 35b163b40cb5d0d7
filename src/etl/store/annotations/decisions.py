"""Keep people's decisions about repairs apart from the reports, so that no reprocessing loses them.

Decisions are deleted only with their report. Another question about them is a function beside `decisions_of`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from etl.model.decisions import Decision, decision_id, place
from etl.model.report import SCHEMA_VERSION
from etl.store.annotations.by_report import by_report
from etl.store.driver.connection import Db, with_retry
from etl.store.records.annotations import DecisionRecord
from etl.store.records.clock import now
from etl.store.records.codec import to_bson


def decisions_of(db: Db, reports: Iterable[str]) -> dict[str, tuple[DecisionRecord, ...]]:
    """Return the decisions about these reports, oldest first, by report id."""
    return by_report(db.decisions, DecisionRecord, lambda record: record.decided_at, reports)


def put_decision(db: Db, record: DecisionRecord) -> None:
    """Store a decision, in the place of an earlier one with the same id."""
    with_retry(partial(db.decisions.replace_one, {"_id": record.id}, to_bson(record), upsert=True))


def make_record(
    report_id: str, decision: Decision, said: tuple[str, str | None], seen: tuple[int, str]
) -> DecisionRecord:
    """Return a new record; ``said`` are who and their note, ``seen`` the revision and bytes they read."""
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
    """Mark the decisions that match no place in a raw text as orphaned; unmark those that match again."""
    held = [record for record in records if record.taken_back_at is None]
    _, lost = place(raw, [record.decision for record in held])
    for one in held:
        gone = one.decision in lost
        if gone != (one.orphaned_at is not None):
            change = {"$set": {"orphaned_at": now() if gone else None}}
            with_retry(partial(db.decisions.update_one, {"_id": one.id}, change))


def take_back(db: Db, record: DecisionRecord, by: str) -> None:
    """Mark a decision as taken back, so that repair obeys it no more; a later one may replace it."""
    put_decision(db, replace(record, taken_back_at=now(), taken_back_by=by, orphaned_at=None))


def delete_decisions(db: Db, report: str, revision: int) -> None:
    """Delete the decisions about a deleted report whose last revision was this one."""
    query = {"report_id": report, "revision": {"$lte": revision}}
    with_retry(partial(db.decisions.delete_many, query))
