"""Declare records of what is noted about a report beside it: verifications, decisions, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from etl.corrections.values import Amendment
from etl.model.decisions import Decision


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """A newer pipeline that made the same report as the one stored, which was then not written again.

    Attributes:
        id: the report.
        batch: the write that made the verified revision; the record is void for any other revision.
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
        taken_back_at: when it was taken back, so that it is obeyed no more; null while it holds.
        taken_back_by: who took it back.
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
    taken_back_at: datetime | None
    taken_back_by: str | None
    schema_version: int


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """What a person corrected in a report; no reprocessing changes or removes it.

    Attributes:
        id: report id, colon, a name made of the amendment; with a number where it was made again.
        report_id: the report.
        amendment: what shall stand where, and what stood there.
        corrected_at: when; corrections are carried out in this order.
        corrected_by: who, as they called themselves.
        note: why, in their words; null where they gave none.
        revision: of the report that they looked at.
        sha256: of the bytes that the report was made of then.
        taken_back_at: when it was taken back, so that it is carried out no more; null while it holds.
        taken_back_by: who took it back.
        schema_version: of the shape of this document.
    """

    id: str
    report_id: str
    amendment: Amendment
    corrected_at: datetime
    corrected_by: str
    note: str | None
    revision: int
    sha256: str
    taken_back_at: datetime | None
    taken_back_by: str | None
    schema_version: int
