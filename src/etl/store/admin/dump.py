"""Export a whole database to files and import it: one JSON line a document, with checksums.

Every collection is included, also one that is added later; nothing has to be declared here.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bson import json_util
from pymongo import ReplaceOne

from etl.model.errors import SetupError
from etl.store.driver.connection import Db, Doc, with_retry
from etl.store.schema import collections, migrations

MANIFEST = "manifest.json"
# Documents written at once; sources hold whole files, so few at a time.
BATCH = 50
OPTIONS = json_util.JSONOptions(json_mode=json_util.JSONMode.CANONICAL, tz_aware=True)
# Every database in use has runs. They are written last, so an import that broke off can be repeated.
LAST = "runs"


@dataclass(frozen=True, slots=True)
class Moved:
    """One exported or imported collection: its number of documents, and the SHA-256 of its file."""

    collection: str
    documents: int
    sha256: str


def export_database(database: Db, folder: Path, tell: Callable[[Moved], None]) -> tuple[Moved, ...]:
    """Write every collection into ``folder``, ordered by ``_id``, calling ``tell`` after each; return them.

    Nobody may write meanwhile.

    Raises:
        SetupError: the folder holds files already or cannot be written.
    """
    _prepare(folder)
    names = sorted(c["name"] for c in with_retry(lambda: list(database.list_collections())))
    moved = []
    for name in (n for n in names if not n.startswith("system.")):
        moved.append(_write(database, name, folder / f"{name}.jsonl"))
        tell(moved[-1])
    lines = {m.collection: {"documents": m.documents, "sha256": m.sha256} for m in moved}
    (folder / MANIFEST).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")
    return tuple(moved)


def import_database(database: Db, folder: Path, tell: Callable[[Moved], None]) -> tuple[Moved, ...]:
    """Write what `export_database` made into an empty database, and migrate it to the present shape.

    All checksums are checked before the first write, and what was written is read again and checked, too.
    Writing is repeatable.

    Raises:
        SetupError: the folder is not an export, a file of it was changed, or the database is in use.
    """
    manifest = _manifest(folder)
    for name, wanted in manifest.items():
        _prove(folder / f"{name}.jsonl", wanted["sha256"])
    if with_retry(lambda: database[LAST].find_one({}, {"_id": 1})):
        raise SetupError(f"database {database.name} is in use already; name an empty one to import into")
    collections.ensure_schema(database)
    # The shape is that of what comes, which may be older; the first release kept no record of its own.
    with_retry(partial(database.migrations.delete_many, {}))
    moved = []
    for name in sorted(manifest, key=lambda name: (name == LAST, name)):
        count = _read(database, name, folder / f"{name}.jsonl")
        _prove_written(database, name, manifest[name]["sha256"])
        moved.append(Moved(name, count, manifest[name]["sha256"]))
        tell(moved[-1])
    # Whoever was writing when this was exported writes elsewhere.
    with_retry(partial(database.leases.update_many, {}, {"$set": {"holder": None}}))
    migrations.migrate(database)
    return tuple(moved)


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SetupError(f"{folder} holds files already; name a new folder to export into")
    except OSError as error:
        raise SetupError(f"{folder} cannot be written ({error.strerror}); name another folder") from error


def _lines(database: Db, name: str) -> Iterator[bytes]:
    for document in database[name].find().sort("_id"):
        yield json_util.dumps(document, json_options=OPTIONS, ensure_ascii=False).encode() + b"\n"


def _digest(database: Db, name: str) -> str:
    """Return the SHA-256 that `_write` would give for a collection."""
    digest = hashlib.sha256()
    for line in _lines(database, name):
        digest.update(line)
    return digest.hexdigest()


def _prove_written(database: Db, name: str, wanted: str) -> None:
    if _digest(database, name) != wanted:
        raise SetupError(
            f"collection {name} of database {database.name} is not what was exported (sha256 differs), "
            "as where somebody wrote into it meanwhile; drop the database and import again"
        )


def _write(database: Db, name: str, path: Path) -> Moved:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for line in _lines(database, name):
            file.write(line)
            digest.update(line)
            count += 1
    return Moved(name, count, digest.hexdigest())


def _manifest(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        found: Mapping[str, Mapping[str, Any]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(
            f"{folder} is no export ({MANIFEST} cannot be read); name a folder that `etl db export` wrote"
        ) from error
    return found


def _prove(path: Path, wanted: str) -> None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}); copy the export again") from error
    if digest.hexdigest() != wanted:
        raise SetupError(f"{path} is not what was exported (sha256 differs); copy the export again")


def _read(database: Db, name: str, path: Path) -> int:
    count = 0
    for batch in _batches(path):
        writes = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in batch]
        with_retry(partial(database[name].bulk_write, writes, ordered=False, bypass_document_validation=True))
        count += len(batch)
    return count


def _batches(path: Path) -> Iterator[list[Doc]]:
    with path.open(encoding="utf-8") as file:
        documents = (json_util.loads(line, json_options=OPTIONS) for line in file)
        while batch := list(islice(documents, BATCH)):
            yield batch
