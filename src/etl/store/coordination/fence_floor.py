"""Refuse writes under an outdated fence in the server itself, by the validators of fenced collections.

The lease is checked before a write; a write that arrives after its lease has gone, however late, is refused
by the server itself, also the insert of a document that was deleted. `raise_floor` raises the floor,
`lease.fenced_writes` turns such a refusal into its own error. Another collection to guard is one more name in
`FENCED`; its documents have a ``fence``.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from etl.store.driver.connection import Db, with_retry
from etl.store.records.codec import Doc

FENCED = ("reports", "quarantine")


def raise_floor(db: Db, fence: int) -> None:
    """Change the validators so that no document is written any more under a fence lower than this one."""
    for name, options in options_of(db).items():
        found = options.get("validator")
        if found and floor_of(options) < fence:
            wanted = {"$jsonSchema": with_floor(found["$jsonSchema"], fence)}
            with_retry(partial(db.command, "collMod", name, validator=wanted))


def options_of(db: Db) -> dict[str, Doc]:
    """Return the options of those guarded collections that exist, by name."""
    found = with_retry(lambda: list(db.list_collections(filter={"name": {"$in": list(FENCED)}})))
    return {one["name"]: one.get("options", {}) for one in found}


def highest_floor(db: Db) -> int:
    """Return the highest floor of any guarded collection; 0 where there is none."""
    return max((floor_of(options) for options in options_of(db).values()), default=0)


def floor_of(options: Mapping[str, Any]) -> int:
    """Return the floor in the options of a collection; 0 where there is none."""
    schema = options.get("validator", {}).get("$jsonSchema", {})
    return int(schema.get("properties", {}).get("fence", {}).get("minimum", 0))


def with_floor(schema: Doc, floor: int) -> Doc:
    """Return a collection's schema that refuses a fence below the floor; unchanged for floor 0."""
    if not floor:
        return schema
    fence = {**schema["properties"]["fence"], "minimum": floor}
    return {**schema, "properties": {**schema["properties"], "fence": fence}}
