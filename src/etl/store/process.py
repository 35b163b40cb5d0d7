"""Which process on which machine holds something, and whether it still lives.

A process id alone is reused by the system sooner or later; host, boot and start time make it
unique. A new platform is one more way to read a start time in `_started`.
"""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Process:
    """One process, for ever: ``started`` is the system's own stamp of its start."""

    host: str
    boot: str
    pid: int
    started: str


def current() -> Process:
    """This process."""
    return Process(socket.gethostname(), _boot(), os.getpid(), _started(os.getpid()) or "")


def of(pid: int) -> Process:
    """The process of this host that has the id ``pid`` now."""
    return Process(socket.gethostname(), _boot(), pid, _started(pid) or "")


def alive(process: Process) -> bool | None:
    """Whether it still runs; None when it is of another host, which cannot be asked from here."""
    if process.host != socket.gethostname():
        return None
    return process.boot == _boot() and _started(process.pid) == process.started


def _boot() -> str:
    return BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""


def _started(pid: int) -> str | None:
    """Clock ticks since boot on Linux, a date elsewhere; None when there is no such process."""
    if BOOT_ID.exists():
        return _started_linux(pid)
    shown = subprocess.run(  # noqa: S603 - a fixed program and a number
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or None


def _started_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    # A zombie has ended; only its parent has not noticed.
    return None if fields[0] in "ZX" else fields[19]
