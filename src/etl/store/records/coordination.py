"""Declare records of runs, of the write lease, and of write intents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from etl.store.records.process import Process
from etl.store.records.reports import RevisionRef

# What a run does; an older release takes a word that it does not know as it is.
RunKind = Literal["ingest", "reprocess", "delete", "retry", "drop", "maintain"]


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A file that a run took for no report, or for one still being written.

    Attributes:
        uri: where it is.
        why: one sentence.
    """

    uri: str
    why: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One ingest, reprocess or other job: its parameters and its outcome.

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
        process: the process that runs it, by which a crashed run is told from a live one.
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
        """Return who holds the lease, in a phrase for people: run, kind, process, host, since when."""
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
