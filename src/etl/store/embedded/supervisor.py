"""Start the embedded server, keep it up while any command needs it, and end it with the last one.

A server that crashes, hangs or is killed while it starts is started again.

Run as ``python -m etl.store.embedded.supervisor FOLDER CACHE`` by `launcher`, in a session of its own so that
Ctrl-C in a terminal reaches the command and not its database. A new duty is a line in `watch`.
"""

import ctypes
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from etl import private
from etl.store.embedded.hang_detector import HangDetector
from etl.store.embedded.state_dir import BEAT_SECONDS, STARTED, Server, StateDir
from etl.store.records import process

LISTENING = re.compile(r"listening on 127\.0\.0\.1:(\d+)")
START_SECONDS = 90.0
STOP_SECONDS = 15.0
# What was acknowledged is in the journal, so a left-over server may be ended by force soon.
GRACE_SECONDS = 6.0
CLAIM_SECONDS = 30.0
POLL_SECONDS = 0.1
# Crashes in a row after which it is not started again; one that served for a while before begins a new row.
RESTARTS = 5
SERVED_SECONDS = 60.0
LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1
# The engine's word that its process must exit and start anew, as after a full disk; until then it answers
# everything with an error.
PANIC = b"WT_PANIC: WiredTiger library panic"


class StopSignal(Exception):  # noqa: N818 - a request, not an error
    """A signal that asked the supervisor to end."""


def main(folder: StateDir, cache_size: str) -> int:
    """Serve until no user is left; return 0, also if another supervisor serves, or 1 if no server starts."""
    signal.signal(signal.SIGTERM, _stop)
    os.umask(private.OTHERS)
    with folder.lock.open("a", encoding="utf-8") as lock:
        if not claim(lock, folder):
            return 0
        end_left_over(folder)
        if folder.log.exists() and folder.log.stat().st_size > LOG_BYTES:
            folder.log.unlink()
        try:
            return watch(folder, cache_size)
        finally:
            folder.state.unlink(missing_ok=True)


def claim(lock: IO[str], folder: StateDir) -> bool:
    """Take the lock of the folder's only supervisor; False when another one serves or keeps the lock."""
    deadline = time.monotonic() + CLAIM_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if folder.serving():
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True
    return False


def end_left_over(folder: StateDir) -> None:
    """End a server whose supervisor died; kill it if it does not listen to SIGTERM."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        found = folder.left_over()
        if found is None:
            break
        _tell(found.pid, number)
        deadline = time.monotonic() + GRACE_SECONDS
        while process.is_alive(found) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    folder.state.unlink(missing_ok=True)


def watch(folder: StateDir, cache_size: str) -> int:
    """Run the server, on the same port after a crash, until nobody needs it; return 0, or 1 if it failed."""
    port, crashes = 0, 0
    while crashes <= RESTARTS:
        begun = time.monotonic()
        server = start(folder, cache_size, port)
        try:
            found = wait_until_listening(server, folder)
            if found is None and not was_killed(server):
                return 1
            if found is not None:
                port = found.port
                folder.write(found)
                if not keep(server, folder, found):
                    return 0
        except StopSignal:
            return 0
        finally:
            stop(server, port)
        crashes = 0 if time.monotonic() - begun > SERVED_SECONDS else crashes + 1
    return 1


def start(folder: StateDir, cache_size: str, port: int) -> subprocess.Popen[bytes]:
    """Start the server as a child that dies with this supervisor and writes to the log."""
    command = [sys.executable, "-m", "secantus", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(folder.files), "--cache-size", cache_size]
    command += ["--config", str(folder.config), "--log-level", "INFO"]
    # Not the replica set of one that it would show itself as: that one logs every write twice, for nobody.
    command += ["--standalone"]
    with folder.log.open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - the command is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder.path,
            preexec_fn=_tie(),  # noqa: PLW1509 - the supervisor has no threads
        )
    folder.started(process.with_pid(server.pid))
    return server


def wait_until_listening(server: subprocess.Popen[bytes], folder: StateDir) -> Server | None:
    """Wait until the server's log line names its port, and return the server.

    None where the server ended, hung and was killed, or named no port within `START_SECONDS`.
    """
    mark = f"{STARTED}{server.pid} started\n"
    with folder.log.open("a", encoding="utf-8") as log:
        log.write(mark)
    deadline, detector = time.monotonic() + START_SECONDS, HangDetector(server.pid)
    while server.poll() is None and time.monotonic() < deadline:
        if detector.hangs():
            _kill(server, folder)
            break
        said = folder.log.read_text(encoding="utf-8", errors="replace").rpartition(mark)[2]
        if match := LISTENING.search(said):
            return Server(process.current(), process.with_pid(server.pid), int(match[1]))
        time.sleep(POLL_SECONDS)
    return None


def keep(server: subprocess.Popen[bytes], folder: StateDir, found: Server) -> bool:
    """Keep the server up while it is used; True if it crashed, hung or panicked under a user, else False."""
    beaten = time.monotonic()
    with folder.log.open("rb") as said, closing(HangDetector(server.pid, found.port)) as detector:
        said.seek(0, os.SEEK_END)
        while server.poll() is None and PANIC not in said.read():
            if detector.hangs():
                _kill(server, folder)
                break
            if not _needed(folder, found):
                return False
            if time.monotonic() - beaten > BEAT_SECONDS:
                folder.beat()
                beaten = time.monotonic()
            time.sleep(POLL_SECONDS)
    return folder.path.exists() and folder.in_use()


def _needed(folder: StateDir, found: Server) -> bool:
    """Check whether a command uses the server; if none does, delete the state file, so that none finds it."""
    if not folder.path.exists():
        return False
    if folder.in_use():
        return True
    # A command registers first and looks for the file second; this order is the other way round, so that it
    # either finds the file gone or is found here.
    folder.state.unlink(missing_ok=True)
    if folder.in_use():
        folder.write(found)
        return True
    return False


def was_killed(server: subprocess.Popen[bytes]) -> bool:
    """Check whether a signal ended the server, rather than an error that it found."""
    return (server.poll() or 0) < 0


def stop(server: subprocess.Popen[bytes], port: int) -> None:
    """End the server cleanly, by force only after `STOP_SECONDS`; port 0 means that it is not known."""
    if server.poll() is None:
        _tell(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        _knock(port)
        with suppress(subprocess.TimeoutExpired):
            server.wait(POLL_SECONDS)
    if server.poll() is None:
        server.kill()
        server.wait()


def _knock(port: int) -> None:
    """Connect to a server that is ending: it waits two seconds for its next client, unless one comes."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), POLL_SECONDS):
        pass


def _tell(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process's main thread, and wake a suspended process so that it receives it.

    The main thread is named where the system can: Python runs handlers there alone, and a thread that is
    starting another one would take a signal sent to the process, and wake nobody.
    """
    with suppress(ProcessLookupError):
        if tgkill := getattr(ctypes.CDLL(None), "tgkill", None):
            tgkill(pid, pid, number)
        else:
            os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)


def _kill(server: subprocess.Popen[bytes], folder: StateDir) -> None:
    """Kill a server that hangs, and log it; what it acknowledged is in its journal."""
    with folder.log.open("a", encoding="utf-8") as log:
        log.write(f"etl guard: server {server.pid} shows no life; starting it anew\n")
    server.kill()
    server.wait()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise StopSignal


def _tie() -> Callable[[], None] | None:
    """Return a function that makes Linux end the child when this process dies; None on other systems."""
    if not sys.platform.startswith("linux"):
        return None
    library, supervisor = ctypes.CDLL(None, use_errno=True), os.getpid()

    def die_with_parent() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died before the line above
            os._exit(1)

    return die_with_parent


if __name__ == "__main__":
    sys.exit(main(StateDir(Path(sys.argv[1])), sys.argv[2]))
