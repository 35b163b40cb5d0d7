from collections.abc import Callable
from typing import Any

from etl.model.mentions import Extraction, Quantity

TABLE = "quantities.toml"


def test_quantities_have_unit_and_thing(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """Every counted or measured amount of the table is found with its unit and its thing, and no other."""
    amounts = [e for e in found(case["text"]).entities if isinstance(e, Quantity)]

    assert [[q.text, q.value, q.unit, q.thing or ""] for q in amounts] == case["found"]
