"""Taking reports down, with everything that was made of them.

The last version goes among the revisions, then the report goes, then `changes` takes it out of the
entities and removes revisions and bytes; a crash in between is finished by the next run.
"""

from collections.abc import Sequence
from functools import partial

from etl.errors import SetupError, TransientError
from etl.store import changes, pending, quarantine
from etl.store.connection import Db, steady
from etl.store.queries import by_values
from etl.store.records import Step
from etl.store.reports import keep_revision

ROUNDS = 5


def delete(db: Db, ids: Sequence[str], run_id: str) -> int:
    """Take reports and quarantined files down by id; how many there were.

    Raises:
        SetupError: an id names neither a report nor something in quarantine; nothing was removed.
    """
    chosen = sorted(set(ids))
    there = {entry["_id"] for entry in by_values(db.reports, "_id", chosen, {"_id": 1})}
    aside = {entry["_id"] for entry in by_values(db.quarantine, "_id", chosen, {"_id": 1})}
    missing = [one for one in chosen if one not in there | aside]
    if missing:
        raise SetupError(
            f"no report has the id {', '.join(missing)}; find ids with `etl search` or `etl quarantine list`"
        )
    for one in sorted(there):
        _delete(db, one, run_id)
    changes.settle(db)
    quarantine.drop(db, sorted(aside))
    return len(chosen)


def _delete(db: Db, report: str, run_id: str) -> None:
    """Remove one report if it is still what was read."""
    for _ in range(ROUNDS):
        found = steady(partial(db.reports.find_one, {"_id": report}))
        if found is None:
            return
        token = pending.note(db, "delete", [Step(report, found["revision"])], run_id)
        keep_revision(db, found, run_id)
        query = {"_id": report, "revision": found["revision"]}
        steady(partial(db.reports.delete_one, query))
        pending.close(db, token)
        if steady(partial(db.reports.find_one, query, {"_id": 1})) is None:
            return
    raise TransientError(f"report {report} is being changed by another run; try again when it has ended")
