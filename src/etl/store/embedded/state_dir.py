"""Hold the files by which commands and the supervisor of an embedded server find each other.

A server's folder holds ``server.json`` (who serves, and where), ``engine.json`` (its process, known before it
serves), ``users`` (one file for each command that needs it) and the engine's own files. A new thing to tell
each other is a field of `Server`.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from etl import private
from etl.store.records import process
from etl.store.records.process import Process

# The supervisor renews its file this often; one of another host that is older than STALE is left over.
BEAT_SECONDS = 5.0
STALE_SECONDS = 60.0
# Begins the line of the log that says which server was started.
STARTED = "etl guard: server "


@dataclass(frozen=True, slots=True)
class Server:
    """A serving database: its supervisor, its own process, and its port on 127.0.0.1."""

    guard: Process
    server: Process
    port: int

    @property
    def uri(self) -> str:
        """Address for a driver on this machine."""
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"


@dataclass(frozen=True, slots=True)
class StateDir:
    """The folder ``<data_dir>/mongo`` and the files in it."""

    path: Path

    @property
    def files(self) -> Path:
        """Folder of the engine's own files."""
        return self.path / "files"

    @property
    def log(self) -> Path:
        """Log file of the server and its supervisor."""
        return self.path / "server.log"

    @property
    def lock(self) -> Path:
        """Lock file, held by the one supervisor that serves."""
        return self.path / "server.lock"

    @property
    def config(self) -> Path:
        """Empty configuration file, so that the server reads no other."""
        return self.path / "server.toml"

    @property
    def users(self) -> Path:
        """Folder with one file for each command that needs the server."""
        return self.path / "users"

    @property
    def state(self) -> Path:
        """File that names the server that serves, while one does."""
        return self.path / "server.json"

    @property
    def engine(self) -> Path:
        """File that names the process last started on the engine's files."""
        return self.path / "engine.json"

    def prepare(self) -> None:
        """Create the missing folders and files, readable by their owner alone.

        Raises:
            OSError: the folder cannot be written.
        """
        private.owner_only_folder(self.path.parent, self.path.name)
        for folder in (self.users, self.files):
            folder.mkdir(private.FOLDER, exist_ok=True)
        self.config.touch(private.FILE)

    def read(self) -> Server | None:
        """Return the server that the state file names; None where there is no valid file."""
        try:
            values = json.loads(self.state.read_text(encoding="utf-8"))
            return Server(Process(**values["guard"]), Process(**values["server"]), values["port"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, server: Server) -> None:
        """Write to the state file which server serves, by replacing the whole file at once."""
        _replace(self.state, json.dumps(asdict(server)))

    def started(self, engine: Process) -> None:
        """Write which process works on the engine's files from now on."""
        _replace(self.engine, json.dumps(asdict(engine)))

    def left_over(self) -> Process | None:
        """Return the process that still runs on the engine's files on this host; None where none does."""
        found = self.read()
        try:
            last = Process(**json.loads(self.engine.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            last = None
        candidates = (last, found.server if found else None)
        return next((one for one in candidates if one and process.is_alive(one)), None)

    def serving(self) -> Server | None:
        """Return the server that serves now, None where none does.

        It serves while its supervisor lives; on another host, while the supervisor renews the state file.
        """
        found = self.read()
        if found is None or process.has_restarted(found.guard):
            return None
        lives = process.is_alive(found.guard)
        if lives is None:
            return found if self.age() < STALE_SECONDS else None
        return found if lives else None

    def join(self, name: str) -> Path:
        """Register this process as a user and return its file; it counts as long as the process lives."""
        entry = self.users / name
        _replace(entry, json.dumps(asdict(process.current())))
        return entry

    def stay(self) -> Path:
        """Register a user that counts until its file is deleted, and return this file."""
        entry = self.users / "stay"
        _replace(entry, "{}")
        return entry

    def in_use(self) -> bool:
        """Check whether any user is left; delete the files of dead ones."""
        used = False
        for entry in self.users.glob("[!.]*"):
            try:
                values = json.loads(entry.read_text(encoding="utf-8"))
                lives = not values or _may_live(Process(**values))
            except (OSError, ValueError, TypeError):
                lives = False
            if not lives:
                entry.unlink(missing_ok=True)
            used = used or lives
        return used

    def beat(self) -> None:
        """Renew the state file, as a sign of life for hosts that cannot see the supervisor's process."""
        if self.state.exists():
            os.utime(self.state)

    def age(self) -> float:
        """Return the seconds since the state file was renewed; `STALE_SECONDS` where there is no file."""
        try:
            return time.time() - self.state.stat().st_mtime
        except OSError:
            return STALE_SECONDS


def _may_live(user: Process) -> bool:
    return process.is_alive(user) is not False and not process.has_restarted(user)


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(private.FILE)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
