from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.prefect_api import ask

from etl.doctor import schedule
from etl.doctor.finding import Finding
from etl.settings import Settings, load

NAMES = schedule._wanted()


def found(settings: Settings) -> dict[str, Finding]:
    """Findings by the name of their check."""
    return {finding.check: finding for finding in schedule.examine(settings)}


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Prefect server that is named and silent is a problem; none that is named is said."""
    monkeypatch.setattr(schedule, "USUAL_PORT", 9)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    named = found(load(data_dir=tmp_path))["schedule"]
    monkeypatch.delenv("PREFECT_API_URL")

    assert (named.state, named.mend) == ("problem", "docker compose up --detach prefect")
    assert found(load(data_dir=tmp_path))["schedule"].state == "unknown"


def deploy(url: str, name: str, *, paused: bool) -> dict[str, Any]:
    """A deployment as the server keeps it; deploying again changes it."""
    flow = ask(url, "flows/", {"name": "flow"})
    body = {"flow_id": flow["id"], "name": name, "paused": paused}
    made: dict[str, Any] = ask(url, "deployments/", body)
    return made


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
