"""What people decided about repairs, kept apart from the reports, so that no reprocessing loses it.

Decisions leave with their report when that is taken down, never else. Another question about them is a
function beside `of`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from etl.decisions import Decision, name, place
from etl.model import SCHEMA_VERSION
from etl.store.connection import Db, steady
from etl.store.queries import by_values
from etl.store.shapes import build, plain
from etl.store.times import now


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What a person decided about a repair of a report; no reprocessing changes or removes it.

    Attributes:
        id: report id, colon, a name made of the places that were decided about.
        report_id: the report.
        decision: what was decided about which place.
        decided_at: when; of two decisions that contradict each other the later one holds.
        decided_by: who, as they called themselves.
        note: why, in their words; null where they gave none.
        revision: of the report whose ledger they looked at.
        sha256: of the bytes that the report was made of then.
        orphaned_at: when the bytes were first found to lack the place; null while they have it.
        schema_version: of the shape of this document.
    """

    id: str
    report_id: str
    decision: Decision
    decided_at: datetime
    decided_by: str
    note: str | None
    revision: int
    sha256: str
    orphaned_at: datetime | None
    schema_version: int


def of(db: Db, reports: Iterable[str]) -> dict[str, tuple[DecisionRecord, ...]]:
    """The decisions about these reports by report id, in the order in which they were made."""
    found = [build(DecisionRecord, entry) for entry in by_values(db.decisions, "report_id", reports)]
    out: dict[str, tuple[DecisionRecord, ...]] = {}
    for record in sorted(found, key=lambda record: (record.decided_at, record.id)):
        out[record.report_id] = (*out.get(record.report_id, ()), record)
    return out


def put(db: Db, record: DecisionRecord) -> None:
    """Keep a decision, in the place of an earlier one with the same id."""
    steady(partial(db.decisions.replace_one, {"_id": record.id}, plain(record), upsert=True))


def record(
    report_id: str, decision: Decision, said: tuple[str, str | None], seen: tuple[int, str]
) -> DecisionRecord:
    """A decision to keep; ``said`` are who and their note, ``seen`` the revision and bytes they looked at."""
    return DecisionRecord(
        id=f"{report_id}:{name(decision)}",
        report_id=report_id,
        decision=decision,
        decided_at=now(),
        decided_by=said[0],
        note=said[1],
        revision=seen[0],
        sha256=seen[1],
        orphaned_at=None,
        schema_version=SCHEMA_VERSION,
    )


def mark(db: Db, records: Sequence[DecisionRecord], raw: str) -> None:
    """Note which decisions a raw text has no place for, and which it has one for again."""
    _, lost = place(raw, [record.decision for record in records])
    for one in records:
        gone = one.decision in lost
        if gone != (one.orphaned_at is not None):
            change = {"$set": {"orphaned_at": now() if gone else None}}
            steady(partial(db.decisions.update_one, {"_id": one.id}, change))


def forget(db: Db, report: str, revision: int) -> None:
    """Remove the decisions about a report that was taken down with this revision as its last."""
    query = {"report_id": report, "revision": {"$lte": revision}}
    steady(partial(db.decisions.delete_many, query))
