"""Detect unchanged content, and record it without creating a revision.

A field whose difference makes no new version is one more name in `NON_CONTENT_FIELDS`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pymongo import UpdateOne

from etl.model.report import SCHEMA_VERSION
from etl.store.annotations import verifications
from etl.store.coordination.lease import Lease, fenced_writes, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.records.annotations import VerificationRecord
from etl.store.records.codec import Doc

# Differences in these make no new version: where the bytes lie, and what made them, see `verifications`.
NON_CONTENT_FIELDS = (
    "pipeline",
    "source",
    "revision",
    "batch",
    "run_id",
    "loaded_at",
    "parts",
    "fence",
)
# Nor do these, which stay with a report; `reconcile` looks at its link again after every write.
STICKY_FIELDS = ("first_loaded_at", "reprint_of", "change")
UNLINKED: Doc = {"reprint_of": None, "change": 0}


def is_same_content(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Check whether two stored versions have the same content from the same bytes."""
    if old["source"]["sha256"] != new["source"]["sha256"] or old["parts"] != new["parts"]:
        return False
    aside = {*NON_CONTENT_FIELDS, *STICKY_FIELDS}
    return {k: v for k, v in old.items() if k not in aside} == {
        k: v for k, v in new.items() if k not in aside
    }


def touch_unchanged(
    db: Db, pairs: Sequence[tuple[Doc, Doc]], made: Mapping[str, Mapping[str, str]], lease: Lease
) -> None:
    """Write the new place of reports that came out the same, and record that a new pipeline made them.

    Args:
        db: the database.
        pairs: each report as it is stored, and as it came out.
        made: by id, the pipeline that last made what is stored.
        lease: of the run that asks; what a later run wrote is not touched.
    """
    writes = [
        UpdateOne(
            {"_id": old["_id"], "revision": old["revision"], "fence": not_fenced(lease)},
            {"$set": {"source": new["source"]}, "$max": {"fence": lease.fence}},
        )
        for old, new in pairs
        if old["source"] != new["source"]
    ]
    if writes:
        with fenced_writes(db, lease):
            with_retry(partial(db.reports.bulk_write, writes, ordered=False))
    verifications.record_verifications(
        db,
        [
            VerificationRecord(old["_id"], old["batch"], new["pipeline"], SCHEMA_VERSION)
            for old, new in pairs
            if new["pipeline"] != made[old["_id"]]
        ],
    )
