"""Which newer pipeline came to the same as the one that made a report, noted beside the report.

A report is written only when it says something new, see decision 0080. `note` writes, `pipelines`
reads; a new fact about a check is a field of `CheckRecord`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.store.connection import Db, steady
from etl.store.queries import AT_ONCE, by_values
from etl.store.shapes import Doc, plain
from etl.store.sources import DUPLICATE


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """A pipeline that came to the same as the one that made a report.

    Attributes:
        id: the report.
        batch: the write that made the revision which was checked; of another revision it says nothing.
        pipeline: fingerprints by stage.
        schema_version: of the shape of this document.
    """

    id: str
    batch: str
    pipeline: Mapping[str, str]
    schema_version: int


def note(db: Db, checks: Iterable[CheckRecord]) -> None:
    """Note that pipelines make these reports as they are."""
    entries = [plain(check) for check in checks]
    for first in range(0, len(entries), AT_ONCE):
        _note(db, entries[first : first + AT_ONCE])


def pipelines(db: Db, found: Iterable[Doc]) -> dict[str, Mapping[str, str]]:
    """The pipeline that last came to what is stored, by id, of documents with ``batch`` and ``pipeline``."""
    made = {entry["_id"]: entry for entry in found}
    newer: dict[str, Mapping[str, str]] = {
        check["_id"]: check["pipeline"]
        for check in by_values(db.checks, "_id", made)
        if check["batch"] == made[check["_id"]]["batch"]
    }
    return {one: newer.get(one) or entry["pipeline"] for one, entry in made.items()}


def drop(db: Db, report: str) -> None:
    """Forget what was noted of a report; it would be found out again."""
    steady(partial(db.checks.delete_one, {"_id": report}))


def _note(db: Db, checks: Sequence[Doc]) -> None:
    """Insert what is new, replace the rest: to upsert all of them costs three times as much."""
    try:
        steady(partial(db.checks.insert_many, checks, ordered=False))
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(entry["code"] != DUPLICATE for entry in failed):
            raise
        known = [checks[entry["index"]] for entry in failed]
        writes = [ReplaceOne({"_id": check["_id"]}, check) for check in known]
        steady(partial(db.checks.bulk_write, writes, ordered=False))
