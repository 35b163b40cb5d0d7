"""Check whether Prefect's scheduler makes runs: every schedule that is on should have some that wait.

Its faults stop nothing else: the server answers, deployments are taken, and nothing ever runs. They show
by missing runs, and in the log of a server that `etl serve` started.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from etl.doctor.cron import CronError, days_until_due
from etl.orchestration.rest import ask

# It looks at deployments that are new within seconds, and at all of them once a minute.
GRACE_SECONDS = 120
# Prefect makes runs no further ahead than 100 days.
HORIZON_DAYS = 90
# A fault of the moment passes; a scheduler that cannot work fails every minute.
FAULTS, FAULTS_SECONDS, SILENCE_SECONDS = 3, 600, 150
TAIL_BYTES = 400_000
STAMPED = re.compile(r"^(\d\d):(\d\d):(\d\d)\.\d+ \| (\w+)\s*\| ([^\n]*)", re.MULTILINE)
CAUSE = re.compile(r"^\w[\w.]*(?:Error|Exception)\b[^\n]*", re.MULTILINE)
MOST_WORDS = 160


def idle_deployments(url: str, deployments: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of deployments with a schedule that is on and no run that waits for its time.

    Raises:
        OSError, ValueError, LookupError: the server gives no usable answer.
    """
    moment = datetime.now(UTC)
    return [str(one["name"]) for one in deployments if _due(one, moment) and not _waiting(url, one, moment)]


def repeated_fault(log: Path) -> str:
    """Return the cause for which the scheduler keeps failing, by a server's log; "" where it does not."""
    found = list(_faults(_tail(log), datetime.now().astimezone()))
    recent = [(age, cause) for age, cause in found if age < FAULTS_SECONDS]
    if len(recent) < FAULTS or min(age for age, _ in recent) > SILENCE_SECONDS:
        return ""
    return next((cause for _, cause in reversed(recent) if cause), "")[:MOST_WORDS]


def _due(deployment: Mapping[str, Any], moment: datetime) -> bool:
    """Check whether a deployment should have a waiting run: it is on, due soon, and not just updated."""
    since = datetime.fromisoformat(str(deployment["updated"]))
    if deployment["paused"] or moment - since < timedelta(seconds=GRACE_SECONDS):
        return False
    schedules = [one["schedule"] for one in deployment["schedules"] if one["active"]]
    return any(_soon(one, moment.date()) for one in schedules)


def _soon(schedule: Mapping[str, Any], today: date) -> bool:
    if not schedule.get("cron"):
        return bool(schedule.get("interval"))  # a rule of iCalendar may have ended
    try:
        days = days_until_due(schedule["cron"], today)
    except CronError:
        return False  # told where the file is looked at
    return days is not None and days < HORIZON_DAYS


def _waiting(url: str, deployment: Mapping[str, Any], moment: datetime) -> bool:
    ahead = {"type": {"any_": ["SCHEDULED"]}}
    asked = {
        "deployments": {"id": {"any_": [deployment["id"]]}},
        "flow_runs": {"state": ahead, "expected_start_time": {"after_": moment.isoformat()}},
    }
    return bool(ask(url, "flow_runs/count", asked))


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _faults(text: str, moment: datetime) -> Iterator[tuple[float, str]]:
    """Yield age in seconds and cause of each error about schedules in a log, whose lines have no date."""
    lines = list(STAMPED.finditer(text))
    ends = [*(line.start() for line in lines), len(text)][1:]
    for line, end in zip(lines, ends, strict=True):
        if line[4] in ("ERROR", "CRITICAL") and "schedul" in line[5].lower():
            hour, minute, second = (int(line[n]) for n in (1, 2, 3))
            at = moment.replace(hour=hour, minute=minute, second=second, microsecond=0)
            causes = CAUSE.findall(text, line.end(), end)
            yield (moment - at).total_seconds() % 86_400, causes[-1] if causes else line[5]
