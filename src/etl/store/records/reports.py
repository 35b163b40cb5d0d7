"""Declare records of reports beside their content, of their revisions, and of quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.model.stages import Stage


@dataclass(frozen=True, slots=True)
class Parts:
    """Fields of a report that are too large for one document.

    Attributes:
        file: `_id` of the GridFS file that holds them, as JSON packed with zlib.
        fields: their names.
    """

    file: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """What the database knows of a report beside its content.

    Attributes:
        revision: 1 for the first version, one more with every change.
        batch: the write that made this revision, see ``pending``.
        run_id: the run that made this revision.
        first_loaded_at: when the report was first stored.
        loaded_at: when this revision was stored.
        parts: fields that stand in GridFS and are empty here; null for all but huge reports.
        fence: of the run that wrote last, see ``leases``; no run with a lower one writes here again.
        change: number of the entry in ``changes`` that set ``reprint_of``; 0 where none did.
    """

    revision: int
    batch: str
    run_id: str
    first_loaded_at: datetime
    loaded_at: datetime
    parts: Parts | None
    fence: int = 0
    change: int = 0


@dataclass(frozen=True, slots=True)
class RevisionRef:
    """A report's revision as it stood before a write; 0 for a report that was not there."""

    report_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A former version of a report.

    Attributes:
        id: report id, colon, revision.
        report_id: the report.
        revision: which of its versions this is.
        report: the whole document as it stood in ``reports``.
        replaced_at: when the next revision took its place.
        run_id: the run that replaced it.
        schema_version: of the shape of this document.
    """

    id: str
    report_id: str
    revision: int
    report: Mapping[str, Any]
    replaced_at: datetime
    run_id: str
    schema_version: int


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A report that could not be made; its bytes wait in ``sources``.

    Attributes:
        id: id that the report has or would have.
        uri: where the file is.
        media_type: guessed from its name.
        sha256: of the bytes; null where nothing could be read.
        size: bytes, where the source says.
        modified: the stamp that the source gave.
        published_on: the day that was given beside the bytes.
        stage: the stage that failed.
        reason: one short word to filter by.
        error: class of the error.
        message: what was found, what was expected, what to do.
        attempts: runs that tried these bytes with a pipeline they had not been tried with.
        first_seen: when it was first quarantined.
        last_seen: when a run last met it.
        pipeline: fingerprints by stage of the last try.
        run_id: the run that last met it.
        schema_version: of the shape of this document; ``fence``: as in ``reports``.
    """

    id: str
    uri: str
    media_type: str
    sha256: str | None
    size: int | None
    modified: str | None
    published_on: str | None
    stage: Stage
    reason: str
    error: str
    message: str
    attempts: int
    first_seen: datetime
    last_seen: datetime
    pipeline: Mapping[str, str]
    run_id: str
    schema_version: int
    fence: int = 0
