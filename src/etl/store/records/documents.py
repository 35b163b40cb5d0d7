"""What the documents of each collection hold, as frozen dataclasses; ``reports`` adds `etl.model.Report`.

Validators, indexes and docs/schema.md follow from these, see `collections`. A new field is one line here
with a word of explanation in the docstring.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from etl.decisions import Decision
from etl.stages import Stage
from etl.store.records.process import Process

# What a run does; an older release takes a word that it does not know as it is.
RunKind = Literal["ingest", "reprocess", "delete", "retry", "drop", "maintain"]


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
class ReleaseRecord:
    """Bytes that something let go of; they go when nobody works, unless something else needs them.

    Attributes:
        id: sha256 of the bytes.
        noted_at: when.
        schema_version: of the shape of this document.
    """

    id: str
    noted_at: datetime
    schema_version: int


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many reports an entity has this name, role or place.

    Attributes:
        kind: which of the three.
        value: the name, the role, or ``code|chain`` of the place.
        reports: how many reports say so.
    """

    kind: Literal["name", "role", "place"]
    value: str
    reports: int


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """One thing that reports name, made from all reports that name it.

    Attributes:
        id: ``type:canonical name``, as in ``reports.entity_keys``.
        type: as in the entities of reports.
        name: the canonical name.
        names: the words by which reports call it, most frequent first.
        roles: roles given beside it, most frequent first.
        code: administrative division code of a place.
        chain: its names from the province down.
        reports: how many reports name it.
        first_seen: earliest ``published_on`` of those reports; null where none is dated.
        last_seen: latest ``published_on`` of those reports.
        tally: counts behind ``names``, ``roles`` and ``code``.
        change: number of the entry in ``changes`` that brought this state.
        schema_version: of the shape of this document.
    """

    id: str
    type: str
    name: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    code: str | None
    chain: str | None
    reports: int
    first_seen: str | None
    last_seen: str | None
    tally: tuple[Tally, ...]
    change: int
    schema_version: int


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A file that a run found and took for no report, or for none yet.

    Attributes:
        uri: where it is.
        why: one sentence.
    """

    uri: str
    why: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One ingest, reprocess or other job: what was asked, what came of it.

    Attributes:
        id: sorts by time.
        kind: what was asked for.
        state: stopped means asked to end early.
        started_at: when it began.
        ended_at: null while it runs.
        seconds: null while it runs.
        parameters: what was asked; never a secret.
        counts: see the counts of ``etl run --json``.
        stages: seconds that workers spent, by stage; two workers side by side spend two a second.
        versions: of this product, of Python and of the stages.
        process: the process that runs it, by which a dead run is told from a live one.
        beat_at: last sign of life.
        message: why it failed or what is left.
        schema_version: of the shape of this document; ``fence``: its number, see ``leases``.
        skipped: files that were no reports, the first 1,000; ``counts.skipped`` says how many there were.
    """

    id: str
    kind: RunKind
    state: Literal["running", "done", "stopped", "failed"]
    started_at: datetime
    ended_at: datetime | None
    seconds: float | None
    parameters: Mapping[str, Any]
    counts: Mapping[str, int]
    stages: Mapping[str, float]
    versions: Mapping[str, str]
    process: Process
    beat_at: datetime
    message: str | None
    schema_version: int
    fence: int = 0
    skipped: tuple[SkippedRecord, ...] = ()


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
        stage: the room that gave up.
        reason: one short word to filter by.
        error: class of the error.
        message: what was found, what was expected, what to do.
        attempts: runs that tried these bytes with a pipeline they had not been tried with.
        first_seen: when it was first set aside.
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


@dataclass(frozen=True, slots=True)
class RevisionRef:
    """A report's revision as it stood before a write; 0 for a report that was not there."""

    report_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class PendingRecord:
    """The intent of a write, recorded before it starts, so that what a crash left half done is found.

    Attributes:
        id: the mark on every document that this write makes.
        state: open while its writer works, closed when ``entities`` may follow.
        action: write (insert or replace) or delete.
        run_id: the run that it is part of.
        process: who writes.
        noted_at: when it began.
        steps: reports and their revisions as they were before; 0 for one that was not there.
        schema_version: of the shape of this document; ``fence``: of the run that writes.
    """

    id: str
    state: Literal["open", "closed"]
    action: Literal["write", "delete"]
    run_id: str
    process: Process
    noted_at: datetime
    steps: tuple[RevisionRef, ...]
    schema_version: int
    fence: int = 0


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """A revision that came into being, or a report that was taken down."""

    report_id: str
    revision: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One step in the life of the database, numbered without gaps.

    Attributes:
        id: 1, 2, 3 and so on.
        state: planned until ``entities`` agrees with it, then done.
        planned_at: when it was written.
        batches: the writes that it accounts for.
        changes: the revisions that they brought, each exactly once in this collection.
        plan: new states of entities (JSON, zlib) while planned, null when done.
        gone: entities that are named no more.
        linked: reports without a new revision whose ``reprint_of`` it changes.
        schema_version: of the shape of this document.
    """

    id: int
    state: Literal["planned", "done"]
    planned_at: datetime
    batches: tuple[str, ...]
    changes: tuple[ChangedReport, ...]
    plan: bytes | None
    schema_version: int
    gone: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """A pipeline that came to the same as the one that made a report.

    Attributes:
        id: the report.
        batch: the write that made the revision which was checked; of another revision it says nothing.
        pipeline: fingerprints by stage.
        schema_version: of the shape of this document.
    """

    id: str
    batch: str
    pipeline: Mapping[str, str]
    schema_version: int


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What a person decided about a repair of a report; no reprocessing changes or removes it.

    Attributes:
        id: report id, colon, a name made of the places that were decided about.
        report_id: the report.
        decision: what was decided about which place.
        decided_at: when; of two decisions that contradict each other the later one holds.
        decided_by: who, as they called themselves.
        note: why, in their words; null where they gave none.
        revision: of the report whose ledger they looked at.
        sha256: of the bytes that the report was made of then.
        orphaned_at: when the bytes were first found to lack the place; null while they have it.
        schema_version: of the shape of this document.
    """

    id: str
    report_id: str
    decision: Decision
    decided_at: datetime
    decided_by: str
    note: str | None
    revision: int
    sha256: str
    orphaned_at: datetime | None
    schema_version: int


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """The job that may write.

    Attributes:
        run_id: as in ``runs``.
        kind: what it does.
        process: by which a dead holder is told from a live one on the same host.
        since: when it began.
    """

    run_id: str
    kind: str
    process: Process
    since: datetime

    def words(self) -> str:
        """Who it is, for people."""
        where = f"process {self.process.pid} on host {self.process.host}"
        return f"run {self.run_id} ({self.kind}, {where}, since {self.since:%Y-%m-%d %H:%M:%S} UTC)"


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """The right to write into this database; there is one document.

    Attributes:
        id: always ``loading``.
        fence: number of the present or last holder.
        holder: null while nobody writes.
        expires_at: when the holder is taken for dead unless it shows life; by the clock of the database.
        schema_version: of the shape of this document.
    """

    id: str
    fence: int
    holder: LeaseHolder | None
    expires_at: datetime
    schema_version: int


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


@dataclass(frozen=True, slots=True)
class ReprintRecord:
    """By what a report is recognized when it comes again; short reports have none.

    Attributes:
        id: of the report.
        published_on: its day; with the id it says which of two is earlier.
        original: the earliest report that it is a reprint of; null where it is the first itself.
        bands: its signature where it is the first of its kind, else empty.
        copied_bands: its signature where it is a reprint, else empty.
        change: number of the entry in ``changes`` that brought this state.
        schema_version: of the shape of this document.
    """

    id: str
    published_on: str | None
    original: str | None
    bands: tuple[int, ...]
    copied_bands: tuple[int, ...]
    change: int
    schema_version: int


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """What a report was before it changed.

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
