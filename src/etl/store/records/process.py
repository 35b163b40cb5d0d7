"""Identify a process across machines and restarts, and tell whether it still lives.

A process id alone is reused by the system sooner or later, and counted anew in every container; host,
boot, namespace and start time make it unique. A new platform is one more way to read a start time in
`_started`.
"""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Process:
    """A process, identified uniquely across machines and restarts.

    Attributes:
        host: name of its host.
        boot: of the system since its last start; behind a blank, of the namespace that counts its processes.
        pid: as counted there.
        started: the system's own stamp of its start.
    """

    host: str
    boot: str
    pid: int
    started: str


def current() -> Process:
    """Return the identity of this process."""
    return Process(socket.gethostname(), _boot(), os.getpid(), _started(os.getpid()) or "")


def with_pid(pid: int) -> Process:
    """Return the identity of the process of this host that has the id ``pid`` now."""
    return Process(socket.gethostname(), _boot(), pid, _started(pid) or "")


def is_alive(process: Process) -> bool | None:
    """Check whether a process still runs; None where this host cannot know.

    None is the answer for a process of another host, of a container with a process namespace of its own, or
    from before the last start of this host, because another host may have the same name.
    """
    # Earlier releases noted no namespace: only what both know is compared.
    known = zip(process.boot.split(), _boot().split(), strict=False)
    if process.host != socket.gethostname() or any(there != here for there, here in known):
        return None
    return _started(process.pid) == process.started


def has_restarted(process: Process) -> bool:
    """Check whether the process's host, if its name is this host's, has started anew since."""
    return process.host == socket.gethostname() and process.boot.split()[:1] != _boot().split()[:1]


def _boot() -> str:
    """Return the ids of the boot and, after a blank, of the process namespace, as far as they are known."""
    boot = BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""
    try:
        return f"{boot} {NAMESPACE.readlink()}".strip()
    except OSError:
        return boot


def _started(pid: int) -> str | None:
    """Return when a process started: clock ticks since boot on Linux, else a date; None without a process."""
    if BOOT_ID.exists():
        return _started_linux(pid)
    shown = subprocess.run(  # noqa: S603 - a fixed program and a number
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or None


def _started_linux(pid: int) -> str | None:
    fields = stat_fields(pid)
    # A zombie has ended; only its parent has not noticed.
    return None if fields is None or fields[0] in "ZX" else fields[19]


def stat_fields(pid: int) -> list[str] | None:
    """Return the fields of ``/proc/PID/stat`` from the state on; None where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()
