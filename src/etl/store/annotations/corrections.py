"""Keep people's corrections apart from the reports, so that no reprocessing loses them.

A correction that was taken back stays, marked so, and is applied no more. Corrections are deleted only with
their report.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from etl.corrections.values import Amendment, Correction, correction_id
from etl.model.report import SCHEMA_VERSION
from etl.store.annotations.by_report import by_report
from etl.store.driver.connection import Db, with_retry
from etl.store.records.annotations import CorrectionRecord
from etl.store.records.clock import now
from etl.store.records.codec import to_bson

# Corrections are told apart by the time they were made, to the millisecond.
TICK = timedelta(milliseconds=1)


def corrections_of(db: Db, reports: Iterable[str]) -> dict[str, tuple[CorrectionRecord, ...]]:
    """Return all corrections of these reports, also those taken back, oldest first, by report id."""
    return by_report(db.corrections, CorrectionRecord, lambda record: record.corrected_at, reports)


def put_correction(db: Db, record: CorrectionRecord) -> None:
    """Store a correction; storing it again changes nothing."""
    with_retry(partial(db.corrections.replace_one, {"_id": record.id}, to_bson(record), upsert=True))


def make_record(
    report_id: str,
    amendment: Amendment,
    said: tuple[str, str | None],
    seen: tuple[int, str],
    known: tuple[CorrectionRecord, ...],
) -> CorrectionRecord:
    """Return a new record of a correction, later than all ``known`` ones of its report.

    If the latest of ``known`` with the same amendment is in force, that one is returned. ``said`` are who and
    their note, ``seen`` the revision and the SHA-256 of the bytes that they looked at.
    """
    own = f"{report_id}:{correction_id(amendment)}"
    alike = [record for record in known if record.id.partition("#")[0] == own]
    if alike and alike[-1].taken_back_at is None:
        return alike[-1]
    last = max((record.corrected_at for record in known), default=None)
    return CorrectionRecord(
        id=f"{own}#{len(alike) + 1}" if alike else own,
        report_id=report_id,
        amendment=amendment,
        corrected_at=max(now(), last + TICK) if last else now(),
        corrected_by=said[0],
        note=said[1],
        revision=seen[0],
        sha256=seen[1],
        taken_back_at=None,
        taken_back_by=None,
        schema_version=SCHEMA_VERSION,
    )


def taken_back(record: CorrectionRecord, by: str) -> CorrectionRecord:
    """Return the correction marked as taken back now, so that it is applied no more."""
    return replace(record, taken_back_at=now(), taken_back_by=by)


def in_force(records: Iterable[CorrectionRecord]) -> tuple[Correction, ...]:
    """Return the corrections that were not taken back, as the pipeline applies them."""
    return tuple(
        Correction(r.id, r.amendment, r.corrected_by, r.corrected_at, r.note)
        for r in records
        if r.taken_back_at is None
    )


def delete_corrections(db: Db, report: str, revision: int) -> None:
    """Delete the corrections of a deleted report whose last revision was this one."""
    query = {"report_id": report, "revision": {"$lte": revision}}
    with_retry(partial(db.corrections.delete_many, query))
