"""Refuse writes under an outdated fence in the server itself, by the validators of what is fenced.

A look at the lease comes before a write; a write that arrives after its lease has gone, however late, is
refused by the server itself, also an insert of what is not there any more. `raise_floor` raises the floor,
`lease.fenced_writes` names such a refusal for what it is. Another collection to guard is one more name in
`FENCED`; its documents have a ``fence``.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from etl.store.driver.connection import Db, with_retry
from etl.store.records.codec import Doc

FENCED = ("reports", "quarantine")


def raise_floor(db: Db, fence: int) -> None:
    """Let nothing be written any more under a lower fence than this one."""
    for name, options in options_of(db).items():
        found = options.get("validator")
        if found and floor_of(options) < fence:
            wanted = {"$jsonSchema": with_floor(found["$jsonSchema"], fence)}
            with_retry(partial(db.command, "collMod", name, validator=wanted))


def options_of(db: Db) -> dict[str, Doc]:
    """Options of the guarded collections that are there."""
    found = with_retry(lambda: list(db.list_collections(filter={"name": {"$in": list(FENCED)}})))
    return {one["name"]: one.get("options", {}) for one in found}


def highest_floor(db: Db) -> int:
    """The floor of the collection that has the highest one; 0 where nothing is guarded."""
    return max((floor_of(options) for options in options_of(db).values()), default=0)


def floor_of(options: Mapping[str, Any]) -> int:
    """The floor in the options of a collection; 0 where there is none."""
    schema = options.get("validator", {}).get("$jsonSchema", {})
    return int(schema.get("properties", {}).get("fence", {}).get("minimum", 0))


def with_floor(schema: Doc, floor: int) -> Doc:
    """A collection's schema that takes no fence below the floor."""
    if not floor:
        return schema
    fence = {**schema["properties"]["fence"], "minimum": floor}
    return {**schema, "properties": {**schema["properties"], "fence": fence}}
