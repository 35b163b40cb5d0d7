from collections.abc import Callable
from typing import Any

import pytest

from etl.model import Extraction, Person

TABLE = "names.toml"


@pytest.mark.parametrize("kind", ["person", "organization", "place"])
def test_names_are_found_whole(case: dict[str, Any], kind: str, found: Callable[..., Extraction]) -> None:
    """The persons, organizations and places of the table are found, and no others."""
    assert [e.text for e in found(case["text"]).entities if e.type == kind] == case[kind]


def test_persons_have_their_roles(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """A title beside a name is the person's role, the body before it the person's home."""
    people = [e for e in found(case["text"]).entities if isinstance(e, Person)]

    assert [[p.text, p.roles[0], p.of or ""] for p in people if p.roles] == case["roles"]


def test_both_scripts_give_the_same_keys(found: Callable[..., Extraction]) -> None:
    """A traditional text names the same things as its simplified twin."""
    simplified = found("财政部部长王国强昨日在广东省广州市宣布，将投入3亿元。").entities
    traditional = found("財政部部長王國強昨日在廣東省廣州市宣布，將投入3億元。").entities

    assert [(e.key, e.start, e.end) for e in traditional] == [(e.key, e.start, e.end) for e in simplified]
    assert {e.type for e in simplified} >= {"person", "organization", "place", "time", "money"}
