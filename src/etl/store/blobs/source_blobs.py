"""Keep raw bytes once by their SHA-256; everything can be made again from them.

Bytes are written before the report or the quarantine record that refers to them. A new fact about
bytes is a field of `SourceRecord`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from etl.model.report import SCHEMA_VERSION
from etl.store.blobs import layouts, overflow
from etl.store.driver.bypass import without_validator
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DUPLICATE_KEY
from etl.store.driver.queries import AT_ONCE, WRITTEN_AT_ONCE, find_all, find_by_values
from etl.store.records.blobs import ReleaseRecord, SourceRecord
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_bson


@dataclass(frozen=True, slots=True)
class SourceBlob:
    """Raw bytes to keep, with their hash, type and encoding, and the URI where they were found."""

    sha256: str
    uri: str
    media_type: str
    encoding: str | None
    payload: bytes = field(repr=False)


def put_blobs(db: Db, items: Iterable[SourceBlob], gridfs_above: int) -> None:
    """Store bytes that are new, in GridFS above ``gridfs_above``; add the URI to those that are stored."""
    chosen = sorted(
        {(item.sha256, item.uri): item for item in items}.values(), key=lambda i: (i.sha256, i.uri)
    )
    for first in range(0, len(chosen), WRITTEN_AT_ONCE):
        _keep(db, chosen[first : first + WRITTEN_AT_ONCE], gridfs_above)


def read_blob(db: Db, sha: str) -> bytes | None:
    """Return the bytes with this SHA-256; None where they are not kept."""
    found = with_retry(partial(db.sources.find_one, {"_id": sha}, {"payload": 1, "file": 1}))
    if found is None:
        return None
    return overflow.read_file(db, found["file"]) if found["file"] else bytes(found["payload"])


def release_blobs(db: Db, shas: Iterable[str]) -> None:
    """Note that a document is about to stop needing these bytes; `delete_released` deletes them later."""
    entries = [to_bson(ReleaseRecord(sha, now(), SCHEMA_VERSION)) for sha in sorted(set(shas))]
    for first in range(0, len(entries), AT_ONCE):
        writes = [ReplaceOne({"_id": e["_id"]}, e, upsert=True) for e in entries[first : first + AT_ONCE]]
        with_retry(partial(db.released.bulk_write, writes, ordered=False))


def delete_released(db: Db, allowed: Callable[[], None] = lambda: None) -> None:
    """Delete released bytes that nothing needs; only while no worker is about to refer to kept bytes.

    Where there are any, ``allowed`` is called first, and may raise.
    """
    released = find_all(db.released, {}, {"_id": 1})
    if released:
        allowed()
    for found in released:
        delete_unused(db, [found["_id"]])
        with_retry(partial(db.released.delete_one, {"_id": found["_id"]}))


def delete_unused(db: Db, shas: Iterable[str]) -> None:
    """Delete the bytes with these hashes that no report, revision or quarantine record refers to."""
    for sha in sorted(set(shas)):
        if not _used(db, sha):
            overflow.delete_file(db, f"raw:{sha}")
            layouts.delete_layout(db, sha)
            with_retry(partial(db.sources.delete_one, {"_id": sha}))


def _used(db: Db, sha: str) -> bool:
    return any(
        with_retry(partial(db[name].find_one, {path: sha}, {"_id": 1}))
        for name, path in (
            ("reports", "source.sha256"),
            ("quarantine", "sha256"),
            ("revisions", "report.source.sha256"),
        )
    )


def _keep(db: Db, items: Sequence[SourceBlob], gridfs_above: int) -> None:
    """Insert bytes that are new; add only the URI to those that are stored."""
    new = {item.sha256: item for item in reversed(items)}
    known = _places(db, [sha for sha, item in new.items() if len(item.payload) > gridfs_above])
    fresh = [_document(db, item, gridfs_above) for sha, item in new.items() if sha not in known]
    known |= _places(db, _insert(db, fresh))
    places = [
        UpdateOne({"_id": item.sha256}, {"$addToSet": {"uris": item.uri}})
        for item in items
        if item.uri not in known.get(item.sha256, {new[item.sha256].uri})
    ]
    if places:
        with_retry(partial(db.sources.bulk_write, places, ordered=False))


def _places(db: Db, shas: Iterable[str]) -> dict[str, set[str]]:
    """Return the URIs of each of these hashes whose bytes are stored."""
    found = find_by_values(db.sources, "_id", shas, {"uris": 1})
    return {entry["_id"]: set(entry["uris"]) for entry in found}


def _insert(db: Db, documents: Sequence[Doc]) -> set[str]:
    """Insert documents that are new; return the hashes of those that were there."""
    if not documents:
        return set()
    try:
        without_validator(
            db,
            lambda bypass: db.sources.insert_many(
                documents, ordered=False, bypass_document_validation=bypass
            ),
        )
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(one["code"] != DUPLICATE_KEY for one in failed):
            raise
        return {documents[one["index"]]["_id"] for one in failed}
    return set()


def _document(db: Db, item: SourceBlob, gridfs_above: int) -> Doc:
    file = f"raw:{item.sha256}" if len(item.payload) > gridfs_above else None
    if file:
        overflow.put_file(db, file, item.payload)
    stored: Doc = to_bson(
        SourceRecord(
            id=item.sha256,
            uris=(item.uri,),
            media_type=item.media_type,
            size=len(item.payload),
            encoding=item.encoding,
            payload=None if file else item.payload,
            file=file,
            first_seen=now(),
            schema_version=SCHEMA_VERSION,
        )
    )
    return stored
