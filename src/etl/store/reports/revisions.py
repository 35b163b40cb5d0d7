"""Keep former versions of reports; keeping the same one again changes nothing.

A new fact about a kept version is a field of `RevisionRecord`.
"""

from collections.abc import Sequence
from functools import partial

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.model.report import SCHEMA_VERSION
from etl.store.coordination.lease import Lease, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DUPLICATE_KEY
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_bson
from etl.store.records.reports import RevisionRecord
from etl.store.reports.revision_diff import UNLINKED


def keep_revisions(db: Db, old: Sequence[Doc], lease: Lease) -> None:
    """Copy reports as they are stored into the revisions; leave a copy that a later run made as it is."""
    copies = [
        ReplaceOne({"_id": entry["_id"], "report.fence": not_fenced(lease)}, entry, upsert=True)
        for entry in (_entry(report, lease) for report in old)
    ]
    try:
        with_retry(partial(db.revisions.bulk_write, copies, ordered=False))
    except BulkWriteError as error:
        # The copy is there under a higher fence, so that the condition did not find it.
        if any(failed["code"] != DUPLICATE_KEY for failed in error.details["writeErrors"]):
            raise


def _entry(old: Doc, lease: Lease) -> Doc:
    """Return a version as it is kept, without its link: links are between present reports only."""
    entry: Doc = to_bson(
        RevisionRecord(
            id=f"{old['_id']}:{old['revision']}",
            report_id=old["_id"],
            revision=old["revision"],
            report={},
            replaced_at=now(),
            run_id=lease.run_id,
            schema_version=SCHEMA_VERSION,
        )
    )
    return {**entry, "report": {**old, **UNLINKED}}
