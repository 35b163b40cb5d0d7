"""What a write would come to, told from what is stored; nothing here writes.

`foresee` answers for reports as `etl.store.reports.write` would. A new way to show a change is a
function beside `difference`.
"""

from collections.abc import Iterable, Sequence
from difflib import unified_diff

from etl.errors import RejectError
from etl.store import large
from etl.store.alike import same
from etl.store.connection import Db
from etl.store.queries import by_values
from etl.store.reports import Draft, Outcome
from etl.store.schema import document


def foresee(db: Db, drafts: Sequence[Draft]) -> Outcome:
    """What would become of each draft, were nobody else to write.

    What the validators of the database refuse is not foreseen: that is a fault of the program.
    """
    there = {found["_id"]: found for found in by_values(db.reports, "_id", [d.report.id for d in drafts])}
    out = Outcome()
    for draft in drafts:
        one = draft.report.id
        try:
            entry, _ = large.split(document(draft.report))
        except RejectError as error:
            out += Outcome(refused={one: error})
            continue
        if one not in there:
            out += Outcome(inserted=frozenset((one,)))
        elif same(there[one], entry):
            out += Outcome(unchanged=frozenset((one,)))
        else:
            out += Outcome(updated=frozenset((one,)))
    return out


def texts(db: Db, ids: Iterable[str]) -> dict[str, str]:
    """Texts of stored reports by id."""
    found = by_values(db.reports, "_id", ids, {"text": 1, "parts": 1})
    return {entry["_id"]: large.whole(db, entry)["text"] for entry in found}


def difference(before: str, after: str) -> tuple[str, ...]:
    r"""Lines of a unified diff between two texts, with one line around each change.

    >>> difference("甲\n乙", "甲\n丙")[2:]
    ('@@ -1,2 +1,2 @@', ' 甲', '-乙', '+丙')
    """
    return tuple(unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1))
