"""`etl run` with a Prefect server named in the environment."""

import json
import subprocess
import sys

import pytest
from pydantic import SecretStr
from tests.flows.machine import Prefect, environment
from tests.flows.story import SAMPLES

from etl.settings import Settings
from etl.store.driver.connection import connect

# The server of `etl serve`'s tests; that of the story has enough to do.
pytestmark = [
    pytest.mark.server,
    pytest.mark.mongo,
    pytest.mark.timeout(3600),
    pytest.mark.xdist_group("prefect"),
]


@pytest.fixture
def server(prefect_api: str) -> Prefect:
    """A Prefect server that may know runs and plans of other tests."""
    return Prefect(prefect_api, database="")


ENTRY = "from etl.cli import main; main()"


def run(server: Prefect, settings: Settings, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`etl run` with this server and the test's own database."""
    assert settings.mongo_uri
    variables = {
        "ETL_DATA_DIR": str(settings.data_dir),
        "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "PREFECT_API_URL": server.url,
        "PREFECT_HOME": str(settings.data_dir),
    }
    return subprocess.run(
        [sys.executable, "-c", ENTRY, "run", *arguments],
        env=environment(variables),
        capture_output=True,
        text=True,
        check=False,
    )


def stored(settings: Settings) -> int:
    """How many reports the test's database holds."""
    with connect(settings) as connection:
        return connection.database.reports.count_documents({})


def test_run_shows_in_prefect(server: Prefect, settings: Settings) -> None:
    """A run with PREFECT_API_URL set is a completed flow run with tasks and a table of counts, and loads."""
    done = run(server, settings, str(SAMPLES), "--json")

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    counts = json.loads(line)
    completed = {"state": {"type": {"any_": ["COMPLETED"]}}}
    asked = {"flow_runs": completed, "sort": "END_TIME_DESC", "limit": 1}
    (shown,) = server.ask("flow_runs/filter", asked)
    assert shown["parameters"] == {"job": {"sources": [str(SAMPLES)]}}
    tasks = server.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [shown["id"]]}}})
    assert {task["state"]["type"] for task in tasks} == {"COMPLETED"}
    (row,) = server.artifacts(shown["id"])["counts"]
    assert row["inserted"] == counts["inserted"] == stored(settings)
    assert row["quarantined"] == counts["quarantined"] == 0
    assert row["characters a second"] > 0


def test_database_address_stays_out_of_prefect(server: Prefect, settings: Settings) -> None:
    """A password in the database's address never reaches what Prefect stores."""
    assert settings.mongo_uri
    uri = settings.mongo_uri.get_secret_value().replace("?", "?appName=planted-secret&")
    done = run(
        server,
        settings.model_copy(update={"mongo_uri": SecretStr(uri)}),
        str(SAMPLES / "02-page-break.txt"),
    )

    assert done.returncode == 0, done.stderr
    everything = [
        server.ask(f"{kind}/filter", {}) for kind in ("flow_runs", "task_runs", "logs", "artifacts")
    ]
    assert "planted-secret" not in json.dumps(everything)
    assert "planted-secret" not in done.stdout + done.stderr
