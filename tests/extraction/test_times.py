from collections.abc import Callable
from datetime import date
from typing import Any

from etl.model.mentions import Extraction, Time

TABLE = "times.toml"


def test_times_are_resolved_against_the_day_of_publication(
    case: dict[str, Any], found: Callable[..., Extraction]
) -> None:
    """Every time of the table is found whole with its days, unresolved where there is no anchor."""
    anchor = date.fromisoformat(case["published_on"]) if case["published_on"] else None
    times = [e for e in found(case["text"], anchor).entities if isinstance(e, Time)]

    assert [[t.text, t.start_date or "", t.end_date or ""] for t in times] == case["found"]
