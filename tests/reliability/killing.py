"""An embedded server of a test's own, and SIGKILL to what uses it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.reliability.world import small

from etl.settings import Settings, load
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.store.records import process

VICTIMS = ("run", "server", "both")


@contextmanager
def database(settings: Settings) -> Iterator[Db]:
    """The embedded database of these settings, with the patience of a server that starts."""
    with connect(settings) as connection:
        yield connection.database


def own(folder: Path, name: str = "etl") -> Settings:
    """Settings with an embedded server of the test's own, two workers, and batches of a few reports."""
    chosen = small(load(data_dir=folder))
    store = chosen.store.model_copy(update={"timeout_seconds": 10.0, "cache_size": "64M", "database": name})
    run = chosen.run.model_copy(update={"workers": 2, "batch_bytes": 10_000})
    return chosen.model_copy(update={"store": store, "run": run})


def kill(victim: str, child: BaseProcess, settings: Settings) -> None:
    """SIGKILL the run, the server, or both."""
    running = launcher.status(settings.data_dir)
    if victim != "run" and running and process.is_alive(running.server):
        os.kill(running.server.pid, signal.SIGKILL)
    if victim != "server":
        child.kill()


def told(settings: Settings) -> Path:
    """Where a run says what it was told to be stored."""
    return settings.data_dir / f"{settings.store.database}.jsonl"
