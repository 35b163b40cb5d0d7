"""Record that a newer pipeline made the same report, without writing the report again.

A report is written only when its content changes, see decision 0080. `record_verifications` writes,
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
    """Store verifications, in batches, each in the place of an earlier one of its report."""
    entries = [to_bson(check) for check in checks]
    for first in range(0, len(entries), AT_ONCE):
        _note(db, entries[first : first + AT_ONCE])


def verified_pipelines(db: Db, found: Iterable[Doc]) -> dict[str, Mapping[str, str]]:
    """Return by id the last pipeline that made each stored report, from their ``batch`` and ``pipeline``."""
    made = {entry["_id"]: entry for entry in found}
    newer: dict[str, Mapping[str, str]] = {
        check["_id"]: check["pipeline"]
        for check in _verifications(db, made)
        if check["_id"] in made and check["batch"] == made[check["_id"]]["batch"]
    }
    return {one: newer.get(one) or entry["pipeline"] for one, entry in made.items()}


def _verifications(db: Db, made: Mapping[str, Doc]) -> Iterable[Doc]:
    """Return the verifications of these reports; or all there are, where that is no more to read."""
    if not made:
        return ()
    if db.checks.estimated_document_count() <= len(made):
        return find_all(db.checks, {})
    return find_by_values(db.checks, "_id", made)


def delete_verification(db: Db, report: str) -> None:
    """Delete the verification of a report; the next run finds out the same again."""
    with_retry(partial(db.checks.delete_one, {"_id": report}))


def _note(db: Db, checks: Sequence[Doc]) -> None:
    """Insert new verifications, replace others: upserting all of them costs three times as much."""
    try:
        with_retry(partial(db.checks.insert_many, checks, ordered=False))
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(entry["code"] != DUPLICATE_KEY for entry in failed):
            raise
        known = [checks[entry["index"]] for entry in failed]
        writes = [ReplaceOne({"_id": check["_id"]}, check) for check in known]
        with_retry(partial(db.checks.bulk_write, writes, ordered=False))
