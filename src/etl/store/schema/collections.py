"""Create and check every collection's validators and indexes, made from the records.

A new collection is a record in a module of `records` and one entry in `COLLECTIONS`; docs/schema.md and the
validators follow. A new field of a report is added in `etl.model`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from pymongo.errors import CollectionInvalid, OperationFailure

from etl.model import SCHEMA_VERSION, Report
from etl.store.coordination import fence_floor
from etl.store.driver.connection import Db, with_retry
from etl.store.records.annotations import CorrectionRecord, DecisionRecord, VerificationRecord
from etl.store.records.blobs import LayoutRecord, ReleaseRecord, SourceRecord
from etl.store.records.changelog import ChangeRecord, EntityRecord, ReprintRecord
from etl.store.records.codec import Doc, schema_of
from etl.store.records.coordination import LeaseRecord, PendingRecord, RunRecord
from etl.store.records.reports import Bookkeeping, QuarantineRecord, RevisionRecord
from etl.store.records.schema import MigrationRecord
from etl.store.schema import migrations


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: its documents and its indexes (one field each; compound ones over arrays are slow)."""

    models: tuple[type, ...]
    indexes: tuple[str, ...] = ()
    internal: bool = False


NAMESPACE_EXISTS = 48

COLLECTIONS: dict[str, Collection] = {
    "sources": Collection((SourceRecord,)),
    "layouts": Collection((LayoutRecord,)),
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
            "pipeline.facts",  # the last stage, whose fingerprint covers those before
        ),
    ),
    "revisions": Collection((RevisionRecord,), ("report_id", "report.source.sha256")),
    "entities": Collection((EntityRecord,), ("names",)),
    "runs": Collection((RunRecord,), ("started_at", "state")),
    "quarantine": Collection((QuarantineRecord,), ("uri", "reason", "run_id")),
    "checks": Collection((VerificationRecord,), internal=True),
    "decisions": Collection((DecisionRecord,), ("report_id",)),
    "corrections": Collection((CorrectionRecord,), ("report_id",)),
    "pending": Collection((PendingRecord,), internal=True),
    "reprints": Collection((ReprintRecord,), ("bands", "copied_bands", "original")),
    "changes": Collection((ChangeRecord,), ("batches",), internal=True),
    "released": Collection((ReleaseRecord,), internal=True),
    "leases": Collection((LeaseRecord,), internal=True),
    "migrations": Collection((MigrationRecord,), internal=True),
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


def ensure_schema(db: Db) -> None:
    """Make collections, validators and indexes as they are declared here; what is right stays as it is.

    Raises:
        SetupError: the database has the shape of another release, see `migrations`.
    """
    present = {c["name"]: c.get("options", {}) for c in with_retry(lambda: list(db.list_collections()))}
    if not check_schema(db):
        migrations.record(db, SCHEMA_VERSION)
    apply_schema(db, present)


def check_schema(db: Db) -> bool:
    """Whether the database is in use; nothing is written.

    Raises:
        SetupError: as `ensure_schema`.
    """
    used = bool(with_retry(partial(db.runs.find_one, {}, {"_id": 1})))
    if used:
        migrations.require(db)
    return used


def apply_schema(db: Db, present: Mapping[str, Doc]) -> None:
    """Make what of collections, validators and indexes is missing in ``present`` (options by name)."""
    for name, collection in COLLECTIONS.items():
        options = present.get(name, {})
        wanted = {"$jsonSchema": fence_floor.with_floor(validator(name), fence_floor.floor_of(options))}
        if name not in present:
            _create(db, name)
        if options.get("validator") != wanted:
            with_retry(partial(db.command, "collMod", name, validator=wanted))
        for field in collection.indexes:
            with_retry(partial(db[name].create_index, field))
    with_retry(partial(db["fs.chunks"].create_index, [("files_id", 1), ("n", 1)], unique=True))


def _create(db: Db, name: str) -> None:
    """Make a collection; another run may have made it a moment ago."""
    try:
        with_retry(partial(db.create_collection, name))
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
