"""Keep in each process what its batches share: an open database, the fingerprints of the stages, settings.

The context is built once a process from settings, also where many threads ask at once; `close_context` closes
the database. Something more to keep is a field of `WorkerContext`.
"""

import atexit
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from etl.fingerprint import fingerprints
from etl.settings import Settings
from etl.store.driver.connection import Db, connect
from etl.telemetry import logs

_OPENING = Lock()


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """The database, the settings and the fingerprints by stage that the batches of one process share."""

    db: Db
    settings: Settings
    pipeline: Mapping[str, str]

    @property
    def seconds(self) -> float:
        """Seconds that processing one report may take; 0 means no limit, and no separate process."""
        return self.settings.run.report_seconds

    @property
    def processing_settings(self) -> Settings:
        """Settings without database address and data folder: equal where texts are processed alike."""
        return self.settings.model_copy(update={"mongo_uri": None, "data_dir": Path()})


def worker_context(settings: Settings) -> WorkerContext:
    """Return the context for these settings; all batches of a run share its database.

    Raises:
        UnavailableError: the database does not answer.
    """
    logs.adopt(settings.log)
    with _OPENING:
        db, _ = _database(settings)
        return WorkerContext(db, settings, _pipeline(settings))


def close_context(settings: Settings) -> None:
    """Close the database that this process opened for batches with these settings, if any."""
    with _OPENING:
        if not _database.cache_info().currsize:
            return
        _, closing = _database(settings)
        _database.cache_clear()
        atexit.unregister(closing.close)
        closing.close()


@lru_cache(maxsize=1)
def _database(settings: Settings) -> tuple[Db, ExitStack]:
    closing = ExitStack()
    # A worker's process ends without a word; the driver must be closed before Python is.
    atexit.register(closing.close)
    return closing.enter_context(connect(settings)).database, closing


@lru_cache(maxsize=1)
def _pipeline(settings: Settings) -> Mapping[str, str]:
    return fingerprints(settings)
