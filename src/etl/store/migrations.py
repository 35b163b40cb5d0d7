"""Old databases brought to the present shape, one version at a time; every step can be repeated.

`migrate` goes forwards, `require` refuses a database that is not there yet. A new version is one entry
in `MIGRATIONS` and the number `etl.model.SCHEMA_VERSION`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pymongo import UpdateOne

from etl.errors import SetupError
from etl.model import SCHEMA_VERSION
from etl.store import pending
from etl.store.connection import Db, steady
from etl.store.queries import AT_ONCE, rows
from etl.store.records import Step
from etl.store.shapes import Doc, plain
from etl.store.times import now

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
    "reprints",
)


@dataclass(frozen=True, slots=True)
class MigrationRecord:
    """A shape that the database has taken on; the highest number is the present one.

    Attributes:
        id: version of the shape.
        done_at: when every document had it.
        schema_version: of the shape of this document.
    """

    id: int
    done_at: datetime
    schema_version: int


def version(db: Db) -> int:
    """The shape of a database that is in use; the first one kept no record of it."""
    last = steady(partial(db.migrations.find_one, {}, {"_id": 1}, sort=[("_id", -1)]))
    return int(last["_id"]) if last else FIRST


def require(db: Db) -> None:
    """Refuse to write into another shape than the present one.

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
    """Note that a database has this shape."""
    entry = plain(MigrationRecord(number, now(), number))
    steady(partial(db.migrations.replace_one, {"_id": number}, entry, upsert=True))


def migrate(db: Db, tell: Callable[[int], None] | None = None) -> int:
    """Carry out what is missing, in order; how many versions that were. Nobody may write meanwhile."""
    start = version(db)
    for number in range(start + 1, SCHEMA_VERSION + 1):
        MIGRATIONS[number](db)
        record(db, number)
        if tell:
            tell(number)
    return max(0, SCHEMA_VERSION - start)


def _gone_and_reprinted(db: Db) -> None:
    """Version 2: ``source.gone_at`` and ``reprint_of`` in reports, also in those that revisions keep."""
    fields = {"source.gone_at": None, "reprint_of": None, "change": 0, "schema_version": 2}
    _each(db, "reports", fields)
    _each(db, "revisions", {f"report.{name}": value for name, value in fields.items()})
    for name in VERSIONED:
        _each(db, name, {"schema_version": 2})
    _look_again(db)


def _look_again(db: Db) -> None:
    """Note all reports as if they had been written, so that the next run links the reprints among them."""
    found = rows(db.reports, {}, {"revision": 1})
    for first in range(0, len(found), 10 * AT_ONCE):
        steps = [Step(e["_id"], e["revision"]) for e in found[first : first + 10 * AT_ONCE]]
        pending.close(db, pending.note(db, "write", steps, "migration"))


def _each(db: Db, name: str, fields: Doc) -> None:
    """Set fields in all documents of a collection that are of an older version."""
    target = next(path for path in fields if path.endswith("schema_version"))
    query = {target: {"$lt": fields[target]}}
    while found := steady(lambda: list(db[name].find(query, {"_id": 1}).limit(10 * AT_ONCE))):
        writes = [UpdateOne({"_id": entry["_id"]}, {"$set": fields}) for entry in found]
        steady(partial(db[name].bulk_write, writes, ordered=False, bypass_document_validation=True))


MIGRATIONS: Mapping[int, Callable[[Db], None]] = {2: _gone_and_reprinted}
