"""Read the versions of a report, and what each changed in its text.

`versions_of` reads them; a new fact about a version is a field of `Version`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from etl.model.report import Report
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_all
from etl.store.records.codec import Doc
from etl.store.records.report_codec import from_document
from etl.store.reports.dry_run import text_diff


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report.

    Attributes:
        loaded_at: when it was stored; ``replaced_at``: when the next one came, None for the present one.
        diff: lines of a unified diff of its text against the version before it.
    """

    revision: int
    loaded_at: datetime
    replaced_at: datetime | None
    run_id: str
    report: Report
    diff: tuple[str, ...]


def versions_of(db: Db, present: Doc, whole: Callable[[Doc], Doc]) -> tuple[Version, ...]:
    """Return all versions, oldest first; ``whole`` returns a stored document with all its fields."""
    old = [
        entry
        for entry in find_all(db.revisions, {"report_id": present["_id"]})
        if entry["revision"] < present["revision"]
    ]
    documents = [
        (whole(entry["report"]), entry["replaced_at"])
        for entry in sorted(old, key=lambda entry: entry["revision"])
    ]
    return _versions([*documents, (present, None)])


def _versions(documents: Sequence[tuple[Doc, datetime | None]]) -> tuple[Version, ...]:
    out: list[Version] = []
    for entry, replaced_at in documents:
        report = from_document(entry)
        diff = text_diff(out[-1].report.text, report.text) if out else ()
        version = Version(entry["revision"], entry["loaded_at"], replaced_at, entry["run_id"], report, diff)
        out.append(version)
    return tuple(out)
