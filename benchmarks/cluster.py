"""A Dask scheduler and workers as processes of their own, as they would run on several machines.

`scheduler` is up for as long as its block; `worker` starts one more, which the caller may kill. An option of
Dask's is an argument here.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 400.0


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Address of a scheduler on a free port of this machine; its words are in the folder."""
    told = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    with started(["scheduler", *options, "--scheduler-file", str(told)], folder / "scheduler.log") as process:
        yield _address(told, process)


@contextmanager
def worker(address: str, folder: Path, name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of one thread, without a nanny that would start it again."""
    options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(folder / name)]
    with started(["worker", address, "--name", name, *options], folder / f"{name}.log") as process:
        yield process


@contextmanager
def started(arguments: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Dask command for as long as the block."""
    with (
        log.open("wb") as words,
        subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=words,
            stderr=words,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _address(told: Path, process: "subprocess.Popen[bytes]") -> str:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise RuntimeError(f"no Dask scheduler within {WAIT_SECONDS} s; its words are in {told.parent}")
