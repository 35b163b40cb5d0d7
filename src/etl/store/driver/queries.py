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
# The embedded server compares each document that it finds with half of an ``$in`` list (0.6 us a value),
# which costs less than more commands up to some hundreds of values.
AT_ONCE = 200
# So many where few of the values are there, as entities and places of new reports.
MOSTLY_NEW = 600
PAGE = 1_000


def find_all(
    collection: Collection[Doc], query: Mapping[str, Any], fields: Mapping[str, Any] | None = None
) -> list[Doc]:
    """Return all documents that match."""
    return with_retry(lambda: list(collection.find(query, fields)))


def find_by_values(
    collection: Collection[Doc],
    path: str,
    values: Iterable[Key],
    fields: Mapping[str, Any] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Doc]:
    """Yield documents whose field ``path`` is one of ``values``, in queries of at most ``at_once`` values."""
    chosen = sorted(set(values))
    for first in range(0, len(chosen), at_once):
        yield from find_all(collection, {path: {"$in": chosen[first : first + at_once]}}, fields)


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
