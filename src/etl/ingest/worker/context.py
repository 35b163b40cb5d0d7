"""Keep in each process what its batches share: an open database, the fingerprints of the stages, settings.

The context is built once a process from settings, also where many threads ask at once; a job shares its own
database, any other one is closed by `close_context`. Something more to keep is a field of `WorkerContext`.
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
# The databases of this process by settings, and what closes those that it opened itself.
_OPENED: dict[Settings, tuple[Db, ExitStack]] = {}


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
        if settings not in _OPENED:
            _OPENED[settings] = _open(settings)
        return WorkerContext(_OPENED[settings][0], settings, _pipeline(settings))


def share_database(settings: Settings, db: Db) -> None:
    """Let the batches of this process use the database that their job has open, until `close_context`."""
    with _OPENING:
        _OPENED.setdefault(settings, (db, ExitStack()))


def close_context(settings: Settings) -> None:
    """Close the database that this process opened for batches with these settings, if any."""
    with _OPENING:
        _, closing = _OPENED.pop(settings, (None, ExitStack()))
        atexit.unregister(closing.close)
        closing.close()


def _open(settings: Settings) -> tuple[Db, ExitStack]:
    closing = ExitStack()
    # A worker's process ends without a word; the driver must be closed before Python is.
    atexit.register(closing.close)
    return closing.enter_context(connect(settings)).database, closing


@lru_cache(maxsize=1)
def _pipeline(settings: Settings) -> Mapping[str, str]:
    return fingerprints(settings)
