"""Find what is wrong with the form of a deployment, as written in prefect.yaml: names, kinds, when it runs.

A key that deployments may have is a word in `KEYS`, one of their schedules a word in `SCHEDULE_KEYS`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What `etl serve` reads; `work_pool` is read by `prefect deploy` alone.
KEYS = (
    "name",
    "description",
    "entrypoint",
    "tags",
    "work_pool",
    "concurrency_limit",
    "schedules",
    "parameters",
)
# The first three say when, one of them each.
WHEN = ("cron", "interval", "rrule")
SCHEDULE_KEYS = (*WHEN, "timezone", "anchor_date", "day_or", "active", "parameters", "slug")
KINDS = {"tags": list, "schedules": list, "parameters": Mapping, "concurrency_limit": Mapping}
WORDS: Mapping[type, str] = {list: "list", Mapping: "table"}
FREQUENCY = re.compile(r"(?:^|[:;\s])FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY|SECONDLY)(?:;|\s|$)")


def find_faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield faults of a deployment's form, each as the text to look for in its file and a sentence."""
    yield from _unknown(entry, KEYS, "a deployment")
    for name, kind in KINDS.items():
        value = entry.get(name)
        if value is not None and not isinstance(value, kind):
            yield f"{name}:", f"{name} is {value!r}, which is no {WORDS[kind]}"
    schedules = entry.get("schedules")
    for schedule in schedules if isinstance(schedules, list) else ():
        yield from _of_schedule(schedule)


def _of_schedule(schedule: object) -> Iterator[tuple[str, str]]:
    if not isinstance(schedule, Mapping):
        yield str(schedule), f"schedule {schedule!r} is no table"
        return
    unknown = list(_unknown(schedule, SCHEDULE_KEYS, "a schedule"))
    yield from unknown
    given = [name for name in WHEN if schedule.get(name) is not None]
    if len(given) > 1 or not (given or unknown):
        there = str(next(iter(schedule), "schedules:"))
        yield there, f"a schedule has {' and '.join(given) or 'no time'}; it needs one of {', '.join(WHEN)}"
    if "rrule" in given and not FREQUENCY.search(str(schedule["rrule"])):
        yield str(schedule["rrule"]), f"rrule {schedule['rrule']!r} has no FREQ, such as FREQ=DAILY"


def _unknown(entry: Mapping[str, Any], known: tuple[str, ...], what: str) -> Iterator[tuple[str, str]]:
    for name in entry:
        if name not in known:
            yield f"{name}:", f"{name} is no key of {what}; there are {', '.join(known)}"
