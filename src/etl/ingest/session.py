"""Open a job session: connect, ensure the schema, take the write lease, finish what a crashed run began.

`open_session` is the way in, `begin_run` opens the record of a run.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from etl.fingerprint import fingerprints
from etl.ingest.worker.context import close_context, share_database
from etl.model.errors import FencedError
from etl.settings import Settings
from etl.store.blobs import source_blobs
from etl.store.changelog import reconcile
from etl.store.coordination import fence_floor, lease, runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, connect
from etl.store.records.coordination import RunKind
from etl.store.schema import collections
from etl.telemetry import logs
from etl.telemetry.log_context import bind, log_context

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobSession:
    """An open database, settings with its address, and the lease that allows writing, for one job."""

    db: Db
    settings: Settings
    lease: Lease


@contextmanager
def open_session(kind: str, settings: Settings) -> Iterator[JobSession]:
    """Connect, ensure the schema, hold the write lease, and finish what a crashed run left; then yield."""
    with connect(settings) as connection, log_context():
        logs.adopt(settings.log)
        db, chosen = connection.database, connection.settings(settings)
        collections.ensure_schema(db)
        with lease.hold_lease(db, runs.new_id(), kind, settings.run) as mine:
            # Before anything is looked at: what a sleeping run has begun can no longer be written after this.
            fence_floor.raise_floor(db, mine.fence)
            reconcile.reconcile(db, mine)
            runs.mark_crashed(db, mine)
            source_blobs.delete_released(db)
            share_database(chosen, db)
            try:
                yield JobSession(db, chosen, mine)
            finally:
                close_context(chosen)
            with suppress(FencedError):  # whoever took the place has done it
                source_blobs.delete_released(db, partial(lease.check_lease, db, mine))


def begin_run(session: JobSession, kind: RunKind, parameters: Mapping[str, Any]) -> str:
    """Open the record of a run and name the run in all later log lines of the session; return its id."""
    run_id = runs.begin(session.db, kind, parameters, fingerprints(session.settings), session.lease)
    bind(run=run_id)
    log.info("%s begins: %s", kind, parameters)
    return run_id
