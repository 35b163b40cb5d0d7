"""Give moments as the database keeps them: UTC, to the millisecond."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
