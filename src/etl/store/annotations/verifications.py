"""Record that a newer pipeline came to the same report, without writing the report again.

A report is written only when it says something new, see decision 0080. `record_verifications` writes,
`verified_pipelines` reads; a new fact about a verification is a field of `VerificationRecord`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DUPLICATE_KEY
from etl.store.driver.queries import AT_ONCE, find_all, find_by_values
from etl.store.records.annotations import VerificationRecord
from etl.store.records.codec import Doc, to_bson


def record_verifications(db: Db, checks: Iterable[VerificationRecord]) -> None:
    """Note that pipelines make these reports as they are."""
    entries = [to_bson(check) for check in checks]
    for first in range(0, len(entries), AT_ONCE):
        _note(db, entries[first : first + AT_ONCE])


def verified_pipelines(db: Db, found: Iterable[Doc]) -> dict[str, Mapping[str, str]]:
    """The pipeline that last came to what is stored, by id, of documents with ``batch`` and ``pipeline``."""
    made = {entry["_id"]: entry for entry in found}
    newer: dict[str, Mapping[str, str]] = {
        check["_id"]: check["pipeline"]
        for check in _verifications(db, made)
        if check["_id"] in made and check["batch"] == made[check["_id"]]["batch"]
    }
    return {one: newer.get(one) or entry["pipeline"] for one, entry in made.items()}


def _verifications(db: Db, made: Mapping[str, Doc]) -> Iterable[Doc]:
    """Those of these reports; of all reports where that is no more to read."""
    if not made:
        return ()
    if db.checks.estimated_document_count() <= len(made):
        return find_all(db.checks, {})
    return find_by_values(db.checks, "_id", made)


def delete_verification(db: Db, report: str) -> None:
    """Forget what was noted of a report; it would be found out again."""
    with_retry(partial(db.checks.delete_one, {"_id": report}))


def _note(db: Db, checks: Sequence[Doc]) -> None:
    """Insert what is new, replace the rest: to upsert all of them costs three times as much."""
    try:
        with_retry(partial(db.checks.insert_many, checks, ordered=False))
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(entry["code"] != DUPLICATE_KEY for entry in failed):
            raise
        known = [checks[entry["index"]] for entry in failed]
        writes = [ReplaceOne({"_id": check["_id"]}, check) for check in known]
        with_retry(partial(db.checks.bulk_write, writes, ordered=False))
