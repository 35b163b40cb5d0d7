"""Taking reports down, with everything that was made of them.

The last version goes among the revisions, then the report goes, then `changes` takes it out of the
entities and removes revisions and bytes; a crash in between is finished by the next run.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from etl.errors import SetupError, TransientError
from etl.store import changes, pending, quarantine, revisions, short
from etl.store.connection import Db, steady
from etl.store.lease import Lease, check, late, unfenced
from etl.store.queries import by_values
from etl.store.records import Step

ROUNDS = 5


def named(db: Db, ids: Iterable[str]) -> list[str]:
    """The whole ids of the reports and quarantined files that ids, whole or short, stand for.

    Raises:
        SetupError: one names neither.
    """
    chosen = sorted({short.full(db, one) for one in ids})
    there = {
        e["_id"] for kind in (db.reports, db.quarantine) for e in by_values(kind, "_id", chosen, {"_id": 1})
    }
    missing = [one for one in chosen if one not in there]
    if missing:
        raise SetupError(
            f"no report has the id {', '.join(missing)}; find ids with `etl search` or `etl quarantine list`"
        )
    return chosen


def delete(db: Db, ids: Sequence[str], lease: Lease) -> int:
    """Take reports and quarantined files down by id; how many there were.

    Raises:
        SetupError: an id names neither a report nor something in quarantine; nothing was removed.
        FencedError: another run has the lease now.
    """
    chosen = named(db, ids)
    there = {entry["_id"] for entry in by_values(db.reports, "_id", chosen, {"_id": 1})}
    aside = {entry["_id"] for entry in by_values(db.quarantine, "_id", chosen, {"_id": 1})}
    for one in sorted(there):
        _delete(db, one, lease)
    changes.settle(db, lease)
    quarantine.drop(db, sorted(aside), lease)
    return len(chosen)


def _delete(db: Db, report: str, lease: Lease) -> None:
    """Remove one report if it is still what was read."""
    for _ in range(ROUNDS):
        found = steady(partial(db.reports.find_one, {"_id": report}))
        if found is None:
            return
        if found["fence"] > lease.fence:
            raise late(lease)
        query = {"_id": report, "revision": found["revision"]}
        with pending.noted(db, "delete", [Step(report, found["revision"])], lease):
            check(db, lease)
            revisions.keep(db, [found], lease)
            steady(partial(db.reports.delete_one, {**query, "fence": unfenced(lease)}))
        if steady(partial(db.reports.find_one, query, {"_id": 1})) is None:
            return
    raise TransientError(f"report {report} is changed by others again and again; try again later")
