"""Build the commands that mend what checks found, as they fit this machine; none changes what is not ours.

A command that several checks give is one function here.
"""

import os
import re
import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from etl.model.errors import SetupError
from etl.settings import SETTINGS_FILE, config_dir, exported, origin, own_values

COMPOSE = "docker-compose.yml"
CONTAINER = Path("/.dockerenv")
# Where Docker's daemon listens: for all, for one user, and with Docker Desktop.
SOCKETS = tuple(
    Path(one).expanduser() / "docker.sock"
    for one in ("/run", "/var/run", f"/run/user/{os.getuid()}", "~/.docker/run", "~/.docker/desktop")
)
VARIABLE = re.compile(r"ETL_[A-Z0-9_]*[A-Z0-9]")
LOCAL = ("localhost", "127.0.0.1", "::1")
ADDRESS = "export ETL_MONGO_URI=mongodb://{}/etl"
DATABASE = "mongod --dbpath /var/lib/mongodb --fork --syslog"


def runs_in_compose() -> bool:
    """Check whether Docker runs the services of docker-compose.yml here, or this process in a container."""
    if CONTAINER.exists():
        return True
    beside = any((folder / COMPOSE).is_file() for folder in (Path.cwd(), config_dir().parent))
    return beside and shutil.which("docker") is not None and _dockers()


def exported_in(words: str) -> list[str]:
    """Return the environment variables of settings that a message names and that are set."""
    return [name for name in VARIABLE.findall(words) if exported(name)]


def _dockers() -> bool:
    """Check whether a Docker daemon is configured or listens at a usual socket."""
    return exported("DOCKER_HOST") or any(one.exists() for one in SOCKETS)


def start_mongo(host: str, port: int) -> str:
    """Return the command that starts a silent MongoDB server, or tests the way to its machine."""
    if runs_in_compose():
        return "docker compose up --detach mongo mongo-users"
    if host not in LOCAL:
        return f"nc -vz {shlex.quote(host)} {port}"
    if shutil.which("mongod"):
        return "sudo systemctl start mongod" if shutil.which("systemctl") else DATABASE
    return use_embedded() if find_spec("secantus") else ADDRESS.format("A-HOST-WITH-MONGODB:27017")


def use_embedded() -> str:
    """Return the command that makes the embedded server the one that is used."""
    return "unset ETL_MONGO_URI" if exported("ETL_MONGO_URI") else "etl db start"


def start_prefect(url: str) -> str:
    """Return the command that starts a silent Prefect server, or tests the way to its machine."""
    if runs_in_compose():
        return "docker compose up --detach prefect"
    parts = urlsplit(url)
    if parts.hostname in LOCAL:
        return f"prefect server start --host {parts.hostname} --port {parts.port or 4200} --background"
    return f"nc -vz {shlex.quote(str(parts.hostname))} {parts.port or 4200}"


def restart_prefect() -> str:
    """Return the command that restarts Prefect's server with its scheduler."""
    return "docker compose restart prefect" if runs_in_compose() else "etl serve"


def change_setting(name: str, value: str) -> str:
    """Return the command that changes a setting where it is set: in a file, else by the environment."""
    try:
        where = origin(tuple(name.split(".")), own_values())
    except SetupError:
        where = ""
    if where.endswith(SETTINGS_FILE):
        return edit(Path(where), find_line(Path(where), name.rpartition(".")[2]))
    return f"export ETL_{name.upper().replace('.', '__')}={shlex.quote(value)}"


def find_line(path: Path, name: str) -> int:
    """Return the number of the line in a file that sets a name, from 1; 0 where none does."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.partition("=")[0].strip() == name), 0)


def start_run(sources: tuple[str, ...]) -> str:
    """Return the command of a run, which finishes the work of a crashed run and takes its lease."""
    return "etl run" if sources else "etl reprocess --stale"


def restore(path: Path) -> str:
    """Return the command that restores a file of the release and touches no other file."""
    root = config_dir().parent
    if (root / ".git").exists():
        return f"git -C {shlex.quote(str(root))} checkout -- {shlex.quote(os.path.relpath(path, root))}"
    return f"{shlex.quote(sys.executable)} -m pip install --no-deps --force-reinstall report-etl"


def edit(path: Path, line: int = 0) -> str:
    """Return the command that opens a file at a line, for a person to correct."""
    return f"${{EDITOR:-vi}} {f'+{line} ' if line else ''}{shlex.quote(str(path))}"
