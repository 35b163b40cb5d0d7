"""Move what is too large for one document into GridFS files named by their content.

Writing a file again changes nothing, and ordinary GridFS readers can read it. A field of a report that may
leave the document is one more name in `OFFLOADABLE_FIELDS`.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import bson
from bson.decimal128 import Decimal128
from bson.errors import InvalidDocument
from pymongo import ReplaceOne

from etl.model.errors import RejectError, TransientError
from etl.model.ids import sha256
from etl.store.driver.connection import Db, with_retry
from etl.store.records import compact
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_amount

CHUNK_BYTES = 1_000_000
CHUNKS_AT_ONCE = 8
# MongoDB refuses documents above 16 MiB; a revision wraps a whole document in a few fields more.
DOCUMENT_BYTES = 12_000_000
# Never the fields that are searched: those must stay where the indexes are.
OFFLOADABLE_FIELDS: dict[str, object] = {
    "runs": b"",
    "edits": [],
    "other_text": None,
    "paragraphs": {},
    "entities": [],
    "facts": [],
    "text": "",
    "keywords": [],
}


def put_file(db: Db, name: str, payload: bytes) -> None:
    """Store bytes under a name made from their content; complete once ``fs.files`` has the file's entry."""
    if with_retry(partial(db["fs.files"].find_one, {"_id": name}, {"_id": 1})):
        return
    pieces = range(0, len(payload), CHUNK_BYTES)
    for first in range(0, len(pieces), CHUNKS_AT_ONCE):
        writes = [
            ReplaceOne(
                {"_id": f"{name}:{n}"},
                {"files_id": name, "n": n, "data": payload[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES]},
                upsert=True,
            )
            for n in range(first, min(first + CHUNKS_AT_ONCE, len(pieces)))
        ]
        with_retry(partial(db["fs.chunks"].bulk_write, writes, ordered=False))
    entry = {"length": len(payload), "chunkSize": CHUNK_BYTES, "uploadDate": now(), "filename": name}
    with_retry(partial(db["fs.files"].replace_one, {"_id": name}, entry, upsert=True))


def read_file(db: Db, name: str) -> bytes:
    """Return the bytes stored under ``name``.

    Raises:
        TransientError: they are not complete (somebody is writing or removing them).
    """
    entry = with_retry(partial(db["fs.files"].find_one, {"_id": name}))
    pieces = with_retry(
        lambda: [piece["data"] for piece in db["fs.chunks"].find({"files_id": name}).sort("n")]
    )
    payload = b"".join(pieces)
    if entry is None or entry["length"] != len(payload):
        raise TransientError(
            f"file {name} in GridFS is not complete; if this stays, restore the database from a backup"
        )
    return payload


def delete_file(db: Db, name: str) -> None:
    """Delete a file, if there is one."""
    with_retry(partial(db["fs.files"].delete_one, {"_id": name}))
    with_retry(partial(db["fs.chunks"].delete_many, {"files_id": name}))


def split_oversized(document: Mapping[str, Any]) -> tuple[Doc, bytes]:
    """Return a report's document with ``parts`` set, and the bytes of its part file (empty where it fits).

    Raises:
        RejectError: it holds what MongoDB cannot store, or is too large even without its offloadable fields.
    """
    kept, moved = {**document, "parts": None}, {}
    size = _size(kept)
    fields = (
        sorted(OFFLOADABLE_FIELDS, key=lambda name: -_size({name: kept[name]}))
        if size > DOCUMENT_BYTES
        else []
    )
    for name in fields:
        if size <= DOCUMENT_BYTES:
            break
        size -= _size({name: kept[name]})
        moved[name] = kept[name]
        kept[name] = OFFLOADABLE_FIELDS[name]
    if size > DOCUMENT_BYTES:
        raise RejectError("store", "too large", f"its search terms alone take {size} bytes; split the report")
    if not moved:
        return kept, b""
    content = json.dumps(moved, ensure_ascii=False, sort_keys=True, default=_plain).encode()
    name = f"parts:{document['_id']}:{sha256(content)[:24]}"
    return kept | {"parts": {"file": name, "fields": sorted(moved)}}, zlib.compress(content)


def rehydrate(db: Db, document: Doc) -> Doc:
    """Return a stored report as it is printed, with the fields that stand in GridFS put back."""
    if not document.get("parts"):
        return compact.unpacked(document)
    moved = json.loads(zlib.decompress(read_file(db, document["parts"]["file"])))
    return compact.unpacked(document | {name: value for name, value in moved.items() if name in document})


def part_files(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the part files of stored reports, sorted, each once."""
    return sorted({document["parts"]["file"] for document in documents if document.get("parts")})


def _plain(value: object) -> float | str:
    """Return what JSON writes for a stored amount, with the same digits, or for bytes, as base64.

    Raises:
        TypeError: the value is neither.
    """
    if isinstance(value, Decimal128):
        return to_amount(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"{value!r} has no form in a part file; add a case to etl.store.blobs.overflow")


def _size(document: Mapping[str, Any]) -> int:
    try:
        return len(bson.encode(document))
    except (InvalidDocument, UnicodeEncodeError, OverflowError) as error:
        raise RejectError(
            "store", "unstorable", f"MongoDB cannot store it: {type(error).__name__}: {error}"
        ) from error
