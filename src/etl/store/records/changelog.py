"""Declare records of the log of changes, and of what follows from it: entities and reprints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """A new revision of a report, or its deletion."""

    report_id: str
    revision: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One entry of the log of changes, numbered without gaps.

    Attributes:
        id: 1, 2, 3 and so on.
        state: planned until ``entities`` agrees with it, then done.
        planned_at: when it was written.
        batches: the writes that it accounts for.
        changes: the revisions that they brought, each exactly once in this collection.
        plan: new states of entities (JSON, zlib) while planned, null when done.
        gone: entities that no report names any more.
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
class Tally:
    """The number of reports in which an entity has one name, role or place.

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
class ReprintRecord:
    """The signature by which a report is recognized when it is printed again; short reports have none.

    Attributes:
        id: of the report.
        published_on: its day; with the id it says which of two is earlier.
        original: the earliest report that it is a reprint of; null where it is the original itself.
        bands: its signature where it is an original, else empty.
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
