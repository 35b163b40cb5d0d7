"""Records of what is noted about a report and outlives its revisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from etl.decisions import Decision


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
