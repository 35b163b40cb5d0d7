"""The shape of the database: every collection's validators and indexes, made from the records.

A new collection is a record in `records` and one entry in `COLLECTIONS`; docs/schema.md and the
validators follow. A new field of a report is added in `etl.model`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pymongo.errors import CollectionInvalid, OperationFailure

from etl.mentions import Fact
from etl.model import SCHEMA_VERSION, Report
from etl.store import checks, floor, migrations
from etl.store.connection import Db, steady
from etl.store.decisions import DecisionRecord
from etl.store.lease import LeaseRecord
from etl.store.records import (
    Bookkeeping,
    ChangeRecord,
    EntityRecord,
    PendingRecord,
    QuarantineRecord,
    ReleaseRecord,
    RunRecord,
    SourceRecord,
)
from etl.store.reprints import ReprintRecord
from etl.store.revisions import RevisionRecord
from etl.store.shapes import Doc, build, plain, schema_of


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: its documents and its indexes (one field each; compound ones over arrays are slow)."""

    models: tuple[type, ...]
    indexes: tuple[str, ...] = ()
    internal: bool = False


NAMESPACE_EXISTS = 48

COLLECTIONS: dict[str, Collection] = {
    "sources": Collection((SourceRecord,)),
    "reports": Collection(
        (Report, Bookkeeping),
        (
            "entity_keys",
            "terms",
            "published_on",
            "authors",
            "facts.type",
            "source.sha256",
            "source.uri",
            "source.gone_at",
            "needs_review",
        ),
    ),
    "revisions": Collection((RevisionRecord,), ("report_id", "report.source.sha256")),
    "entities": Collection((EntityRecord,), ("names",)),
    "runs": Collection((RunRecord,), ("started_at", "state")),
    "quarantine": Collection((QuarantineRecord,), ("uri", "reason", "run_id")),
    "checks": Collection((checks.CheckRecord,), internal=True),
    "decisions": Collection((DecisionRecord,), ("report_id",)),
    "pending": Collection((PendingRecord,), internal=True),
    "reprints": Collection((ReprintRecord,), ("bands", "copied_bands", "original")),
    "changes": Collection((ChangeRecord,), ("batches",), internal=True),
    "released": Collection((ReleaseRecord,), internal=True),
    "leases": Collection((LeaseRecord,), internal=True),
    "migrations": Collection((migrations.MigrationRecord,), internal=True),
}


# A fact's own fields stand beside its type, so what else there is depends on the pattern.
FLAT_FACT: Doc = {
    "bsonType": "object",
    "required": ["type", "spans"],
    "properties": {"type": schema_of(str), "spans": schema_of(tuple[tuple[int, int], ...])},
}


def validator(name: str) -> Doc:
    """The ``$jsonSchema`` of a collection."""
    shapes = [schema_of(model) for model in COLLECTIONS[name].models]
    properties = {key: shape for part in shapes for key, shape in part["properties"].items()}
    if name == "reports":
        properties["facts"] = {"bsonType": "array", "items": FLAT_FACT}
    return {
        "bsonType": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def ensure(db: Db) -> None:
    """Make collections, validators and indexes as they are declared here; what is right stays as it is.

    Raises:
        SetupError: the database has the shape of another release, see `migrations`.
    """
    present = {c["name"]: c.get("options", {}) for c in steady(lambda: list(db.list_collections()))}
    if not check(db):
        migrations.record(db, SCHEMA_VERSION)
    shape(db, present)


def check(db: Db) -> bool:
    """Whether the database is in use; nothing is written.

    Raises:
        SetupError: as `ensure`.
    """
    used = bool(steady(partial(db.runs.find_one, {}, {"_id": 1})))
    if used:
        migrations.require(db)
    return used


def shape(db: Db, present: Mapping[str, Doc]) -> None:
    """Make what of collections, validators and indexes is missing in ``present`` (options by name)."""
    for name, collection in COLLECTIONS.items():
        options = present.get(name, {})
        wanted = {"$jsonSchema": floor.with_floor(validator(name), floor.of(options))}
        if name not in present:
            _create(db, name)
        if options.get("validator") != wanted:
            steady(partial(db.command, "collMod", name, validator=wanted))
        for field in collection.indexes:
            steady(partial(db[name].create_index, field))
    steady(partial(db["fs.chunks"].create_index, [("files_id", 1), ("n", 1)], unique=True))


def _create(db: Db, name: str) -> None:
    """Make a collection; another run may have made it a moment ago."""
    try:
        steady(partial(db.create_collection, name))
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise


def document(report: Report) -> Doc:
    """A report as it is stored and printed: entities and facts flat, provenance as rows of four."""
    facts = [{"type": f.type, **plain(f.fields), "spans": plain(f.spans)} for f in report.facts]
    return {**plain(report), "facts": facts}


def report_from(stored: Mapping[str, Any]) -> Report:
    """The report of a stored document; parts in GridFS must have been put in, see `large.whole`."""
    facts = tuple(
        Fact(
            fact["type"],
            {key: value for key, value in fact.items() if key not in ("type", "spans")},
            tuple((start, end) for start, end in fact["spans"]),
        )
        for fact in stored["facts"]
    )
    report: Report = build(Report, {**stored, "facts": []})
    return replace(report, facts=facts)
