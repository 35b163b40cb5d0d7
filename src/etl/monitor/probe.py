"""Read the database for a monitor: connect when it first answers, and spend little time on each look.

`Probe.snapshot` returns figures or raises where nobody answers. What is read stands in
`etl.store.query.status`.
"""

import time
from contextlib import ExitStack
from threading import Lock

from pymongo.errors import PyMongoError

from etl.fingerprint import fingerprints
from etl.model.errors import EtlError, TransientError, UnavailableError
from etl.settings import Settings
from etl.store.coordination.runs import newest_runs
from etl.store.driver.connection import Connection, connect
from etl.store.query import staleness
from etl.store.query.status import MetricsSnapshot, read_metrics
from etl.store.records.coordination import RunRecord

# A monitor asks every few seconds and does not wait long.
TIMEOUT_SECONDS = 2.0
# Counting stale reports reads them all, so it is done when a run has written, and no more often than this.
RECOUNT_SECONDS = 60.0


class Probe:
    """A monitor's view of one database; the connection is kept, and with it an embedded server."""

    def __init__(self, settings: Settings) -> None:
        store = settings.store.model_copy(
            update={"timeout_seconds": min(TIMEOUT_SECONDS, settings.store.timeout_seconds)}
        )
        self._settings = settings.model_copy(update={"store": store})
        self._pipeline = fingerprints(settings)
        self._closing = ExitStack()
        self._opening = Lock()
        self._connection: Connection | None = None
        self._stale = 0
        self._counted: tuple[object, float] = (None, -RECOUNT_SECONDS)

    def close(self) -> None:
        """Close the database."""
        self._closing.close()

    def snapshot(self) -> tuple[MetricsSnapshot, int]:
        """Return the figures of the database, and the number of stale reports, counted once a minute at most.

        Raises:
            UnavailableError: nobody answers.
        """
        connection = self._answering()
        try:
            found = read_metrics(connection.database)
            return found, self._recounted(connection, found.runs)
        except (TransientError, PyMongoError) as error:
            raise _silent(error) from error

    def last_run(self) -> RunRecord | None:
        """Return the newest run; None where there was none.

        Raises:
            UnavailableError: nobody answers.
        """
        connection = self._answering()
        try:
            return next(iter(newest_runs(connection.database, 1)), None)
        except (TransientError, PyMongoError) as error:
            raise _silent(error) from error

    def _answering(self) -> Connection:
        """Return the open database after a ping; connect first where it was not open.

        Raises:
            UnavailableError: nobody answers.
        """
        with self._opening:
            try:
                if self._connection is None:
                    self._connection = self._closing.enter_context(connect(self._settings))
                self._connection.client.admin.command("ping")
            except (EtlError, PyMongoError) as error:
                raise _silent(error) from error
            return self._connection

    def _recounted(self, connection: Connection, runs: tuple[RunRecord, ...]) -> int:
        written = (runs[0].id, runs[0].beat_at) if runs else None
        before, at = self._counted
        if written != before and time.monotonic() - at >= RECOUNT_SECONDS:
            self._stale = len(staleness.stale_ids(connection.database, self._pipeline))
            self._counted = (written, time.monotonic())
        return self._stale


def _silent(error: Exception) -> UnavailableError:
    said = str(error) if isinstance(error, EtlError) else type(error).__name__
    return UnavailableError(f"the database does not answer: {said}")
