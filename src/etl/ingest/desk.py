"""What every job works at: the database, in shape, and the right to write into it.

`open_desk` is the way in, `begin` opens the record of a run.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from etl import logs
from etl.about import about, mention
from etl.errors import FencedError
from etl.fingerprint import fingerprints
from etl.ingest.workshop import forget
from etl.settings import Settings
from etl.store.blobs import source_blobs
from etl.store.changelog import reconcile
from etl.store.coordination import fence_floor, lease, runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, connect
from etl.store.records.documents import RunKind
from etl.store.schema import collections

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """An open database, the settings with its address, and the right to write, for one job."""

    db: Db
    settings: Settings
    lease: Lease


@contextmanager
def open_desk(kind: str, settings: Settings) -> Iterator[Desk]:
    """The database, in shape, for this job alone, with everything finished that a dead run left half done."""
    with connect(settings) as connection, about():
        logs.adopt(settings.log)
        db, chosen = connection.database, connection.settings(settings)
        collections.ensure_schema(db)
        with lease.hold_lease(db, runs.new_id(), kind, settings.run) as mine:
            # Before anything is looked at: what a sleeping run has begun can no longer be written after this.
            fence_floor.raise_floor(db, mine.fence)
            reconcile.reconcile(db, mine)
            runs.mark_crashed(db, mine)
            source_blobs.delete_released(db)
            try:
                yield Desk(db, chosen, mine)
            finally:
                forget(chosen)
            with suppress(FencedError):  # whoever took the place has done it
                lease.check_lease(db, mine)
                source_blobs.delete_released(db)


def begin(desk: Desk, kind: RunKind, parameters: Mapping[str, Any]) -> str:
    """Open the record of the run, and name it in all that is logged from here on; its id."""
    run_id = runs.begin(desk.db, kind, parameters, fingerprints(desk.settings), desk.lease)
    mention(run=run_id)
    log.info("%s begins: %s", kind, parameters)
    return run_id
