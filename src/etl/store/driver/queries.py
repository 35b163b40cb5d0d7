"""Read documents in small pieces, repeated while faults pass.

Nothing here writes. A read that only one module makes belongs there.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from pymongo.collection import Collection

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


def _page(db: Db, name: str, query: Doc, fields: Mapping[str, Any]) -> list[Doc]:
    return list(db[name].find(query, fields).sort("_id", 1).limit(PAGE))
