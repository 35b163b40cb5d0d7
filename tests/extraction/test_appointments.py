from collections.abc import Callable
from typing import Any

from etl.model.mentions import Extraction

TABLE = "appointments.toml"


def test_appointments_are_found(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """Who takes up or leaves which office where is read from a pattern that has no code of its own."""
    facts = [fact.fields for fact in found(case["text"]).facts if fact.type == "appointment"]

    assert [[f["person"], f["action"], f["body"] or "", f["post"]] for f in facts] == case["found"]
