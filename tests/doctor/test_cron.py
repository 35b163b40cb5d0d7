"""When a schedule comes due, in days; what Prefect reads and this does not is no fault."""

from datetime import date

import pytest

from etl.doctor.cron import CronError, days_until_due

TODAY = date(2021, 2, 28)  # a Sunday


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 2 * * *", 0),
        ("0 2 * * mon-fri", 1),
        ("30 1 1 * *", 1),
        ("0 0 * * 7", 0),
        ("5,10 3-9/2 1 jan,mar *", 1),
        ("0 2 3 * 2", 2),  # where both days are given, either of them
        ("0 0 * * 5#2", 12),
        ("0 0 L * *", 0),
        ("7 4 29 2 *", 1096),
    ],
)
def test_days_until_due(expression: str, days: int) -> None:
    """The next day that fits counts, today included, whatever its hour."""
    assert days_until_due(expression, TODAY) == days


@pytest.mark.parametrize("expression", ["@daily", "0 2 ? * *", "0 2 * * * 30"])
def test_what_cannot_be_told(expression: str) -> None:
    """An expression that Prefect may read another way is left to it."""
    assert days_until_due(expression, TODAY) is None


@pytest.mark.parametrize("expression", ["0 2 31 2 *", "0 25 * * *", "0 2 * 13 *", "*/0 * * * *", "words"])
def test_what_never_comes_due(expression: str) -> None:
    """A date that no year has, or a number that no clock has, is told as such."""
    with pytest.raises(CronError):
        days_until_due(expression, TODAY)
