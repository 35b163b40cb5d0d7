"""Compute when a cron expression next comes due, by cronsim, as far as it reads what Prefect reads."""

from datetime import date, datetime, time, timedelta

from cronsim import CronSim, CronSimError

FIELDS = 5
# What Prefect reads and cronsim does not: a name for an expression, a field that says nothing.
OTHER_SIGNS = frozenset("@?")


class CronError(ValueError):
    """A cron expression that never comes due."""


def days_until_due(expression: str, today: date) -> int | None:
    """Return the days until an expression comes due, 0 for today; None where cronsim cannot tell.

    Raises:
        CronError: the expression never comes due.

    >>> days_until_due("0 2 * * *", date(2020, 2, 3))
    0
    >>> days_until_due("7 4 29 2 *", date(2021, 2, 28))
    1096
    """
    if len(expression.split()) > FIELDS or OTHER_SIGNS & set(expression):
        return None
    before = datetime.combine(today, time.min) - timedelta(seconds=1)
    try:
        due = next(CronSim(expression, before))
    except (CronSimError, StopIteration) as error:
        raise CronError(str(error).lower() or "no day fits") from error
    return (due.date() - today).days
