"""Questions about many values are cut into queries that cost little, however many of the values are there."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import pytest
from pymongo.collection import Collection

from etl.store.driver.queries import CHEAPEST, MOST_TIMES, find_by_values
from etl.store.records.codec import Doc


class Asked:
    """A collection that holds some numbers and notes how many each query asks for."""

    def __init__(self, there: Iterable[int]) -> None:
        self.there = frozenset(there)
        self.sizes: list[int] = []

    def find(self, query: Mapping[str, Any], fields: object, batch_size: int) -> list[Doc]:
        """Answer a query for values of ``_id``."""
        del fields, batch_size
        wanted = query["_id"]["$in"]
        self.sizes.append(len(wanted))
        return [{"_id": one} for one in wanted if one in self.there]


def ask(there: Iterable[int], values: Iterable[int]) -> tuple[list[int], list[int]]:
    """What is found of the values, and the sizes of the queries, beginning with 100."""
    collection = Asked(there)
    found = find_by_values(cast("Collection[Doc]", collection), "_id", values, at_once=100)
    return [one["_id"] for one in found], collection.sizes


@pytest.mark.parametrize(
    ("there", "sizes"),
    [
        ([], [100, 100 * MOST_TIMES, 100 * MOST_TIMES, 100]),
        (range(1000), [100, *[CHEAPEST] * 15]),
        (range(0, 1000, 4), [100, *[2 * CHEAPEST] * 7, 60]),
        (range(100), [100, CHEAPEST, 100 * MOST_TIMES, 100 * MOST_TIMES, 40]),
    ],
)
def test_what_was_found_says_how_many_are_asked_for(there: Iterable[int], sizes: list[int]) -> None:
    """Every value is asked for once; the fewer of them are there, the more one query asks for."""
    found, asked = ask(there, range(1000))

    assert found == list(there)
    assert asked == sizes


def test_values_are_asked_for_once() -> None:
    """Each value is asked for once, however often it is given; of none nothing is asked."""
    assert ask([3, 5], [5, 3, 3, 5, 9]) == ([3, 5], [3])
    assert ask([3], []) == ([], [])
