"""Read documents in small pieces, repeated while faults pass.

Nothing here writes. A read that only one module makes belongs there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.errors import CursorNotFound, PyMongoError

from etl.store.driver.connection import Db, with_retry
from etl.store.records.codec import Doc

Key = TypeVar("Key", str, int)
# Values of the first query. The embedded server compares each document that it finds with half of an ``$in``
# list (0.6 us a value), and a command costs some 1,000 us.
AT_ONCE = 200
# So many where few of the values are there, as entities and places of new reports.
MOSTLY_NEW = 600
# Values of a query that cost least where all are there, and how many times as many as at first one may have.
CHEAPEST = 60
MOST_TIMES = 4
# Documents of one write.
WRITTEN_AT_ONCE = 500
PAGE = 1_000


def find_all(
    collection: Collection[Doc], query: Mapping[str, Any], fields: Mapping[str, Any] | None = None
) -> list[Doc]:
    """Return all documents that match."""
    return with_retry(lambda: list(collection.find(query, fields, batch_size=PAGE)))


def find_by_values(
    collection: Collection[Doc],
    path: str,
    values: Iterable[Key],
    fields: Mapping[str, Any] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Doc]:
    """Yield documents whose field ``path`` is one of ``values``, in queries of ``at_once`` values at first.

    How many of them are there says how many values the next query has.
    """
    chosen, first, size = sorted(set(values)), 0, at_once
    while first < len(chosen):
        found = find_all(collection, {path: {"$in": chosen[first : first + size]}}, fields)
        yield from found
        first += size
        size = _cheapest(size / max(1, len(found)), MOST_TIMES * at_once)


def _cheapest(values_to_one_found: float, most: int) -> int:
    """Return the number of values at which a query and its comparisons cost least for each value."""
    return min(most, max(CHEAPEST, int(CHEAPEST * values_to_one_found**0.5)))


def find_pages(db: Db, name: str, fields: Mapping[str, Any]) -> Iterator[list[Doc]]:
    """Yield all documents in the order of their keys, in lists of `PAGE`; hold no more in memory."""
    last: Any = None
    while True:
        query = {} if last is None else {"_id": {"$gt": last}}
        page = with_retry(partial(_page, db, name, query, fields))
        if not page:
            return
        yield page
        last = page[-1]["_id"]


def find_in_order(collection: Collection[Doc]) -> Iterator[Doc]:
    """Yield all documents, small ones, in the order of their keys, from one query.

    The embedded server goes through a whole collection for each page that `find_pages` asks for; of one
    query it holds all answers in memory.
    """
    reader = _OrderedReader(collection)
    try:
        while page := with_retry(reader.read):
            yield from page
    finally:
        reader.close()


@dataclass(slots=True)
class _OrderedReader:
    """Reads a collection in the order of its keys; a query that failed is asked again from where it was."""

    collection: Collection[Doc]
    last: Any = None
    cursor: Cursor[Doc] | None = None

    def read(self) -> list[Doc]:
        """Return the next documents, at most `PAGE`; none at the end."""
        try:
            return self._page()
        except CursorNotFound:  # who reads slowly finds it closed
            return self._page()

    def close(self) -> None:
        """Close the query, if one is open."""
        if self.cursor is not None:
            self.cursor.close()
        self.cursor = None

    def _page(self) -> list[Doc]:
        try:
            page = list(islice(self._opened(), PAGE))
        except PyMongoError:
            self.close()
            raise
        self.last = page[-1]["_id"] if page else self.last
        return page

    def _opened(self) -> Cursor[Doc]:
        if self.cursor is None:
            query = {} if self.last is None else {"_id": {"$gt": self.last}}
            self.cursor = self.collection.find(query, batch_size=PAGE).sort("_id", 1)
        return self.cursor


def _page(db: Db, name: str, query: Doc, fields: Mapping[str, Any]) -> list[Doc]:
    return list(db[name].find(query, fields).sort("_id", 1).limit(PAGE))
