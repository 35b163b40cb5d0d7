from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.prefect_api import ask
from tests.flows.machine import free_port, until
from tests.monitor.conftest import Monitor

from etl.doctor import remedies, schedule, scheduler
from etl.doctor.finding import Finding
from etl.monitor import answering
from etl.settings import Settings, load

NAMES = schedule._wanted()


def found(settings: Settings) -> dict[str, Finding]:
    """Findings by the name of their check."""
    return {finding.check: finding for finding in schedule.examine(settings)}


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Prefect server that is named and silent is a problem; none that is named is said."""
    monkeypatch.setattr(schedule, "USUAL_PORT", 9)
    monkeypatch.setattr(remedies, "runs_in_compose", lambda: False)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    named = found(load(data_dir=tmp_path))["schedule"]
    monkeypatch.delenv("PREFECT_API_URL")

    assert (named.state, named.mend) == (
        "problem",
        "prefect server start --host 127.0.0.1 --port 9 --background",
    )
    assert found(load(data_dir=tmp_path))["schedule"].state == "unknown"


def deploy(url: str, name: str, *, paused: bool) -> dict[str, Any]:
    """A deployment as the server keeps it; deploying again changes it."""
    flow = ask(url, "flows/", {"name": "flow"})
    body = {"flow_id": flow["id"], "name": name, "paused": paused}
    made: dict[str, Any] = ask(url, "deployments/", body)
    return made


def scheduled(url: str, name: str) -> None:
    """A deployment that is due every hour, made anew."""
    for entry in ask(url, "deployments/filter", {"deployments": {"name": {"any_": [name]}}}):
        ask(url, f"deployments/{entry['id']}", method="DELETE")
    flow = ask(url, "flows/", {"name": "flow"})
    hourly = {"schedule": {"cron": "0 * * * *", "timezone": "Asia/Shanghai"}, "active": True}
    ask(url, "deployments/", {"flow_id": flow["id"], "name": name, "schedules": [hourly]})


def clear(url: str) -> None:
    """Take away what other tests have deployed on this server."""
    for entry in ask(url, "deployments/filter", {}):
        ask(url, f"deployments/{entry['id']}", method="DELETE")


@pytest.mark.server
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("prefect")
def test_schedule_that_does_not_fire(
    prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deployments that are missing or paused, and runs that nobody takes, are problems; each in its turn."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    settings = load(data_dir=tmp_path)
    clear(prefect_api)
    missing = found(settings)
    for name in NAMES:
        deploy(prefect_api, name, paused=True)
    paused = found(settings)
    served = [deploy(prefect_api, name, paused=False) for name in NAMES]
    well = found(settings)
    due = datetime.now(UTC) - timedelta(seconds=settings.watch.late_seconds + 60)
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
    ask(prefect_api, f"deployments/{served[0]['id']}/create_flow_run", {"state": state})
    late = found(settings)

    assert (missing["deployments"].state, missing["deployments"].mend) == ("problem", "etl serve")
    assert "are paused" in paused["deployments"].found
    assert {one.state for one in well.values()} == {"ok"}
    assert (late["schedule"].state, late["schedule"].mend) == ("problem", "etl serve")
    assert f"1 runs of {NAMES[0]} are waiting since {due:%Y-%m-%dT%H:%M} UTC" in late["schedule"].found


@pytest.mark.server
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("prefect")
def test_scheduler_that_makes_no_runs(
    prefect_api: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule that is on and has no run ahead is a problem here and in /health, until there is one."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    monkeypatch.setattr(scheduler, "GRACE_SECONDS", -60)
    clear(prefect_api)
    name, monitor = NAMES[0], Monitor(free_port())

    def idle() -> tuple[Finding, tuple[int, dict[str, Any]]] | None:
        """What is seen before the scheduler, which looks every few seconds, has seen the deployment."""
        scheduled(prefect_api, name)
        health, finding = monitor.health(), found(settings)["scheduler"]
        return (finding, health) if finding.state == "problem" and health[0] != 200 else None

    with answering(settings, monitor.port, lambda _: None):
        finding, (status, told) = until(idle, 1000, "a look before the scheduler's")
        assert finding.found == f"Prefect's scheduler makes no run of {name}"
        assert (status, told["schedule"]) == (503, {"state": "problem", "message": finding.found})
        until(lambda: found(settings)["scheduler"].state == "ok", 1000, "the scheduler", 1.0)
        assert monitor.health()[0] == 200


LOG = """
{0} | ERROR   | docket.dependencies - ↩ [    58ms] schedule_recent_deployments(){{}}
Traceback (most recent call last):
  File "scheduler.py", line 283, in _insert_scheduled_flow_runs
sqlalchemy.exc.InvalidRequestError: Can't evaluate bulk DML statement; please supply a function
{0} | ERROR   | prefect.server.services.telemetry - Failed to send telemetry
"""
CAUSE = "sqlalchemy.exc.InvalidRequestError: Can't evaluate bulk DML statement; please supply a function"


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ((200, 130, 70, 10), CAUSE),
        ((70, 10), ""),
        ((1900, 1800, 1700, 1600), ""),
        ((500, 400, 300), ""),
        ((), ""),
    ],
    ids=["every minute", "twice", "long ago", "mended since", "never"],
)
def test_errors_of_the_scheduler(tmp_path: Path, ages: tuple[int, ...], said: str) -> None:
    """A server whose scheduler fails every minute is told with the cause; what passed is not."""
    now = datetime.now().astimezone()
    times = [(now - timedelta(seconds=age)).strftime("%H:%M:%S.000") for age in ages]
    log = tmp_path / "server.log"
    log.write_text("".join(LOG.format(time) for time in times), encoding="utf-8")

    assert scheduler.repeated_fault(log) == said
    assert scheduler.repeated_fault(tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("named", "right"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api"),
        ("https://me:secret@prefect.example/", "https://prefect.example/api"),
        ("prefect:4200/api", "http://127.0.0.1:4200/api"),
    ],
)
def test_address_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, right: str
) -> None:
    """An address of Prefect without /api or without http:// is a problem, and the right one is named."""
    monkeypatch.setenv("PREFECT_API_URL", named)
    one = found(load(data_dir=tmp_path))["schedule"]

    assert (one.state, one.mend) == ("problem", f"export PREFECT_API_URL={right}")
    assert "secret" not in one.found
