import itertools

import pytest

from etl.text import surnames
from etl.text.folding import simplify


def test_no_surname_stands_twice() -> None:
    """Each character stands in one part of the table."""
    parts = (surnames.COMMON, surnames.TEXT_ONLY, surnames.BYLINE_ONLY, surnames.TRADITIONAL)

    assert all(len(part) == len(set(part)) for part in parts)
    assert all(set(a).isdisjoint(b) for a, b in itertools.combinations(parts, 2))


def test_traditional_forms_have_simple_ones() -> None:
    """A traditional surname is the form of one that bylines know."""
    known = set(surnames.COMMON + surnames.BYLINE_ONLY)

    assert {sign for sign in surnames.TRADITIONAL if simplify(sign) not in known} == set()


@pytest.mark.parametrize(("name", "begins"), [("王芳", True), ("歐陽修", True), ("们好", False), ("", False)])
def test_names_begin_with_a_surname(name: str, begins: bool) -> None:  # noqa: FBT001 - a column of the table
    """A name begins with a surname of one or two characters, in either script."""
    assert surnames.begins_with_surname(name) is begins
