"""Check what should run on a schedule: Prefect's server, its deployments, runs that no worker takes.

A new check is a function in `CHECKS`.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from etl.doctor import remedies, scheduler
from etl.doctor.finding import Finding, ok, problem, unknown
from etl.logins import without_login
from etl.model.errors import SetupError
from etl.orchestration.deployment_file import list_deployments
from etl.orchestration.rest import TIMEOUT_SECONDS, ask
from etl.orchestration.server import HOST, USUAL_PORT, is_healthy
from etl.settings import Settings, prefect_url

MOST_LATE = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """The deployments that Prefect's server has, by name, and the names of those that it should have."""

    url: str
    wanted: tuple[str, ...]
    there: Mapping[str, Mapping[str, Any]]


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings of all checks; a single finding where no server answers."""
    named = prefect_url()
    url = named or f"http://{HOST}:{USUAL_PORT}/api"
    wrong = _wrong(named) or (None if is_healthy(url, TIMEOUT_SECONDS) else _silent(named))
    if wrong:
        yield wrong
        return
    try:
        plan = read_plan(url, settings)
        for check in CHECKS:
            yield check(plan, settings)
    except (OSError, ValueError, LookupError, SetupError) as error:
        yield unknown("schedule", f"Prefect's server at {url} did not say: {type(error).__name__}: {error}")


def read_plan(url: str, settings: Settings) -> Plan:
    """Read the deployments of the server at this address.

    Raises:
        OSError, ValueError, LookupError: the server gives no usable answer.
        SetupError: config/prefect.yaml cannot be read.
    """
    there = {d["name"]: d for d in ask(url, "deployments/filter", {})}
    return Plan(url, _wanted(settings.config_dir), there)


def check_deployments(plan: Plan, settings: Settings) -> Finding:
    """Check whether every deployment with a schedule is on the server and not paused."""
    del settings
    missing = [name for name in plan.wanted if name not in plan.there]
    if missing:
        found = f"{', '.join(missing)} of config/prefect.yaml are not served"
        return problem("deployments", found, "etl serve")
    paused = [name for name in plan.wanted if plan.there[name]["paused"]]
    if paused:
        return problem("deployments", f"{', '.join(paused)} are paused: nobody serves them", "etl serve")
    return ok("deployments", f"{', '.join(plan.wanted)} are served by {plan.url}")


def check_late_runs(plan: Plan, settings: Settings) -> Finding:
    """Check whether no scheduled run is overdue by more than `watch.late_seconds`."""
    moment = datetime.now(UTC) - timedelta(seconds=settings.watch.late_seconds)
    ids = {plan.there[name]["id"]: name for name in plan.wanted if name in plan.there}
    late = overdue_runs(plan.url, list(ids), moment) if ids else []
    if late:
        names = sorted({ids[run["deployment_id"]] for run in late})
        since = min(str(run["expected_start_time"]) for run in late)[:16]
        found = f"{len(late)} runs of {', '.join(names)} are waiting since {since} UTC and nobody takes them"
        return problem("schedule", found, "etl serve")
    return ok("schedule", f"no run is more than {settings.watch.late_seconds:.0f} s late")


def check_scheduler(plan: Plan, settings: Settings) -> Finding:
    """Check whether Prefect's scheduler makes runs for the deployments that are served."""
    log = find_server_log(settings, plan.url)
    why = scheduler.repeated_fault(log) if log else ""
    idle = scheduler.idle_deployments(
        plan.url, [plan.there[name] for name in plan.wanted if name in plan.there]
    )
    if not (why or idle):
        return ok("scheduler", "every schedule that is on has runs that wait for their time")
    found = f"Prefect's scheduler makes no run of {', '.join(idle)}" if idle else "Prefect's scheduler fails"
    mend = f"tail -n 60 {shlex.quote(str(log))}" if why else remedies.restart_prefect()
    return problem("scheduler", f"{found}{f': {why}' if why else ''}", mend)


CHECKS = (check_deployments, check_late_runs, check_scheduler)


def find_server_log(settings: Settings, url: str) -> Path | None:
    """Return the log of the Prefect server that `etl serve` started on this machine; None for another."""
    path = settings.data_dir / "prefect" / "server.log"
    return path.absolute() if urlsplit(url).hostname == HOST and path.is_file() else None


def overdue_runs(url: str, deployments: Sequence[str], moment: datetime) -> list[dict[str, Any]]:
    """Return runs of these deployments that were due before ``moment`` and did not begin, oldest first."""
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


def _wrong(named: str | None) -> Finding | None:
    """Return the finding of a wrong PREFECT_API_URL: without /api, web pages answer any request with 200."""
    if named is None or (named.startswith(("http://", "https://")) and named.rstrip("/").endswith("/api")):
        return None
    right = f"{named.rstrip('/')}/api" if "://" in named else f"http://{HOST}:{USUAL_PORT}/api"
    found = f"PREFECT_API_URL is {_shown(named)}; it must begin with http:// and end with /api"
    return problem(
        "schedule", found, f"export PREFECT_API_URL={shlex.quote(_shown(right).replace('***@', ''))}"
    )


def _shown(address: str) -> str:
    """Return an address without its login, also where it lacks its scheme."""
    return without_login(address) if "://" in address else without_login(f"://{address}").removeprefix("://")


def _silent(named: str | None) -> Finding:
    if named:
        found = f"no Prefect server answers at {_shown(named)} (PREFECT_API_URL)"
        return problem("schedule", found, remedies.start_prefect(named))
    found = f"PREFECT_API_URL names no Prefect server and none answers at port {USUAL_PORT}"
    return unknown("schedule", found)


def _wanted(own: Path | None = None) -> tuple[str, ...]:
    """Return the names of deployments with a schedule, of config/prefect.yaml with one's own over it."""
    return tuple(entry["name"] for entry in list_deployments(own) if entry.get("schedules"))
