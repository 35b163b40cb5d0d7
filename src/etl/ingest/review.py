"""Record a person's decision about a repair, then make the report again with it.

`record_decision` is the way in. A decision is written before the report, and writing it again changes
nothing: after a crash, the same call finishes the work. More to say of a decision is a field of `Ruling`.
"""

from dataclasses import dataclass, replace
from functools import partial

from etl.ingest.jobs import reprocess_in_session
from etl.ingest.session import JobSession, open_session
from etl.ingest.stats import Summary
from etl.model.errors import SetupError
from etl.settings import Settings
from etl.store.annotations import decisions
from etl.store.blobs import overflow
from etl.store.driver.connection import with_retry
from etl.store.query import review
from etl.store.query.review import Item
from etl.store.records.annotations import DecisionRecord
from etl.store.records.codec import Doc
from etl.store.records.report_codec import from_document
from etl.store.reports import short_ids
from etl.wiring import decode

VERDICT = {True: "accepted", False: "rejected"}
OTHER = {True: "reject", False: "accept"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person says of one numbered repair of a report, and who says it.

    ``revision`` is the one that they read; if the report has another by now, the ruling is refused. None
    holds for whatever revision there is.
    """

    report_id: str
    number: int
    accepted: bool
    by: str
    note: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A stored decision, the revision of the report made with it, and how many suggestions that leaves open.

    Attributes:
        needs_review: whether a person should look at the report, for these or for another reason.
        summary: counts of the run that made the report again.
    """

    record: DecisionRecord
    revision: int
    open: int
    needs_review: bool
    summary: Summary


def record_decision(ruling: Ruling, settings: Settings) -> RecordedDecision:
    """Store a decision and make its report again.

    Raises:
        SetupError: there is no such report or number, it was so decided before, or it has another revision.
        UnavailableError, TransientError: as `etl.ingest.ingest`.
    """
    alone = settings.run.model_copy(update={"runner": "threads", "workers": 1})
    with open_session("reprocess", settings.model_copy(update={"run": alone})) as session:
        ruling = replace(ruling, report_id=short_ids.resolve_id(session.db, ruling.report_id, ("reports",)))
        record = decide_in_session(session, stored_report(session, ruling.report_id), ruling)
        summary = reprocess_in_session(session, [ruling.report_id])
        now = stored_report(session, ruling.report_id)
    return RecordedDecision(
        record, now["revision"], now["quality"]["suggestions"], now["needs_review"], summary
    )


def decide_in_session(session: JobSession, stored: Doc, ruling: Ruling) -> DecisionRecord:
    """Store a decision about a stored report in a session that is open, and leave the report as it is."""
    record = _decide(stored, session, ruling)
    decisions.put_decision(session.db, record)
    return record


def stored_report(session: JobSession, report_id: str) -> Doc:
    """Return the document of a stored report, complete with its offloaded fields.

    Raises:
        SetupError: no report has this id.
    """
    found = with_retry(partial(session.db.reports.find_one, {"_id": report_id}))
    if found is None:
        raise SetupError(f"no report has the id {report_id}; find ids with `etl review` or `etl search`")
    return overflow.rehydrate(session.db, found)


def _decide(stored: Doc, session: JobSession, ruling: Ruling) -> DecisionRecord:
    """Return the record of a decision, under the id of an earlier decision about the same repair, if any."""
    if ruling.revision not in (None, stored["revision"]):
        raise SetupError(
            f"report {ruling.report_id} has revision {stored['revision']}, not {ruling.revision}, "
            f"and its repairs may count differently; look again with `etl review {ruling.report_id}`"
        )
    report = from_document(stored)
    item = review.read_review(session.db, report, stored["revision"], decode).item(ruling.number)
    _refuse_twice(item, ruling)
    before = item.record
    said = replace(before.decision if before else item.decision, accepted=ruling.accepted)
    seen = (stored["revision"], report.source.sha256)
    record = decisions.make_record(report.id, said, (ruling.by, ruling.note), seen)
    return replace(record, id=before.id) if before else record


def _refuse_twice(item: Item, ruling: Ruling) -> None:
    if item.state != VERDICT[ruling.accepted]:
        return
    by = f" by {item.record.decided_by} on {item.record.decided_at:%Y-%m-%d}" if item.record else ""
    raise SetupError(
        f"repair {ruling.number} of report {ruling.report_id} was {item.state} already{by}; "
        f"to say otherwise, `etl review {ruling.report_id} {OTHER[ruling.accepted]} {ruling.number}`"
    )
