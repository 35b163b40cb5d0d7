"""What reports were before they changed: kept before the change, the same content however often that is done.

A new fact about a kept version is a field of `RevisionRecord`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.model import SCHEMA_VERSION
from etl.store.alike import UNLINKED
from etl.store.connection import Db, steady
from etl.store.lease import Lease, unfenced
from etl.store.shapes import Doc, plain
from etl.store.sources import DUPLICATE
from etl.store.times import now


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """What a report was before it changed.

    Attributes:
        id: report id, colon, revision.
        report_id: the report.
        revision: which of its versions this is.
        report: the whole document as it stood in ``reports``.
        replaced_at: when the next revision took its place.
        run_id: the run that replaced it.
        schema_version: of the shape of this document.
    """

    id: str
    report_id: str
    revision: int
    report: Mapping[str, Any]
    replaced_at: datetime
    run_id: str
    schema_version: int


def keep(db: Db, old: Sequence[Doc], lease: Lease) -> None:
    """Put reports as they stand among the revisions; a copy that a later run made is left as it is."""
    copies = [
        ReplaceOne({"_id": entry["_id"], "report.fence": unfenced(lease)}, entry, upsert=True)
        for entry in (_entry(report, lease) for report in old)
    ]
    try:
        steady(partial(db.revisions.bulk_write, copies, ordered=False))
    except BulkWriteError as error:
        # The copy is there under a higher fence, so that the condition did not find it.
        if any(failed["code"] != DUPLICATE for failed in error.details["writeErrors"]):
            raise


def _entry(old: Doc, lease: Lease) -> Doc:
    """A version as it is kept; links are between reports as they are now, so it has none."""
    entry: Doc = plain(
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
