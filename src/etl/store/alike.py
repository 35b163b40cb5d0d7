"""Versions of a report that say the same: told from others, and noted without a new revision.

A field whose difference makes no new version is one more name in `INCIDENTAL`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pymongo import UpdateOne

from etl.model import SCHEMA_VERSION
from etl.store import checks
from etl.store.checks import CheckRecord
from etl.store.connection import Db, steady
from etl.store.lease import Lease, guarded, unfenced
from etl.store.shapes import Doc

# Differences in these make no new version: where the bytes lie, and what they were made with, see `checks`.
INCIDENTAL = (
    "pipeline",
    "source",
    "revision",
    "batch",
    "run_id",
    "loaded_at",
    "parts",
    "fence",
)
# Nor do these, which stay with a report; `changes` looks at its link again after every write.
LASTING = ("first_loaded_at", "reprint_of", "change")
UNLINKED: Doc = {"reprint_of": None, "change": 0}


def same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two stored versions say the same of the same bytes."""
    if old["source"]["sha256"] != new["source"]["sha256"] or old["parts"] != new["parts"]:
        return False
    aside = {*INCIDENTAL, *LASTING}
    return {k: v for k, v in old.items() if k not in aside} == {
        k: v for k, v in new.items() if k not in aside
    }


def settle(
    db: Db, pairs: Sequence[tuple[Doc, Doc]], made: Mapping[str, Mapping[str, str]], lease: Lease
) -> None:
    """Note the new place, and the new pipeline, of reports that came out the same.

    Args:
        db: where.
        pairs: each report as it is stored, and as it came out.
        made: the pipeline that last came to what is stored, by id.
        lease: of the run that asks; what a later run wrote is not touched.
    """
    writes = [
        UpdateOne(
            {"_id": old["_id"], "revision": old["revision"], "fence": unfenced(lease)},
            {"$set": {"source": new["source"]}, "$max": {"fence": lease.fence}},
        )
        for old, new in pairs
        if old["source"] != new["source"]
    ]
    if writes:
        with guarded(db, lease):
            steady(partial(db.reports.bulk_write, writes, ordered=False))
    checks.note(
        db,
        [
            CheckRecord(old["_id"], old["batch"], new["pipeline"], SCHEMA_VERSION)
            for old, new in pairs
            if new["pipeline"] != made[old["_id"]]
        ],
    )
