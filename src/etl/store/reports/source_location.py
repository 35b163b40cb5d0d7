"""Update where reports lie: give a moved one its new URI, and mark those whose source is gone.

Neither makes a new version. A new fact about the place of a report is a function here.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from etl.store.coordination.lease import Lease, check_lease, fenced_writes, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.reports.report_writes import StoredHead


def move_report(db: Db, old: StoredHead, place: tuple[str, str | None], lease: Lease) -> bool:
    """Give a report a new URI and stamp (``place``) and keep its id; False when it was changed meanwhile.

    Raises:
        FencedError: another run has the lease now.
    """
    check_lease(db, lease)
    uri, modified = place
    query = {"_id": old.id, "revision": old.revision, "source.uri": old.uri, "fence": not_fenced(lease)}
    place_now = {"source.uri": uri, "source.modified": modified, "source.gone_at": None}
    change = {"$set": place_now, "$max": {"fence": lease.fence}}
    with fenced_writes(db, lease):
        if with_retry(partial(db.reports.update_one, query, change)).matched_count:
            return True
    # The answer to a first try may have been lost.
    there = {"_id": old.id, "revision": old.revision, "source.uri": uri, "fence": not_fenced(lease)}
    return with_retry(partial(db.reports.find_one, there, {"_id": 1})) is not None


def mark_gone(db: Db, some: Sequence[StoredHead], at: datetime | None, lease: Lease) -> None:
    """Write since when the sources of these reports are gone; None unmarks them.

    Raises:
        FencedError: another run has the lease now.
    """
    if some:
        check_lease(db, lease)
    change = {"$set": {"source.gone_at": at}, "$max": {"fence": lease.fence}}
    for one in some:
        query = {"_id": one.id, "source.uri": one.uri, "fence": not_fenced(lease)}
        with fenced_writes(db, lease):
            with_retry(partial(db.reports.update_one, query, change))
