"""Decide about repairs, correct reports, and take either back: the functions behind every form and command.

Read first: `etl.connect()` (or `etl.wiring.open_store`) gives a store, and ``store.review(report_id)`` a
`Review` with the revision, the numbered repairs (``items``; those undecided also in ``open``), the decisions
in force (``decided``) and the corrections (``corrections``: number, record, state). Then call one of these::

    me = Signature(by="李芳", note="读过原件", revision=review.revision)
    accept(report_id, 2, me, settings)
    reject(report_id, 3, me, settings)
    correct(report_id, ChangeText(120, 122, "张丰"), me, settings)
    correct(report_id, SplitParagraph(200), me, settings)
    correct(report_id, JoinParagraphs(at=200), me, settings)
    correct(report_id, SetKind(0, "heading"), me, settings)
    correct(report_id, SetEntity(120, 122, "person", values={"roles": "主任"}), me, settings)
    take_back(report_id, [record.id], me, settings)  # ids of decisions or corrections; None: all in force

Offsets count code points of ``report.text`` in the revision that the signature names. Each function waits for
the write lease, makes the report again, and returns `Settled`. A request that cannot be met is a `SetupError`
with a message for the person; so is one about an older revision, so that of two people who look at the same
text the second one is told. Another kind of request is a function here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from etl.corrections.requests import (
    ChangeText,
    CorrectionRequest,
    JoinParagraphs,
    SetEntity,
    SetKind,
    SplitParagraph,
    amendment_of,
)
from etl.ingest.jobs import reprocess_in_session
from etl.ingest.review import Ruling, decide_in_session, stored_report
from etl.ingest.session import JobSession, open_session
from etl.ingest.stats import Summary
from etl.model.errors import SetupError
from etl.settings import Settings
from etl.store.annotations import corrections, decisions
from etl.store.annotations.notes import NONE, notes_of
from etl.store.coordination.lease import check_lease
from etl.store.query import review
from etl.store.records.codec import Doc
from etl.store.records.report_codec import from_document
from etl.store.reports import short_ids
from etl.wiring import decode

__all__ = [
    "ChangeText",
    "CorrectionRequest",
    "JoinParagraphs",
    "SetEntity",
    "SetKind",
    "Settled",
    "Signature",
    "SplitParagraph",
    "accept",
    "correct",
    "reject",
    "take_back",
]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who makes a request, why, and the revision that they read; None for the newest, whatever its number."""

    by: str
    note: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A report after a decision, a correction or the withdrawal of some.

    Attributes:
        report_id: full id of the report.
        ids: of the decisions or corrections that were made or taken back.
        revision: number of the report's present revision.
        open: number of suggestions without a decision.
        lost: number of corrections whose words are no longer in the text.
        needs_review: whether a person should look at the report, for these or for another reason.
        summary: counts of the run that made the report again.
    """

    report_id: str
    ids: tuple[str, ...]
    revision: int
    open: int
    lost: int
    needs_review: bool
    summary: Summary


def accept(report_id: str, number: int, signature: Signature, settings: Settings) -> Settled:
    """Record that a numbered repair or suggestion is right, and make the report again.

    Raises:
        SetupError: there is no such report or number, it is accepted already, or the revision is another.
        UnavailableError, TransientError: as `etl.ingest.ingest`.
    """
    return _settle(report_id, number, signature, settings, accepted=True)


def reject(report_id: str, number: int, signature: Signature, settings: Settings) -> Settled:
    """Record that a numbered repair or suggestion is wrong, and make the report again; raises as `accept`."""
    return _settle(report_id, number, signature, settings, accepted=False)


def correct(
    report_id: str,
    asked: CorrectionRequest | Sequence[CorrectionRequest],
    signature: Signature,
    settings: Settings,
) -> Settled:
    """Store a correction, or several of one revision, and make the report again with them.

    Storing the same correction once more changes nothing, and finishes what a crash cut short.

    Raises:
        SetupError: a correction cannot be made, or the report has another revision.
        UnavailableError, TransientError: as `etl.ingest.ingest`.
    """

    def keep(session: JobSession, stored: Doc) -> tuple[str, ...]:
        report = from_document(stored)
        ground = review.ground_of(session.db, report, decode)
        wishes = asked if isinstance(asked, Sequence) else (asked,)
        amendments = [amendment_of(one, report, ground) for one in wishes]
        known = corrections.corrections_of(session.db, [report.id]).get(report.id, ())
        seen, said = (stored["revision"], report.source.sha256), (signature.by, signature.note)
        out: list[str] = []
        for amendment in amendments:
            record = corrections.make_record(report.id, amendment, said, seen, known)
            corrections.put_correction(session.db, record)
            known, out = (*known, record), [*out, record.id]
        return tuple(out)

    return _spoken(report_id, signature, settings, keep)


def take_back(report_id: str, ids: Sequence[str] | None, signature: Signature, settings: Settings) -> Settled:
    """Take back the decisions and corrections with these ids, or all if None, and make the report again.

    Raises:
        SetupError: one of them is not in force, there is none, or the report has another revision.
        UnavailableError, TransientError: as `etl.ingest.ingest`.
    """

    def undo(session: JobSession, stored: Doc) -> tuple[str, ...]:
        notes = notes_of(session.db, [stored["_id"]]).get(stored["_id"], NONE)
        held = {record.id: record for record in notes.held}
        chosen = list(held) if ids is None else list(dict.fromkeys(ids))
        unknown = [one for one in chosen if one not in held]
        if unknown or not chosen:
            what = f"{unknown[0]} holds no longer" if unknown else "nothing was decided or corrected"
            raise SetupError(f"{what}; see `etl review {stored['_id']}`")
        for record in notes.decisions:
            if record.id in chosen:
                decisions.take_back(session.db, record, signature.by)
        for correction in notes.corrections:
            if correction.id in chosen:
                corrections.put_correction(session.db, corrections.taken_back(correction, signature.by))
        return tuple(chosen)

    return _spoken(report_id, signature, settings, undo)


def _settle(
    report_id: str, number: int, signature: Signature, settings: Settings, *, accepted: bool
) -> Settled:
    def keep(session: JobSession, stored: Doc) -> tuple[str, ...]:
        ruling = Ruling(stored["_id"], number, accepted, signature.by, signature.note, signature.revision)
        return (decide_in_session(session, stored, ruling).id,)

    return _spoken(report_id, signature, settings, keep)


def _spoken(
    report_id: str,
    signature: Signature,
    settings: Settings,
    keep: Callable[[JobSession, Doc], tuple[str, ...]],
) -> Settled:
    """Call ``keep`` under the write lease to store notes on a report, then make the report again."""
    alone = settings.run.model_copy(update={"runner": "threads", "workers": 1})
    with open_session("reprocess", settings.model_copy(update={"run": alone})) as session:
        stored = stored_report(session, short_ids.resolve_id(session.db, report_id, ("reports",)))
        if signature.revision not in (None, stored["revision"]):
            raise SetupError(
                f"report {stored['_id']} has revision {stored['revision']}, not {signature.revision}: "
                "somebody changed it meanwhile; look at it again"
            )
        check_lease(session.db, session.lease)
        ids = keep(session, stored)
        summary = reprocess_in_session(session, [stored["_id"]])
        now = stored_report(session, stored["_id"])
    lost = sum(one["state"] == "no longer fits" for one in now["corrections"])
    return Settled(
        now["_id"], ids, now["revision"], now["quality"]["suggestions"], lost, now["needs_review"], summary
    )
