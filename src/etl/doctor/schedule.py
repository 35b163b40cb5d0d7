"""Whether what should run on its own does: a server of Prefect, its deployments, runs that nobody takes.

Asked over Prefect's REST interface, because importing Prefect takes longer than a check may. A new check is
a function in `CHECKS`.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from etl.doctor.finding import Finding, ok, problem, unknown
from etl.errors import SetupError
from etl.orchestrate import HOST, USUAL_PORT, healthy
from etl.schedules import entries
from etl.settings import Settings, prefect_url

TIMEOUT_SECONDS = 1.5
MOST_LATE = 200
# A busy server on SQLite asks to be asked again.
PAUSES = (0.2, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Plan:
    """What Prefect's server knows: deployments by name, and the names of those that should be there."""

    url: str
    wanted: tuple[str, ...]
    there: Mapping[str, Mapping[str, Any]]


def examine(settings: Settings) -> Iterator[Finding]:
    """What each check finds; one finding alone where no server answers."""
    named = prefect_url()
    url = named or f"http://{HOST}:{USUAL_PORT}/api"
    if not healthy(url, TIMEOUT_SECONDS):
        yield _silent(named)
        return
    try:
        plan = Plan(
            url, _wanted(settings.config_dir), {d["name"]: d for d in ask(url, "deployments/filter", {})}
        )
        for check in CHECKS:
            yield check(plan, settings)
    except (OSError, ValueError, LookupError, SetupError) as error:
        yield unknown("schedule", f"Prefect's server at {url} did not say: {type(error).__name__}: {error}")


def deployed(plan: Plan, settings: Settings) -> Finding:
    """Whether every deployment with a schedule is known to the server and not paused."""
    del settings
    missing = [name for name in plan.wanted if name not in plan.there]
    if missing:
        found = f"{', '.join(missing)} of config/prefect.yaml are not served"
        return problem("deployments", found, "etl serve")
    paused = [name for name in plan.wanted if plan.there[name]["paused"]]
    if paused:
        return problem("deployments", f"{', '.join(paused)} are paused: nobody serves them", "etl serve")
    return ok("deployments", f"{', '.join(plan.wanted)} are served by {plan.url}")


def fires(plan: Plan, settings: Settings) -> Finding:
    """Whether runs begin when they are due."""
    moment = datetime.now(UTC) - timedelta(seconds=settings.watch.late_seconds)
    ids = {plan.there[name]["id"]: name for name in plan.wanted if name in plan.there}
    late = overdue(plan.url, list(ids), moment) if ids else []
    if late:
        names = sorted({ids[run["deployment_id"]] for run in late})
        since = min(str(run["expected_start_time"]) for run in late)[:16]
        found = f"{len(late)} runs of {', '.join(names)} are waiting since {since} UTC and nobody takes them"
        return problem("schedule", found, "etl serve")
    return ok("schedule", f"no run is more than {settings.watch.late_seconds:.0f} s late")


CHECKS = (deployed, fires)


def overdue(url: str, deployments: Sequence[str], moment: datetime) -> list[dict[str, Any]]:
    """Runs of these deployments that should have begun before ``moment`` and did not, oldest first."""
    waiting = {
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"before_": moment.isoformat()},
    }
    asked = {
        "deployments": {"id": {"any_": list(deployments)}},
        "flow_runs": waiting,
        "sort": "EXPECTED_START_TIME_ASC",
        "limit": MOST_LATE,
    }
    found: list[dict[str, Any]] = ask(url, "flow_runs/filter", asked)
    return found


def ask(url: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
    """What Prefect's server answers.

    Raises:
        OSError, ValueError: it does not, or not with JSON.
    """
    request = urllib.request.Request(  # noqa: S310 - an address of the operator's
        f"{url.rstrip('/')}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    for pause in PAUSES:
        try:
            return _answer(request)
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(pause)
    return _answer(request)


def _answer(request: urllib.request.Request) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
        return json.load(answer)


def _silent(named: str | None) -> Finding:
    if named:
        found = f"no Prefect server answers at {named} (PREFECT_API_URL)"
        return problem("schedule", found, "docker compose up --detach prefect")
    found = f"PREFECT_API_URL names no Prefect server and none answers at port {USUAL_PORT}"
    return unknown("schedule", found)


def _wanted(own: Path | None = None) -> tuple[str, ...]:
    """Deployments that have a schedule, as config/prefect.yaml and one's own name them."""
    return tuple(entry["name"] for entry in entries(own) if entry.get("schedules"))
