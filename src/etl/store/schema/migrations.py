"""Migrate old databases to the present shape, one version at a time; every step can be repeated.

`migrate` goes forwards, `require` refuses a database of another shape. A new version is one entry in
`MIGRATIONS` and the number `etl.model.report.SCHEMA_VERSION`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial, reduce
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import OperationFailure

from etl.model.errors import SetupError
from etl.model.exact import Amount
from etl.model.report import SCHEMA_VERSION
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import AT_ONCE, find_all
from etl.store.records import compact
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_bson
from etl.store.records.report_codec import from_document
from etl.store.records.reports import RevisionRef
from etl.store.records.schema import MigrationRecord

# A list within a document, by its path, and how it is made anew.
Rows = list[Doc]
Part = tuple[str, Callable[[Rows], Rows]]
FIRST = 1
# Documents of every collection that say which shape they have.
VERSIONED = (
    "sources",
    "reports",
    "revisions",
    "entities",
    "runs",
    "quarantine",
    "pending",
    "changes",
    "leases",
    "reprints",
)


# New in a report of version 2; its ledger also says of each line whether a person decided it.
FIELDS: Doc = {"source.gone_at": None, "reprint_of": None, "change": 0, "fence": 0, "schema_version": 2}


def version(db: Db) -> int:
    """Return the number of a database's shape; `FIRST` where it has no record of one."""
    last = with_retry(partial(db.migrations.find_one, {}, {"_id": 1}, sort=[("_id", -1)]))
    return int(last["_id"]) if last else FIRST


def require(db: Db) -> None:
    """Refuse a database whose shape is not the present one.

    Raises:
        SetupError: the database is older or newer than this release.
    """
    found = version(db)
    if found < SCHEMA_VERSION:
        raise SetupError(
            f"database {db.name} has shape {found}, this release writes shape {SCHEMA_VERSION}; "
            "run `etl db migrate` first"
        )
    if found > SCHEMA_VERSION:
        raise SetupError(
            f"database {db.name} has shape {found}, this release knows shapes up to {SCHEMA_VERSION}; "
            "install the newer release"
        )


def record(db: Db, number: int) -> None:
    """Record that a database has the shape ``number``."""
    entry = to_bson(MigrationRecord(number, now(), number))
    with_retry(partial(db.migrations.replace_one, {"_id": number}, entry, upsert=True))


def migrate(db: Db, tell: Callable[[int], None] | None = None) -> int:
    """Run the missing migrations in order, calling ``tell`` after each; return their number.

    Nobody may write meanwhile.
    """
    start = version(db)
    for number in range(start + 1, SCHEMA_VERSION + 1):
        MIGRATIONS[number](db)
        record(db, number)
        if tell:
            tell(number)
    return max(0, SCHEMA_VERSION - start)


def _second(db: Db) -> None:
    """Migrate to version 2: give reports and revisions the new `FIELDS`, and other documents a fence."""
    _each(db, "reports", FIELDS, ("edits", _undecided))
    in_revisions = {f"report.{name}": value for name, value in FIELDS.items()}
    _each(db, "revisions", in_revisions, ("report.edits", _undecided))
    _each(db, "changes", {"gone": [], "linked": [], "schema_version": 2})
    _each(db, "runs", {"stages": {}, "fence": 0, "schema_version": 2})
    for name in ("quarantine", "pending"):
        _each(db, name, {"fence": 0, "schema_version": 2})
    for name in VERSIONED:
        _each(db, name, {"schema_version": 2})
    _look_again(db)


def _look_again(db: Db) -> None:
    """Open and close write intents for all reports, so that the next run links the reprints among them."""
    found = find_all(db.reports, {}, {"revision": 1})
    for first in range(0, len(found), 10 * AT_ONCE):
        steps = [RevisionRef(e["_id"], e["revision"]) for e in found[first : first + 10 * AT_ONCE]]
        write_intents.close_intent(db, write_intents.open_intent(db, "write", steps, Lease("migration")))


def _each(db: Db, name: str, fields: Doc, part: Part | None = None) -> None:
    """Set fields in all older documents of a collection, and rebuild one list in each, in batches."""
    target = next(path for path in fields if path.endswith("schema_version"))
    query = {target: {"$lt": fields[target]}}
    wanted = {part[0] if part else "_id": 1}
    while found := with_retry(lambda: list(db[name].find(query, wanted).limit(10 * AT_ONCE))):
        writes = [UpdateOne({"_id": e["_id"]}, {"$set": fields | _made_anew(e, part)}) for e in found]
        with_retry(partial(db[name].bulk_write, writes, ordered=False, bypass_document_validation=True))


def _made_anew(entry: Doc, part: Part | None) -> Doc:
    if part is None:
        return {}
    path, make = part
    rows: Any = reduce(lambda inner, name: inner[name], path.split("."), entry)
    return {path: make(rows)}


def _undecided(edits: Rows) -> Rows:
    """Mark each line of a ledger as not decided by a person."""
    return [{"decided": False} | edit for edit in edits]


def _third(db: Db) -> None:
    """Migrate to version 3: why a report waits for review, and a share of unreadable characters, set to 0."""
    fields = {"review_reasons": [], "quality.unreadable": 0.0, "schema_version": 3}
    for name, path in (("reports", ""), ("revisions", "report.")):
        _each(db, name, {path + field: value for field, value in fields.items()})
        waiting = {f"{path}needs_review": True, f"{path}review_reasons": []}
        doubtful = {"$set": {f"{path}review_reasons": ["doubtful repairs"]}}
        with_retry(partial(db[name].update_many, waiting, doubtful, bypass_document_validation=True))
    for name in VERSIONED:
        _each(db, name, {"schema_version": 3})


def _fourth(db: Db) -> None:
    """Migrate to version 4: the files that a run skipped, an empty list for older runs."""
    _each(db, "revisions", {"report.schema_version": 4})
    _each(db, "runs", {"skipped": [], "schema_version": 4})
    for name in VERSIONED:
        _each(db, name, {"schema_version": 4})


def _fifth(db: Db) -> None:
    """Migrate to version 5: amounts as decimals of fifteen digits, which a float holds without an error."""
    for name, path in (("reports", ""), ("revisions", "report.")):
        version, query = f"{path}schema_version", {f"{path}schema_version": {"$lt": 5}}
        wanted = {f"{path}entities": 1, f"{path}facts": 1}
        while found := with_retry(lambda: list(db[name].find(query, wanted).limit(AT_ONCE))):  # noqa: B023
            writes = [
                UpdateOne({"_id": entry["_id"]}, {"$set": _decimals(entry, path) | {version: 5}})
                for entry in found
            ]
            with_retry(partial(db[name].bulk_write, writes, ordered=False, bypass_document_validation=True))
    for name in VERSIONED:
        _each(db, name, {"schema_version": 5})


def _decimals(entry: Doc, path: str) -> Doc:
    """Return the entities and facts of a stored report with their amounts as decimals."""
    report: Doc = entry["report"] if path else entry
    return {f"{path}{part}": [_decimal(one) for one in report[part]] for part in ("entities", "facts")}


def _decimal(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any part of an entity or fact
    if isinstance(value, dict):
        return {key: _decimal(one, key) for key, one in value.items()}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return Amount(f"{value:.15g}").stored() if number and name in {"value", "max"} else value


def _sixth(db: Db) -> None:
    """Migrate to version 6: a place's present and possible divisions, empty for older reports."""
    _each(db, "reports", {"schema_version": 6}, ("entities", _undated))
    _each(db, "revisions", {"report.schema_version": 6}, ("report.entities", _undated))
    for name in VERSIONED:
        _each(db, name, {"schema_version": 6})


def _undated(entities: Rows) -> Rows:
    """Give places among the entities the fields of version 6, empty."""
    return [{"now": [], "candidates": []} | e if e["type"] == "place" else e for e in entities]


def _seventh(db: Db) -> None:
    """Migrate to version 7: the state of corrections, none yet, and whether a decision was taken back."""
    _each(db, "reports", {"corrections": [], "schema_version": 7})
    _each(db, "revisions", {"report.corrections": [], "report.schema_version": 7})
    _each(db, "decisions", {"taken_back_at": None, "taken_back_by": None, "schema_version": 7})
    for name in VERSIONED:
        _each(db, name, {"schema_version": 7})


def _eighth(db: Db) -> None:
    """Migrate to version 8: the page of each paragraph and figures about pages, unknown for old reports."""
    seen: Doc = {"pages": 0, "columns": 0, "broken_fonts": 0, "ocr": 0.0, "doubtful_pages": []}
    for name, path in (("reports", ""), ("revisions", "report.")):
        fields = {f"{path}quality.{field}": value for field, value in seen.items()}
        paged = (f"{path}paragraphs", _without_page)
        _each(db, name, {**fields, f"{path}schema_version": 8}, paged)
    for name in VERSIONED:
        _each(db, name, {"schema_version": 8})


def _without_page(paragraphs: Rows) -> Rows:
    """Give each paragraph an unknown page."""
    return [one | {"page": None} for one in paragraphs]


def _ninth(db: Db) -> None:
    """Migrate to version 9: compact reports; the text in the other script is dropped and made when read."""
    for name, path in (("reports", ""), ("revisions", "report.")):
        version, query = f"{path}schema_version", {f"{path}schema_version": {"$lt": 9}}
        while found := with_retry(lambda: list(db[name].find(query).limit(AT_ONCE))):  # noqa: B023
            writes = [
                UpdateOne({"_id": entry["_id"]}, {"$set": _compact(entry, path) | {version: 9}})
                for entry in found
            ]
            with_retry(partial(db[name].bulk_write, writes, ordered=False, bypass_document_validation=True))
    for name in VERSIONED:
        _each(db, name, {"schema_version": 9})
    with suppress(OperationFailure):  # it is not there
        db.reports.drop_index("authors_1")


def _compact(entry: Doc, path: str) -> Doc:
    """Return the fields of a stored report in the compact shape; parts in GridFS may keep the old one."""
    report = from_document(entry["report"] if path else entry)
    return {f"{path}{name}": value for name, value in compact.packed(report).items()} | {
        f"{path}other_text": None
    }


MIGRATIONS: Mapping[int, Callable[[Db], None]] = {
    2: _second,
    3: _third,
    4: _fourth,
    5: _fifth,
    6: _sixth,
    7: _seventh,
    8: _eighth,
    9: _ninth,
}
