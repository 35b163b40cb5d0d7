"""Write what people said of reports as test cases: the text, their notes, and how it should then read.

A case needs no database. A new thing to check is a field of a line of ``expected``.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from etl.corrections import EntityEdit, KindEdit
from etl.model.report import RawReport, Report
from etl.store.annotations.notes import NONE, Notes, notes_of
from etl.store.blobs import overflow, source_blobs
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_by_values
from etl.store.records.annotations import CorrectionRecord, DecisionRecord
from etl.store.records.codec import Doc, to_bson
from etl.store.records.report_codec import from_document

# Characters on each side of a place that are expected to read so.
AROUND = 16
Decode = Callable[[RawReport], str]


def cases_of(db: Db, ids: Sequence[str] | None, decode: Decode) -> Iterator[Doc]:
    """Yield a case for each of these reports (None: all) with a decision or correction in force."""
    chosen = _spoken_of(db) if ids is None else ids
    for one in chosen:
        notes = notes_of(db, [one]).get(one, NONE)
        for found in find_by_values(db.reports, "_id", [one]) if notes.held else ():
            report = from_document(overflow.rehydrate(db, found))
            payload = source_blobs.read_blob(db, report.source.sha256)
            if payload is not None:
                yield _case(report, notes, payload, decode)


def _spoken_of(db: Db) -> Sequence[str]:
    held = {"taken_back_at": None}
    names = (
        with_retry(partial(db[name].distinct, "report_id", held)) for name in ("decisions", "corrections")
    )
    return sorted({one for found in names for one in found})


def _case(report: Report, notes: Notes, payload: bytes, decode: Decode) -> Doc:
    source = report.source
    raw = decode(RawReport(source.uri, source.media_type, payload))
    plain = source.media_type == "text/plain"
    body = {"text": raw} if plain else {"payload": base64.b64encode(payload).decode("ascii")}
    decided = [one for one in notes.decisions if one.taken_back_at is None]
    corrected = [one for one in notes.corrections if one.taken_back_at is None]
    return {
        "report": report.id,
        "name": source.uri.rpartition("/")[2],
        "media_type": source.media_type,
        "published_on": source.published_on,
        **body,
        "decisions": [_decision(one) for one in decided],
        "corrections": [_correction(one) for one in corrected],
        "expected": list(_expected(report, decided, corrected)),
    }


def _decision(record: DecisionRecord) -> Doc:
    said = {"by": record.decided_by, "at": record.decided_at.isoformat(), "note": record.note}
    return {"id": record.id, **said, "decision": to_bson(record.decision)}


def _correction(record: CorrectionRecord) -> Doc:
    said = {"by": record.corrected_by, "at": record.corrected_at.isoformat(), "note": record.note}
    return {"id": record.id, **said, "amendment": to_bson(record.amendment)}


def _expected(
    report: Report, decided: Sequence[DecisionRecord], corrected: Sequence[CorrectionRecord]
) -> Iterator[Doc]:
    """Yield the words that should stand where each note applies; skip a note that no longer fits the text."""
    for one in decided:
        at = _position(report, one.decision.left.at if one.decision.left else one.decision.right.at)
        if one.orphaned_at is None and one.sha256 == report.source.sha256:
            yield {"id": one.id, "words": _around(report.text, at, at)}
    became = {one.id: one for one in report.corrections}
    for record in corrected:
        now = became.get(record.id)
        if now is None or now.start is None or now.end is None:
            continue
        words: dict[str, Any] = {"id": record.id, "words": _around(report.text, now.start, now.end)}
        if isinstance(record.amendment, EntityEdit):
            words["entity"] = [record.amendment.kind, report.text[now.start : now.end]]
        if isinstance(record.amendment, KindEdit):
            words["paragraph"] = [record.amendment.kind, report.text[now.start : now.end]]
        yield words


def _position(report: Report, raw: int) -> int:
    """Return the offset in the text where the characters end that come before a raw offset; 0 for none."""
    before = [run for run in report.runs if run.raw_start < run.raw_end and run.raw_start < raw]
    last = max(before, key=lambda run: run.raw_start, default=None)
    return min(last.end, last.start + raw - last.raw_start) if last else 0


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - AROUND) : end + AROUND]
