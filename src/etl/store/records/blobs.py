"""Declare records of raw bytes, of the page layout read from them, and of bytes that were released."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Raw bytes, kept once however many reports were made of them.

    Attributes:
        id: sha256 of the bytes.
        uris: every place at which these bytes were seen.
        media_type: guessed from the name.
        size: bytes.
        encoding: how they were read; null where they never were.
        payload: the bytes; null where they are in GridFS.
        file: ``_id`` of the GridFS file; null where the bytes are here.
        first_seen: when they were first stored.
        schema_version: of the shape of this document.
    """

    id: str
    uris: tuple[str, ...]
    media_type: str
    size: int
    encoding: str | None
    payload: bytes | None
    file: str | None
    first_seen: datetime
    schema_version: int


@dataclass(frozen=True, slots=True)
class LayoutRecord:
    """Where the text that was read from raw bytes stands on its pages.

    Attributes:
        id: sha256 of the bytes.
        made_by: fingerprint of the reading that made it, ``pipeline.read`` of its reports.
        packed: rows of start, end, page, left, top, right and bottom in tenths of a point, and certainty in
            per cent: numbers as JSON, packed with zlib.
        schema_version: of the shape of this document.
    """

    id: str
    made_by: str
    packed: bytes
    schema_version: int


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """Bytes that a document released; between jobs they are deleted, unless another document needs them.

    Attributes:
        id: sha256 of the bytes.
        noted_at: when.
        schema_version: of the shape of this document.
    """

    id: str
    noted_at: datetime
    schema_version: int
