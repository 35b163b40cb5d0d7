"""What a worker needs and keeps from batch to batch: engines, an open database, fingerprints.

Built once a process from settings, also where many threads ask at once; `forget` closes the database again. A
new tool is a field of `Workshop`.
"""

import atexit
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from etl import logs
from etl.engines import Engines, shared
from etl.fingerprint import fingerprints
from etl.settings import Settings
from etl.store.connection import Db, connect

_OPENING = Lock()


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools of one process."""

    db: Db
    engines: Engines
    settings: Settings
    pipeline: Mapping[str, str]


def workshop(settings: Settings) -> Workshop:
    """The tools for these settings; the same ones for every batch of a run.

    Raises:
        UnavailableError: the database does not answer.
    """
    logs.adopt(settings.log)
    with _OPENING:
        db, _ = _database(settings)
        return Workshop(db, shared(settings), settings, _pipeline(settings))


def forget(settings: Settings) -> None:
    """Close the database that this process opened for batches with these settings."""
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
