"""Predict what a write would come to, from what is stored, without writing.

`predict_outcome` answers for reports as `report_writes.write_reports` would. A new way to show a change is a
function beside `text_diff`.
"""

from collections.abc import Iterable, Sequence
from difflib import unified_diff

from etl.model.errors import RejectError
from etl.store.blobs import overflow
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_by_values
from etl.store.records.report_codec import to_stored
from etl.store.reports.report_writes import ReportWrite, WriteResult
from etl.store.reports.revision_diff import is_same_content


def predict_outcome(db: Db, writes: Sequence[ReportWrite]) -> WriteResult:
    """Predict what would become of each write if nobody else wrote.

    What the validators of the database refuse is not predicted: that is a fault of the program.
    """
    there = {
        found["_id"]: found for found in find_by_values(db.reports, "_id", [d.report.id for d in writes])
    }
    out = WriteResult()
    for write in writes:
        one = write.report.id
        try:
            entry, _ = overflow.split_oversized(to_stored(write.report))
        except RejectError as error:
            out += WriteResult(refused={one: error})
            continue
        if one not in there:
            out += WriteResult(inserted=frozenset((one,)))
        elif is_same_content(there[one], entry):
            out += WriteResult(unchanged=frozenset((one,)))
        else:
            out += WriteResult(updated=frozenset((one,)))
    return out


def stored_texts(db: Db, ids: Iterable[str]) -> dict[str, str]:
    """Return the texts of stored reports by id."""
    found = find_by_values(db.reports, "_id", ids, {"text": 1, "parts": 1})
    return {entry["_id"]: overflow.rehydrate(db, entry)["text"] for entry in found}


def text_diff(before: str, after: str) -> tuple[str, ...]:
    r"""Lines of a unified diff between two texts, with one line around each change.

    >>> text_diff("甲\n乙", "甲\n丙")[2:]
    ('@@ -1,2 +1,2 @@', ' 甲', '-乙', '+丙')
    """
    return tuple(unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1))
