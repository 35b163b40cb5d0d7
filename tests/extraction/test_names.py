from collections.abc import Callable
from typing import Any

import pytest

from etl.model.mentions import Extraction, Person

TABLE = "names.toml"


@pytest.mark.parametrize("kind", ["person", "organization", "place"])
def test_names_are_found_whole(case: dict[str, Any], kind: str, found: Callable[..., Extraction]) -> None:
    """The persons, organizations and places of the table are found, and no others."""
    assert [e.text for e in found(case["text"]).entities if e.type == kind] == case[kind]


def test_persons_have_their_roles(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """A title beside a name is the person's role, the organization before it the person's home."""
    people = [e for e in found(case["text"]).entities if isinstance(e, Person)]

    assert [[p.text, p.roles[0], p.of or ""] for p in people if p.roles] == case["roles"]


def test_both_scripts_give_the_same_keys(found: Callable[..., Extraction]) -> None:
    """A traditional text names the same things as its simplified twin."""
    simplified = found("财政部部长王国强昨日在广东省广州市宣布，将投入3亿元。").entities
    traditional = found("財政部部長王國強昨日在廣東省廣州市宣布，將投入3億元。").entities

    assert [(e.key, e.start, e.end) for e in traditional] == [(e.key, e.start, e.end) for e in simplified]
    assert {e.type for e in simplified} >= {"person", "organization", "place", "time", "money"}


def test_a_name_known_once_is_known_everywhere(found: Callable[..., Extraction]) -> None:
    """A full name that is certain in one sentence is the same person where the tagger reads it otherwise."""
    text = "局长赵国栋到场讲话。赵国栋向大家问好。会后赵国栋与周海明、吴建平同行。"

    assert [e.text for e in found(text).entities if e.type == "person"] == ["赵国栋"] * 3 + [
        "周海明",
        "吴建平",
    ]


@pytest.mark.parametrize(
    "text", ["", "、", "某", "赵", "赵某", "·", "赵·", "国国国国", "阿" * 500, "中美" * 300]
)
def test_edges_of_names_do_no_harm(text: str, found: Callable[..., Extraction]) -> None:
    """Names at the very ends of a text, of one character, or of one sound repeated give an answer."""
    entities = found(text).entities

    assert all(text[e.start : e.end] == e.text for e in entities)


@pytest.mark.parametrize(
    "text", ["> 中共中央　国务院", "国务院", "新华社", "報告單位：行政院", "北京", "天津市滨海新区"]
)
def test_a_name_ends_with_the_text(text: str, found: Callable[..., Extraction]) -> None:
    """A name at the very end of a text ends there, also where longer ones begin like it."""
    ends = [e.end for e in found(text).entities]

    assert ends
    assert max(ends) == len(text)
