"""Processing again from the stored bytes: reports after a rule has changed, quarantined ones to heal them.

The sources are not asked. A new reason to process again is a function beside `reprocess_batch`.
"""

from collections.abc import Sequence
from datetime import date

from etl.errors import RejectError, TransientError
from etl.ingest.attempt import attempt, fetched
from etl.ingest.counts import Counts
from etl.ingest.shelf import Made, Shelf
from etl.ingest.workshop import Workshop, workshop
from etl.model import Candidate, RawReport
from etl.pipeline import rejected
from etl.settings import Settings
from etl.store import quarantine, reports, sources
from etl.store.records import QuarantineRecord


def reprocess_batch(ids: Sequence[str], settings: Settings, run_id: str) -> Counts:
    """Make these reports again from their stored bytes; what comes out the same is left as it is.

    Raises:
        TransientError: the database stays away; what was stored stays.
    """
    tools = workshop(settings)
    shelf = Shelf(tools, run_id, heals=False)
    for held in reports.held(tools.db, "_id", ids):
        payload = sources.payload(tools.db, held.sha256)
        if payload is None:
            shelf.count(Counts(left=1))
            continue
        raw = RawReport(held.uri, held.media_type, payload, _day(held.published_on), held.size, held.modified)
        shelf.put(Made(raw, held.id, held, attempt(raw, held.id, tools)))
    return shelf.finish()


def retry_batch(ids: Sequence[str], settings: Settings, run_id: str) -> Counts:
    """Try quarantined reports again, from stored bytes or, where there were none, from their source.

    Raises:
        TransientError: the database stays away; what was stored stays.
    """
    tools = workshop(settings)
    shelf = Shelf(tools, run_id)
    known = {held.id: held for held in reports.held(tools.db, "_id", ids)}
    for record in quarantine.listed(tools.db, ids=ids):
        try:
            raw = _bytes(record, tools)
        except TransientError:
            shelf.count(Counts(left=1))
            continue
        if isinstance(raw, RejectError):
            nothing = RawReport(record.uri, record.media_type, b"")
            refused = rejected(nothing, raw)
            shelf.refuse(quarantine.Refusal(record.id, quarantine.without_bytes(refused)))
        else:
            shelf.put(Made(raw, record.id, known.get(record.id), attempt(raw, record.id, tools)))
    return shelf.finish()


def _bytes(record: QuarantineRecord, tools: Workshop) -> RawReport | RejectError:
    payload = sources.payload(tools.db, record.sha256) if record.sha256 else None
    if payload is not None:
        day = _day(record.published_on)
        return RawReport(record.uri, record.media_type, payload, day, record.size, record.modified)
    try:
        return fetched(Candidate(record.uri, record.media_type), tools.settings.source)
    except RejectError as error:
        return error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
