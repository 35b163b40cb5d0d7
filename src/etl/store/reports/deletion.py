"""Delete reports with everything that was made of them.

The last version is copied to the revisions, the report is deleted, then `reconcile` updates the entities and
deletes revisions and bytes; after a crash in between, the next run finishes this.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from etl.model.errors import SetupError, TransientError
from etl.store.changelog import reconcile
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease, check_lease, lost_lease_error, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_by_values
from etl.store.records.reports import RevisionRef
from etl.store.reports import quarantine, revisions, short_ids

ROUNDS = 5


def resolve_ids(db: Db, ids: Iterable[str]) -> list[str]:
    """Return the whole ids, sorted, of the reports and quarantined files that whole or short ids name.

    Raises:
        SetupError: an id names neither.
    """
    chosen = sorted({short_ids.resolve_id(db, one) for one in ids})
    there = {
        e["_id"]
        for kind in (db.reports, db.quarantine)
        for e in find_by_values(kind, "_id", chosen, {"_id": 1})
    }
    missing = [one for one in chosen if one not in there]
    if missing:
        raise SetupError(
            f"no report has the id {', '.join(missing)}; find ids with `etl search` or `etl quarantine list`"
        )
    return chosen


def delete_reports(db: Db, ids: Sequence[str], lease: Lease) -> int:
    """Delete reports and quarantined files by id; return their number.

    Raises:
        SetupError: an id names neither a report nor something in quarantine; nothing was deleted.
        FencedError: another run has the lease now.
    """
    chosen = resolve_ids(db, ids)
    there = {entry["_id"] for entry in find_by_values(db.reports, "_id", chosen, {"_id": 1})}
    aside = {entry["_id"] for entry in find_by_values(db.quarantine, "_id", chosen, {"_id": 1})}
    for one in sorted(there):
        _delete(db, one, lease)
    reconcile.reconcile(db, lease)
    quarantine.delete_quarantined(db, sorted(aside), lease)
    return len(chosen)


def _delete(db: Db, report: str, lease: Lease) -> None:
    """Delete one report, in whatever revision it has by now.

    Raises:
        FencedError: a run with a later lease has written the report.
        TransientError: others change the report again and again.
    """
    for _ in range(ROUNDS):
        found = with_retry(partial(db.reports.find_one, {"_id": report}))
        if found is None:
            return
        if found["fence"] > lease.fence:
            raise lost_lease_error(lease)
        query = {"_id": report, "revision": found["revision"]}
        with write_intents.write_intent(db, "delete", [RevisionRef(report, found["revision"])], lease):
            check_lease(db, lease)
            revisions.keep_revisions(db, [found], lease)
            with_retry(partial(db.reports.delete_one, {**query, "fence": not_fenced(lease)}))
        if with_retry(partial(db.reports.find_one, query, {"_id": 1})) is None:
            return
    raise TransientError(f"report {report} is changed by others again and again; try again later")
