"""`etl serve` as an operator starts it, once for all tests here: its schedules, its metrics, its log.

No test asks for a run: Prefect's scheduler makes each that is seen here.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from tests.doctor.prefect_api import ask
from tests.flows.machine import free_port, until
from tests.monitor.conftest import Monitor

from etl.settings import Settings, config_dir, load
from etl.wiring import open_store

pytestmark = [
    pytest.mark.server,
    pytest.mark.mongo,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("prefect"),
]

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
# What the setting names is loaded by threads, what the second deployment names by processes.
SCHEDULED = {"threads": "02-page-break.txt", "processes": "05-hard-wrapped.txt"}
# A schedule is due this often until it has fired, and then no more while the test lasts.
EVERY_SECONDS = 10
LATER_SECONDS = 86_400
PATIENCE = 600.0


@dataclass
class Served:
    """What was seen of one `etl serve`."""

    planned: dict[str, int]
    runs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    metrics: dict[tuple[str, ...], float] = field(default_factory=dict)
    health: tuple[int, dict[str, Any]] = (0, {})
    lines: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def home(mongo_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a database of this module."""
    address = SecretStr(mongo_uri.replace("/?", "/served?"))
    return load(mongo_uri=address, data_dir=tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def served(prefect_api: str, home: Settings) -> Served:
    """Serve until the scheduler's runs of both deployments have ended."""
    for entry in ask(prefect_api, "deployments/filter", {}):
        ask(prefect_api, f"deployments/{entry['id']}", method="DELETE")
    monitor = Monitor(free_port())
    with serving(home, prefect_api, monitor):
        seen = Served(until(partial(planned, prefect_api), PATIENCE, "runs of every schedule", 1.0))
        named = [str(SAMPLES / SCHEDULED["processes"])]
        fire_once(prefect_api, "every-15-minutes", {"sources": []})
        fire_once(prefect_api, "on-demand", {"sources": named, "runner": "processes", "workers": 1})
        for runner, name in (("threads", "every-15-minutes"), ("processes", "on-demand")):
            done = partial(found_as, prefect_api, name, "COMPLETED")
            seen.runs[runner] = until(done, PATIENCE, f"a scheduled run of {name}", 1.0)
        seen.health = until(partial(well, monitor), PATIENCE, "a health check that sees the schedules", 1.0)
        seen.metrics = monitor.metrics()
    log = (home.data_dir / "log").read_text(encoding="utf-8")
    # Warnings of Python itself, which Prefect's start brings about, are no log.
    seen.lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return seen


@contextmanager
def serving(settings: Settings, url: str, monitor: Monitor) -> Iterator[None]:
    """`etl serve` with this database and this Prefect server, its words in the file ``log``."""
    command = [sys.executable, "-c", "from etl.cli import main; main()", "serve"]
    command += ["--metrics-port", str(monitor.port)]
    with (
        (settings.data_dir / "log").open("wb") as words,
        subprocess.Popen(command, env=environment(settings, url), stderr=words) as process,
    ):
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(300)


def environment(settings: Settings, url: str) -> dict[str, str]:
    """Variables of `etl serve`."""
    assert settings.mongo_uri
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    return own | {
        "ETL_DATA_DIR": str(settings.data_dir),
        "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "ETL_RUN__SOURCES": json.dumps([str(SAMPLES / SCHEDULED["threads"])]),
        "ETL_LOG__JSON": "true",
        "ETL_LOG__LEVEL": "INFO",
        "OMP_NUM_THREADS": "1",
        "PREFECT_API_URL": url,
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    }


def found(url: str, deployment: str, **filters: object) -> list[dict[str, Any]]:
    """Runs of a deployment."""
    asked = {"deployments": {"name": {"any_": [deployment]}}, "flow_runs": filters, "limit": 50}
    runs: list[dict[str, Any]] = ask(url, "flow_runs/filter", asked)
    return runs


def wanted() -> list[str]:
    """Deployments of config/prefect.yaml that have a schedule."""
    entries = yaml.safe_load((config_dir() / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return [entry["name"] for entry in entries if entry.get("schedules")]


def planned(url: str) -> dict[str, int]:
    """How many runs the scheduler has made of each schedule, once it has made some of all."""
    numbers = {name: sum(run["auto_scheduled"] for run in found(url, name)) for name in wanted()}
    return numbers if all(numbers.values()) else {}


def fire_once(url: str, name: str, job: Mapping[str, object]) -> None:
    """Let a deployment be due every few seconds, until the scheduler has made a run that begins."""
    every(url, name, EVERY_SECONDS, job)
    begun = partial(found_as, url, name, "PENDING", "RUNNING", "COMPLETED")
    until(begun, PATIENCE, f"a scheduled run of {name} that begins", 1.0)
    every(url, name, LATER_SECONDS, job)


def every(url: str, name: str, seconds: int, job: Mapping[str, object]) -> None:
    """Let a deployment be due that often, instead of when config/prefect.yaml says."""
    asked = {"deployments": {"name": {"any_": [name]}}}
    # The last one may be registered after the others have their runs.
    (entry,) = until(partial(ask, url, "deployments/filter", asked), PATIENCE, f"the deployment {name}")
    when = {"schedule": {"interval": seconds}, "slug": "often", "active": True}
    schedule = when | {"parameters": {"job": job}}
    ask(url, f"deployments/{entry['id']}", {"schedules": [schedule]}, "PATCH")


def well(monitor: Monitor) -> tuple[int, dict[str, Any]] | None:
    """What /health says, once Prefect's busy server has answered it in time."""
    status, told = monitor.health()
    return None if told.get("schedule", {}).get("state") == "unknown" else (status, told)


def found_as(url: str, name: str, *states: str) -> Mapping[str, Any] | None:
    """A run of a deployment that is in one of these states."""
    return next(iter(found(url, name, state={"type": {"any_": states}})), None)


def test_every_schedule_is_planned(served: Served) -> None:
    """As soon as it is served, each schedule of config/prefect.yaml has runs that wait for their time."""
    assert sorted(served.planned) == ["every-15-minutes", "nightly", "weekly"]


@pytest.mark.parametrize("runner", SCHEDULED)
def test_schedule_fires(served: Served, home: Settings, runner: str) -> None:
    """A run that only the scheduler asked for loads its report, by threads and by a pool of processes."""
    run = served.runs[runner]
    assert run["auto_scheduled"] is True
    assert run["created_by"]["type"] == "SCHEDULE"
    with open_store(home) as store:
        uris = [report.source.uri for report in store.reports()]
    assert [uri for uri in uris if uri.endswith(SCHEDULED[runner])], uris


def test_serve_is_watched(served: Served) -> None:
    """What flows load in processes of their own shows in the metrics of their `etl serve`."""
    status, told = served.health
    assert (status, told["schedule"]["state"], told["last_run"]["kind"]) == (200, "ok", "ingest"), told
    assert served.metrics["etl_runs_total", "ingest", "done"] >= 2
    assert served.metrics["etl_reports_total", "inserted"] == served.metrics["etl_stored_reports",] == 2
    assert served.metrics["etl_stage_seconds_total", "extract"] > 0


def test_flows_log_as_the_rest(served: Served, home: Settings) -> None:
    """The log of `etl serve` holds the lines of each run that it started, as JSON with the run's id."""
    with open_store(home) as store:
        run = store.runs()[-1]
    said = [line["message"].partition(": ")[0] for line in served.lines if line.get("run") == run.id]
    assert (said[0], said[1], said[-1][:11]) == ("ingest begins", "batch", "done after ")
