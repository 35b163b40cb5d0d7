"""Create and check each collection's validator and indexes, which are made from the records.

A new collection is a record in a module of `records` and one entry in `COLLECTIONS`; docs/schema.md and the
validators follow. A new field of a report is added in `etl.model.report`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from pymongo import IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure

from etl.model.report import SCHEMA_VERSION, Report
from etl.store.coordination import fence_floor
from etl.store.driver.connection import Db, with_retry
from etl.store.records import compact
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
    """A collection: the records of its documents, and its indexes.

    Attributes:
        models: records whose fields a document has, all together.
        indexes: by field, one each (compound ones over arrays are slow), the questions that need it.
        internal: whether only the program reads it.
    """

    models: tuple[type, ...]
    indexes: Mapping[str, str] = field(default_factory=dict)
    internal: bool = False


NAMESPACE_EXISTS = 48

COLLECTIONS: dict[str, Collection] = {
    "sources": Collection((SourceRecord,)),
    "layouts": Collection((LayoutRecord,)),
    "reports": Collection(
        (Report, Bookkeeping),
        {
            "entity_keys": "reports in which a person, organization or place appears; an entity made anew",
            "terms": "reports that hold all of some words, for drivers",
            "published_on": "reports of some days, newest first",
            "facts.type": "reports that state a fact, such as a donation",
            "source.sha256": "a report that moved; whether bytes are still needed",
            "source.uri": "what is known of a file that is offered; what lies under a source that was listed",
            "source.gone_at": "how many reports have lost their source",
            "needs_review": "reports that wait for a person's eye",
            # The last stage, whose fingerprint covers those before.
            "pipeline.facts": "stale reports",
        },
    ),
    "revisions": Collection(
        (RevisionRecord,),
        {
            "report_id": "versions of a report",
            "report.source.sha256": "whether bytes are still needed",
        },
    ),
    "entities": Collection((EntityRecord,), {"names": "entities that reports call by a name"}),
    "runs": Collection((RunRecord,), {"started_at": "the newest runs", "state": "runs that go on"}),
    "quarantine": Collection(
        (QuarantineRecord,),
        {
            "uri": "whether a file that is offered is quarantined",
            "reason": "what was quarantined for a reason",
            "run_id": "what a run quarantined",
        },
    ),
    "checks": Collection((VerificationRecord,), internal=True),
    "decisions": Collection((DecisionRecord,), {"report_id": "decisions about a report"}),
    "corrections": Collection((CorrectionRecord,), {"report_id": "corrections of a report"}),
    "pending": Collection((PendingRecord,), internal=True),
    "reprints": Collection(
        (ReprintRecord,),
        {
            "bands": "originals that are like a new report",
            "copied_bands": "reprints that are like a new original",
            "original": "reprints of a report",
        },
    ),
    "changes": Collection((ChangeRecord,), {"batches": "whether a write is accounted for"}, internal=True),
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
    """Return the ``$jsonSchema`` of a collection, from its records; its description names the indexes."""
    shapes = [schema_of(model) for model in COLLECTIONS[name].models]
    properties = {key: shape for part in shapes for key, shape in part["properties"].items()}
    if name == "reports":
        properties |= {"facts": {"bsonType": "array", "items": FLAT_FACT}, **compact.SHAPES}
    return {
        # A collection that has this validator has these indexes: they are made first.
        "description": f"indexes: {', '.join(COLLECTIONS[name].indexes)}",
        "bsonType": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def ensure_schema(db: Db, *, anew: bool = False) -> None:
    """Create or change collections, validators and indexes that differ from what is declared here.

    An index that somebody dropped is created again only with ``anew``: looking for it costs one more command.

    Raises:
        SetupError: the database has the shape of another release, see `migrations`.
    """
    present = {c["name"]: c.get("options", {}) for c in with_retry(lambda: list(db.list_collections()))}
    if not check_schema(db):
        migrations.record(db, SCHEMA_VERSION)
    apply_schema(db, present, anew=anew)


def check_schema(db: Db) -> bool:
    """Check whether the database is in use, which means has a run; write nothing.

    Raises:
        SetupError: as `ensure_schema`.
    """
    used = bool(with_retry(partial(db.runs.find_one, {}, {"_id": 1})))
    if used:
        migrations.require(db)
    return used


def apply_schema(db: Db, present: Mapping[str, Doc], *, anew: bool) -> None:
    """Create or change each collection, validator and index that ``present`` (options by name) lacks."""
    for name, collection in COLLECTIONS.items():
        options = present.get(name, {})
        wanted = {"$jsonSchema": fence_floor.with_floor(validator(name), fence_floor.floor_of(options))}
        if options.get("validator") == wanted and not anew:
            continue
        if indexes := [IndexModel(path) for path in collection.indexes]:
            with_retry(partial(db[name].create_indexes, indexes))
        if indexes or not _create(db, name, wanted):
            with_retry(partial(db.command, "collMod", name, validator=wanted))
    if anew or "fs.chunks" not in present:
        with_retry(partial(db["fs.chunks"].create_index, [("files_id", 1), ("n", 1)], unique=True))


def _create(db: Db, name: str, wanted: Doc) -> bool:
    """Create a collection with its validator; False if it exists."""
    try:
        with_retry(partial(db.create_collection, name, check_exists=False, validator=wanted))
    except CollectionInvalid:
        return False
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        return False
    return True
