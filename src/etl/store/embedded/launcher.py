"""Start, find and stop the embedded server, which lives as long as commands need it.

`serve` is the way in; `start` and `stop` are for a server that stays. The server runs in a process
of its own under `supervisor`; a new option for it is an argument in `supervisor.start`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from etl import private
from etl.model.errors import SetupError, UnavailableError
from etl.store.embedded.state_dir import BEAT_SECONDS, STARTED, Server, StateDir
from etl.store.records import process

# How it calls itself where it is asked.
PROCESS = "secantus"
WAIT_SECONDS = 120.0
POLL_SECONDS = 0.05
ANSWER_MS = 2000
# A supervisor replaces a server that hangs, and renews its file every few seconds; one that does neither
# hangs.
QUIET_SECONDS = 5.0
LIFELESS_SECONDS = 3 * BEAT_SECONDS
# How WiredTiger says that another process has the files open.
BUSY = "Device or resource busy"
FULL = "No space left on device"
# How its errors are called, as where files are damaged.
ENGINE = "WiredTigerError"


@contextmanager
def serve(data_dir: Path, cache_size: str) -> Iterator[str]:
    """Yield the address of the server of ``data_dir``; start it unless it runs, end it with its last user.

    Raises:
        UnavailableError: the server is not installed, does not start, or another host uses the folder.
        SetupError: the data folder cannot be written.
    """
    folder = _folder(data_dir)
    user = folder.join(f"{process.current().pid}-{uuid4().hex[:8]}")
    try:
        yield ensure(folder, cache_size).uri
    finally:
        _leave(folder, user)


def start(data_dir: Path, cache_size: str) -> Server:
    """Start a server that stays until `stop`, or mark the running one to stay; return it.

    Raises:
        UnavailableError: as `serve`.
    """
    folder = _folder(data_dir)
    stay = folder.stay()
    try:
        return ensure(folder, cache_size)
    except UnavailableError:
        stay.unlink(missing_ok=True)
        raise


def stop(data_dir: Path) -> bool:
    """Stop a server that stays; False where there was none, or other commands still use it."""
    folder = StateDir((data_dir / "mongo").resolve())
    running = folder.serving()
    if running is None:
        (folder.users / "stay").unlink(missing_ok=True)
        return False
    return _leave(folder, folder.users / "stay")


def status(data_dir: Path) -> Server | None:
    """Return the server that serves ``data_dir`` now; None where none does."""
    return StateDir((data_dir / "mongo").resolve()).serving()


def holds(data_dir: Path) -> bool:
    """Check whether a data folder holds a database, served or not."""
    files = StateDir(data_dir / "mongo").files
    return files.is_dir() and any(files.iterdir())


def ensure(folder: StateDir, cache_size: str) -> Server:
    """Return the running server, started where there is none; the caller has registered as a user.

    Raises:
        UnavailableError: the server does not start or answer in time, or another host uses the folder.
    """
    begun = heard = time.monotonic()
    supervisor: subprocess.Popen[bytes] | None = None
    while time.monotonic() - begun < WAIT_SECONDS:
        found = folder.serving()
        if found and process.is_alive(found.guard) is None:
            raise UnavailableError(
                f"the data folder {folder.path.parent} is in use by a database on host {found.guard.host}, "
                "or in a container of this name; end it there, or set ETL_DATA_DIR or ETL_MONGO_URI"
            )
        if found and _answers(found):
            return found
        if found and time.monotonic() - heard > QUIET_SECONDS:
            _end_hung(folder, found)
        if found is None:
            heard = time.monotonic()
            # One that ended by itself found another one at work, one that was killed is tried again.
            if supervisor is None or (supervisor.poll() is not None and supervisor.returncode <= 0):
                supervisor = _start_supervisor(folder, cache_size)
        if supervisor and (supervisor.poll() or 0) > 0:
            raise UnavailableError(_failure(folder))
        time.sleep(POLL_SECONDS)
    raise UnavailableError(_failure(folder))


def require() -> None:
    """Refuse to go on where the embedded server is not installed.

    Raises:
        UnavailableError: it is not installed.
    """
    if find_spec("secantus") is None:
        raise UnavailableError(
            "no database: ETL_MONGO_URI is not set and the embedded server is not installed; "
            "set ETL_MONGO_URI, or pip install 'report-etl[embedded]'"
        )


def _folder(data_dir: Path) -> StateDir:
    require()
    folder = StateDir((data_dir / "mongo").resolve())
    try:
        folder.prepare()
    except OSError as error:
        raise SetupError(
            f"data_dir (ETL_DATA_DIR) is {data_dir}, which cannot be written ({error.strerror}); "
            "name a folder that can"
        ) from error
    return folder


def _answers(server: Server) -> bool:
    """Check whether a server answers and its supervisor lives, as a killed one looks alive for a moment."""
    client: MongoClient[dict[str, object]] = MongoClient(
        server.uri,
        serverSelectionTimeoutMS=ANSWER_MS,
        connectTimeoutMS=ANSWER_MS,
        socketTimeoutMS=ANSWER_MS,
    )
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    finally:
        client.close()
    return process.is_alive(server.guard) is True


def _end_hung(folder: StateDir, server: Server) -> None:
    """Kill a supervisor that shows no life, so that another one takes its place."""
    if folder.age() > LIFELESS_SECONDS and process.is_alive(server.guard):
        with suppress(ProcessLookupError):
            os.kill(server.guard.pid, signal.SIGKILL)


def _start_supervisor(folder: StateDir, cache_size: str) -> subprocess.Popen[bytes]:
    folder.log.touch(private.FILE)
    with folder.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "etl.store.embedded.supervisor", str(folder.path), cache_size],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _leave(folder: StateDir, user: Path) -> bool:
    """Unregister a user; if it was the last one, wait for the server's end. Return whether it was."""
    running = folder.read()  # first: a supervisor without users at once takes away what says where it is
    user.unlink(missing_ok=True)
    deadline = time.monotonic() + WAIT_SECONDS
    while running and process.is_alive(running.guard) and time.monotonic() < deadline:
        if folder.in_use():
            return False
        if folder.state.exists():
            _end_hung(folder, running)
        time.sleep(POLL_SECONDS)
    return True


def _failure(folder: StateDir) -> str:
    """Say in a sentence why there is no server; quote the last line of its log where the cause is unknown."""
    if found := folder.serving():
        return (
            f"the embedded database under {folder.path} does not answer (process {found.server.pid}, kept "
            f"by process {found.guard.pid}); end both, by force if need be, then run again: what was loaded "
            "stays"
        )
    lines = folder.log.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    begun = max((at for at, line in enumerate(lines) if line.startswith(STARTED)), default=0)
    if any(FULL in line for line in lines[begun:]):
        return (
            f"the embedded database under {folder.path} has no space left on its disk; "
            "make room there, then run again: what was loaded stays"
        )
    if BUSY in last:
        return (
            f"the files of the embedded database under {folder.path} are open in a server that no `etl` "
            "command started; end that one, or name another folder with ETL_DATA_DIR"
        )
    return (
        f"the embedded database under {folder.path} did not start: {last}. See {folder.log}; "
        f"{'restore the folder from a backup' if ENGINE in last else 'run again'}, "
        "or name another with ETL_DATA_DIR"
    )
