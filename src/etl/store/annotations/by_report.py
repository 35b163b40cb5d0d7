"""Read people's notes about reports, oldest first, grouped by report."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from pymongo.collection import Collection

from etl.store.driver.queries import find_by_values
from etl.store.records.annotations import CorrectionRecord, DecisionRecord
from etl.store.records.codec import Doc, from_bson

T = TypeVar("T", bound=CorrectionRecord | DecisionRecord)


def by_report(
    collection: Collection[Doc], kind: type[T], made: Callable[[T], datetime], ids: Iterable[str]
) -> dict[str, tuple[T, ...]]:
    """Return all records of these reports, oldest first, by report id; ``made`` returns a record's time."""
    found = [from_bson(kind, entry) for entry in find_by_values(collection, "report_id", ids)]
    out: dict[str, tuple[T, ...]] = {}
    for record in sorted(found, key=lambda one: (made(one), one.id)):
        out[record.report_id] = (*out.get(record.report_id, ()), record)
    return out
