"""Questions about many values are cut into queries that cost little, however many of the values are there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pytest
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect, CursorNotFound, PyMongoError

from etl.store.driver.queries import CHEAPEST, MOST_TIMES, PAGE, find_by_values, find_in_order
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


class Failing:
    """A collection of so many numbers; each of its first cursors fails before one of them."""

    def __init__(self, count: int, *faults: tuple[int, PyMongoError]) -> None:
        self.count = count
        self.faults = list(faults)
        self.queries: list[Mapping[str, Any]] = []

    def find(self, query: Mapping[str, Any], batch_size: int) -> "FailingCursor":
        """Answer with the numbers behind the one that is given."""
        assert batch_size == PAGE
        self.queries.append(query)
        first = query["_id"]["$gt"] + 1 if query else 0
        at, fault = self.faults.pop(0) if self.faults else (self.count, None)
        return FailingCursor(iter(range(first, self.count)), at, fault)


class FailingCursor:
    """A cursor that fails where it comes to a number, as a server does."""

    def __init__(self, numbers: Iterator[int], at: int, fault: PyMongoError | None) -> None:
        self.numbers, self.at, self.fault = numbers, at, fault

    def sort(self, *_: object) -> "FailingCursor":
        return self

    def close(self) -> None:
        self.numbers = iter(())

    def __iter__(self) -> "FailingCursor":
        return self

    def __next__(self) -> Doc:
        number = next(self.numbers)
        if number == self.at and self.fault:
            raise self.fault
        return {"_id": number}


CLOSED = CursorNotFound("closed")


def test_all_documents_come_from_one_query() -> None:
    """However many documents there are, one query is asked: each costs an embedded server all of them."""
    collection = Failing(2 * PAGE + 1)

    found = find_in_order(cast("Collection[Doc]", collection))

    assert [one["_id"] for one in found] == [*range(2 * PAGE + 1)]
    assert collection.queries == [{}]


@pytest.mark.parametrize("faults", [(AutoReconnect("broken"), CLOSED), (CLOSED, AutoReconnect("broken"))])
@pytest.mark.parametrize("at", [0, PAGE - 1, PAGE, 2 * PAGE])
def test_a_query_that_failed_goes_on(at: int, faults: tuple[PyMongoError, ...]) -> None:
    """After faults each document comes once: after a connection that broke, and a cursor that was closed."""
    collection = Failing(2 * PAGE + 1, *((at, one) for one in faults))

    found = find_in_order(cast("Collection[Doc]", collection))

    assert [one["_id"] for one in found] == [*range(2 * PAGE + 1)]
    assert len(collection.queries) == 3
