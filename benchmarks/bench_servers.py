"""A Prefect server that benchmarks start for themselves on 127.0.0.1, ended by its own process id."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 400


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prefect_server(folder: Path) -> Iterator[dict[str, str]]:
    """A Prefect server with its own home; yields the environment that reaches it."""
    folder.mkdir(parents=True)
    port = free_port()
    environment = {
        **os.environ,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(folder),
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "ETL_DATA_DIR": str(folder / "etl"),
    }
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with running(command, folder / "words.log", environment):
        url = f"http://127.0.0.1:{port}/api/health"
        wait(lambda: urllib.request.urlopen(url, timeout=2).read(), (urllib.error.URLError, OSError))
        yield environment


@contextmanager
def running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    """A process whose words go to ``log``; ended when the block ends."""
    with (
        log.open("wb") as words,
        subprocess.Popen(command, stdout=words, stderr=words, env=environment) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait(probe: Callable[[], object], errors: type[Exception] | tuple[type[Exception], ...]) -> None:
    """Call until it succeeds; a first start of the server takes up to 45 s on a busy machine."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            probe()
        except errors:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return
