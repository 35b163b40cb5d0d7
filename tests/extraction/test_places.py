from collections.abc import Callable
from typing import Any

from etl.model.mentions import Extraction, Place

TABLE = "places.toml"


def test_places_are_divisions_where_the_report_says_which(
    case: dict[str, Any], found: Callable[..., Extraction]
) -> None:
    """Every place of the table has the code and chain that its report decides, and one key for its names."""
    places = [e for e in found(case["text"]).entities if isinstance(e, Place)]

    assert [[p.text, p.key, p.code or "", p.chain or ""] for p in places] == case["found"]
