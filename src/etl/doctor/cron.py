"""When a cron expression comes due next, without a library that takes seconds to import.

Only days are counted: a time of day comes every day. Of signs that Prefect knows and this does not (``L``,
``#``, six fields) nothing is said.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count, takewhile

# Eight years: 29 February may be that far off.
MOST_DAYS = 8 * 366
NAMES: Mapping[str, int] = {
    name: number
    for words, first in (
        ("jan feb mar apr may jun jul aug sep oct nov dec", 1),
        ("sun mon tue wed thu fri sat", 0),
    )
    for number, name in enumerate(words.split(), first)
}
# Least and greatest value of each field, and its name.
FIELDS = ((0, 59, "minute"), (0, 23, "hour"), (1, 31, "day"), (1, 12, "month"), (0, 7, "weekday"))
PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")
SUNDAY = 7


class CronError(ValueError):
    """An expression that no moment fits."""


def days_until_due(expression: str, today: date) -> int | None:
    """Days until it comes due, today included; None where this cannot tell.

    Raises:
        CronError: it never does.

    >>> days_until_due("0 2 * * *", date(2020, 2, 3))
    0
    >>> days_until_due("7 4 29 2 *", date(2021, 2, 28))
    1096
    """
    fields = expression.split()
    if len(fields) != len(FIELDS) or not all(PART.fullmatch(p) for f in fields for p in f.split(",")):
        return None
    values = [_values(text, *bounds) for text, bounds in zip(fields, FIELDS, strict=True)]
    if None in values:
        return None
    _, _, days, months, weekdays = (found or frozenset() for found in values)
    either = "*" not in fields[2][:1] + fields[4][:1]
    later = (today + timedelta(days=n) for n in count())
    for n, day in enumerate(takewhile(lambda day: (day - today).days <= MOST_DAYS, later)):
        fits = (day.day in days, day.isoweekday() % 7 in weekdays)
        if day.month in months and (any(fits) if either else all(fits)):
            return n
    raise CronError(f"no day has the date that {expression!r} asks for")


def _values(text: str, least: int, most: int, name: str) -> frozenset[int] | None:
    """The numbers that a field allows; None where it has words that this does not know."""
    out: set[int] = set()
    for part in text.split(","):
        found = PART.fullmatch(part)
        assert found  # noqa: S101 - asked for above
        ends = [_number(found[one]) for one in ("first", "last") if found[one]]
        if None in ends:
            return None
        known = [one for one in ends if one is not None]
        step = int(found["step"] or 1)
        if any(not least <= one <= most for one in known) or step == 0:
            raise CronError(f"{part!r} is no {name}: those go from {least} to {most}")
        first = known[0] if known else least
        last = known[-1] if len(known) > 1 or (known and not found["step"]) else most
        out.update(range(first, last + 1, step))
    return frozenset(one % 7 for one in out) if most == SUNDAY else frozenset(out)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else NAMES.get(word.lower())
