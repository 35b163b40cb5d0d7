"""Read the clock as the database keeps time: UTC, to the millisecond."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present time in UTC, cut to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
