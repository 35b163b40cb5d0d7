"""Resolve short ids: the first characters stand for an id if no other id begins with them.

Code that takes an id from a person calls `resolve_id`; services give whole ids.
"""

from collections.abc import Sequence
from functools import partial

from pymongo.collection import Collection

from etl.model.errors import SetupError
from etl.store.driver.connection import Db, with_retry
from etl.store.records.codec import Doc

# Fewer characters stand for nothing: a slip of the finger must not name a report.
FEWEST = 4
# Characters that are said, where they are enough.
USUAL = 8
# Of several ids that begin alike, so many are named.
NAMED = 3
BEHIND = "\U0010ffff"
BOTH = ("reports", "quarantine")


def resolve_id(db: Db, typed: str, collections: Sequence[str] = BOTH) -> str:
    """Return the one id that begins with what was typed; what was typed where none does or it is too short.

    Raises:
        SetupError: several ids begin with it; the message names some of them.
    """
    if len(typed) < FEWEST:
        return typed
    found = _beginning(db, typed, collections)
    if len(found) > 1 and typed not in found:
        raise SetupError(f"{typed} begins more than one id: {', '.join(found[:NAMED])}; give more of it")
    return found[0] if len(found) == 1 else typed


def shorten_id(db: Db, whole: str) -> str:
    """Return the first characters of an id that no other id begins with, at least `USUAL` of them."""
    lengths = range(USUAL, len(whole))
    return next((whole[:n] for n in lengths if len(_beginning(db, whole[:n], BOTH)) == 1), whole)


def _beginning(db: Db, typed: str, collections: Sequence[str]) -> list[str]:
    """Return up to `NAMED` ids of each collection that begin with what was typed, sorted."""
    query = {"_id": {"$gte": typed, "$lt": typed + BEHIND}}
    found = (with_retry(partial(_first, db[name], query)) for name in collections)
    return sorted({one for ids in found for one in ids})


def _first(collection: Collection[Doc], query: Doc) -> list[str]:
    return [entry["_id"] for entry in collection.find(query, {"_id": 1}).sort("_id").limit(NAMED)]
