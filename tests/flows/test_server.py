import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from etl.orchestrate import server
from etl.settings import Settings, load
from etl.store.connection import connect

# One worker runs them all, with one server.
pytestmark = [
    pytest.mark.server,
    pytest.mark.mongo,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("prefect"),
]

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ENTRY = "from etl.cli import main; main()"


class Prefect:
    """A running server, asked over its REST interface."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self.home = home

    def ask(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """What the server answers; a body makes it a POST.

        On SQLite a busy server answers 503; Prefect's own client asks again too.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the server of this test
            f"{self.url}/{path}", data, {"Content-Type": "application/json"}
        )
        for wait in (0.5, 1.0, 2.0, 4.0, None):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or wait is None:
                    raise
            time.sleep(wait)
        raise AssertionError("unreachable: the loop returns or raises")

    def completed(self, run: str) -> dict[str, Any]:
        """The flow run when it has ended; fails where it did not end well within a minute and a half."""
        end = time.monotonic() + 90
        while time.monotonic() < end:
            found: dict[str, Any] = self.ask(f"flow_runs/{run}")
            if found["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                break
            time.sleep(0.5)
        assert found["state"]["type"] == "COMPLETED", found["state"]
        return found

    def deployments(self, names: set[str]) -> dict[str, Any]:
        """Deployments by name, once all of these are registered."""
        end = time.monotonic() + 30
        found: dict[str, Any] = {}
        while time.monotonic() < end and not names <= found.keys():
            found = {entry["name"]: entry for entry in self.ask("deployments/filter", {})}
            time.sleep(0.5)
        return found

    def environment(self, settings: Settings) -> dict[str, str]:
        """Variables of a command that uses this server and the test's own database."""
        assert settings.mongo_uri
        own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
        return own | {
            "ETL_DATA_DIR": str(settings.data_dir),
            "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
            "ETL_RUN__SOURCES": json.dumps([str(SAMPLES)]),
            "OMP_NUM_THREADS": "1",
            "PREFECT_API_URL": self.url,
            "PREFECT_HOME": str(self.home),
        }


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A Prefect server on a free port, its files in a folder of its own."""
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL", raising=False)
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("DO_NOT_TRACK", "1")
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        with server(load(data_dir=home)) as url:
            yield Prefect(url, home)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`etl serve` as a process, ended as an operator would."""
    command = [sys.executable, "-c", ENTRY, "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            assert "serving" in process.stderr.readline()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def stored(settings: Settings) -> int:
    """How many reports the test's database holds."""
    with connect(settings) as connection:
        return connection.database.reports.count_documents({})


def test_run_shows_in_prefect(prefect: Prefect, settings: Settings) -> None:
    """A run with PREFECT_API_URL set is a completed flow run with tasks and a table of counts, and loads."""
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "run", str(SAMPLES), "--json"],
        env=prefect.environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    counts = json.loads(line)
    (run,) = prefect.ask("flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 1})
    assert prefect.completed(run["id"])["parameters"] == {"job": {"sources": [str(SAMPLES)]}}
    tasks = prefect.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    assert {task["state"]["type"] for task in tasks} == {"COMPLETED"}
    (table,) = prefect.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    assert json.loads(table["data"])[0]["inserted"] == counts["inserted"] == stored(settings)
    assert counts["quarantined"] == 0


def test_serve_runs_every_deployment(prefect: Prefect, settings: Settings) -> None:
    """`etl serve` registers the deployments with their schedules, runs them when asked, ends when told."""
    with serving(prefect.environment(settings)):
        found = prefect.deployments({"every-15-minutes", "nightly"})
        for name in ("every-15-minutes", "nightly"):
            wanted = {"state": {"type": "SCHEDULED"}}
            run = prefect.ask(f"deployments/{found[name]['id']}/create_flow_run", wanted)
            prefect.completed(run["id"])

    crons = {name: entry["schedules"][0]["schedule"]["cron"] for name, entry in found.items()}
    assert crons == {"every-15-minutes": "*/15 * * * *", "nightly": "0 2 * * *"}
    assert stored(settings) == len(list(SAMPLES.iterdir()))


def test_database_address_stays_out_of_prefect(prefect: Prefect, settings: Settings) -> None:
    """A password in the database's address never reaches what Prefect stores."""
    assert settings.mongo_uri
    uri = settings.mongo_uri.get_secret_value().replace("?", "?appName=planted-secret&")
    chosen = settings.model_copy(update={"mongo_uri": SecretStr(uri)})
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "run", str(SAMPLES / "02-page-break.txt")],
        env=prefect.environment(chosen),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    everything = [
        prefect.ask(f"{kind}/filter", {}) for kind in ("flow_runs", "task_runs", "logs", "artifacts")
    ]
    assert "planted-secret" not in json.dumps(everything)
    assert "planted-secret" not in done.stdout + done.stderr
