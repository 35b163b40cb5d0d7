"""Waiting for what another process or thread does: as long as it takes, and long where it never comes."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 400.0  # seconds; a test that waits for so long waits for what never comes


def until(ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first answer that is something; the last one where none came in time."""
    end = time.monotonic() + seconds
    while not (found := ask()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def freeze(pid: int) -> None:
    """Stop a process; when this returns none of its threads answers anybody any more."""
    os.kill(pid, signal.SIGSTOP)
    assert until(lambda: _states(pid) <= {"T"}), _states(pid)


def _states(pid: int) -> set[str]:
    """What its threads do, by the letters of the kernel; nothing where the kernel shows no such files."""
    paths = Path(f"/proc/{pid}/task").glob("*/stat")
    return {path.read_text(encoding="utf-8").rpartition(")")[2].split()[0] for path in paths}
