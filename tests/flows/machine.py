"""What the tests of Prefect start: a server as docker-compose.yml does, PostgreSQL, programs."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
# Seconds: more than anything takes, on a machine that has much else to do.
LONG = 1200
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
SOURCE = str(ROOT / "src")


class Prefect:
    """A running server, asked over its REST interface."""

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:  # noqa: ANN401 - JSON
        """What the server answers; a body makes it a POST.

        On SQLite a busy server answers 503; Prefect's own client asks again too.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the server of this test
            f"{self.url}/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        for wait in (0.5, 1.0, 2.0, 4.0, None):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or wait is None:
                    raise
            time.sleep(wait)
        raise AssertionError("unreachable: the loop returns or raises")

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment by flow and name."""
        found: dict[str, Any] = self.ask(f"deployments/name/{name}")
        return found

    def start(self, name: str, **job: object) -> str:
        """Ask for a run of a deployment; its id."""
        body: dict[str, object] = {"state": {"type": "SCHEDULED"}}
        if job:
            body["parameters"] = {"job": job}
        run: str = self.ask(f"deployments/{self.deployment(name)['id']}/create_flow_run", body)["id"]
        return run

    def state(self, run: str) -> dict[str, Any]:
        """The state of a run now."""
        found: dict[str, Any] = self.ask(f"flow_runs/{run}")["state"]
        return found

    def ended(self, run: str, seconds: float = LONG) -> dict[str, Any]:
        """The state in which a run ended."""
        return until(lambda: self._ended(run), seconds, f"run {run} to end")

    def artifacts(self, run: str) -> dict[str, list[dict[str, Any]]]:
        """The tables of a run by their keys."""
        found = self.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
        return {one["key"]: json.loads(one["data"]) for one in found}

    def logged(self, run: str) -> list[str]:
        """The lines that a run logged."""
        lines = self.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}, "sort": "TIMESTAMP_ASC"})
        return [line["message"] for line in lines]

    def _ended(self, run: str) -> dict[str, Any] | None:
        state = self.state(run)
        return state if state["type"] in ENDED else None


def until(ask: Callable[[], T | None], seconds: float, what: str, pause: float = 0.25) -> T:
    """The first answer that is something; fails where there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"waited {seconds} s for {what}")


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables of a command that runs this checkout and nothing that the caller's environment says."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', os.defpath)}"
    return own | {
        "PATH": path,
        "PYTHONPATH": SOURCE,
        "OMP_NUM_THREADS": "1",
        "DO_NOT_TRACK": "1",
        **variables,
    }


def service(name: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service of docker-compose.yml; ``variables`` replace its addresses and secrets."""
    declared = {key: str(value) for key, value in COMPOSE[name].get("environment", {}).items()}
    return environment(declared | dict(variables))


def command(name: str, words: Mapping[str, str]) -> list[str]:
    """The command of a service of docker-compose.yml with these words replaced."""
    return [words.get(word, word) for word in COMPOSE[name]["command"]]


@contextmanager
def program(
    words: Sequence[str], variables: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program in the background, in a session of its own, its words in a file; told to end at the end."""
    with (
        log.open("ab") as said,
        subprocess.Popen(
            words, env=dict(variables), stdout=said, stderr=said, cwd=ROOT, start_new_session=True
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool | None:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return None


def no_postgres() -> str | None:
    """Why PostgreSQL cannot be started here; None where it can."""
    if not (shutil.which("initdb") and shutil.which("postgres")):
        return "PostgreSQL is not installed (initdb and postgres on PATH)"
    if os.geteuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        return "PostgreSQL refuses to run as root, and there is no user postgres"
    return None


@contextmanager
def postgres() -> Iterator[int]:
    """The port of a PostgreSQL with the user and database that docker-compose.yml names; no password."""
    declared = COMPOSE["postgres"]["environment"]
    user, port = declared["POSTGRES_USER"], free_port()
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    programs = Path(str(shutil.which("initdb"))).resolve().parent
    with tempfile.TemporaryDirectory(prefix="etl-postgres-") as folder, ExitStack() as closing:
        if owner:
            shutil.chown(folder, **owner)
        data = str(Path(folder) / "data")
        made = [
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            user,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **owner)  # type: ignore[call-overload]
        serve = [str(programs / "postgres"), "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off"]
        process = closing.enter_context(
            subprocess.Popen(serve, stderr=subprocess.DEVNULL, cwd=folder, **owner)  # type: ignore[call-overload]
        )
        closing.callback(process.send_signal, signal.SIGINT)  # does not wait for its clients
        create = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", user]
        until(lambda: _done([*create, declared["POSTGRES_DB"]]), LONG, "PostgreSQL")
        yield port


def _done(words: Sequence[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def server(home: Path) -> Iterator[Prefect]:
    """Prefect's server by the command of docker-compose.yml, on PostgreSQL where that can be started."""
    port = free_port()
    with ExitStack() as closing:
        variables = {"PREFECT_HOME": str(home)}
        declared = COMPOSE["prefect"]["environment"]["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
        sqlite = f"sqlite+aiosqlite:///{home / 'prefect.db'}"
        if no_postgres():
            variables["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = sqlite
        else:
            before, _, after = declared.partition("${")
            secret, _, rest = after.partition("}")
            address = rest.replace("@postgres:5432", f"@127.0.0.1:{closing.enter_context(postgres())}")
            assert secret.startswith("POSTGRES_PASSWORD")
            variables["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = f"{before}unused{address}"
        words = command("prefect", {"0.0.0.0": "127.0.0.1", "4200": str(port)})  # noqa: S104 - replaced
        running = service("prefect", variables)
        closing.enter_context(program(words, running, home / "server.log"))
        url = f"http://127.0.0.1:{port}/api"
        until(lambda: answers(f"{url}/health"), LONG, "Prefect's server")
        yield Prefect(url, variables["PREFECT_SERVER_DATABASE_CONNECTION_URL"])
