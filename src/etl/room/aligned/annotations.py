"""Describe the corrections and decisions of a report that hold, and what became of them.

Another kind of correction is a case in `_corrected`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from etl.corrections import Amendment, EntityEdit, KindEdit, ParagraphJoin, ParagraphSplit, TextEdit
from etl.model.decisions import Decision
from etl.model.report import Report
from etl.room import addresses
from etl.room.words import Interface
from etl.store.annotations.notes import Notes


@dataclass(frozen=True, slots=True)
class Remark:
    """One correction or decision.

    Attributes:
        id: by which it is taken back.
        words: what it says.
        state: of a correction made, needless or no longer fits; empty where that is not known.
        reason: why it does not fit.
        place: address of its place in the raw text.
    """

    id: str
    words: str
    by: str
    at: datetime
    note: str | None
    state: str
    reason: str
    place: str


def describe_annotations(report: Report, notes: Notes, words: Interface) -> Iterator[Remark]:
    """Yield what holds: corrections, then decisions."""
    became = {one.id: one for one in report.corrections}
    for record in notes.corrections:
        if record.taken_back_at is None:
            passage, outcome = record.amendment.passage, became.get(record.id)
            yield Remark(
                id=record.id,
                words=_corrected(record.amendment, words),
                by=record.corrected_by,
                at=record.corrected_at,
                note=record.note,
                state=outcome.state if outcome else "",
                reason=(outcome.reason if outcome else None) or "",
                place=addresses.raw_url(
                    report.id, passage.start.at, max(passage.end.at, passage.start.at + 1)
                ),
            )
    for decided in notes.decisions:
        if decided.taken_back_at is None:
            state = "no longer fits" if decided.orphaned_at else ""
            said, at = _decided(decided.decision, words), decided.decision.right.at
            place = addresses.raw_url(report.id, at, at + 1)
            who = (decided.decided_by, decided.decided_at, decided.note)
            yield Remark(decided.id, said, *who, state, "", place)


def _corrected(amendment: Amendment, words: Interface) -> str:
    meant = amendment.passage.meant
    match amendment:
        case TextEdit():
            said = "text" if meant and amendment.after else "deletion" if meant else "insertion"
            return words(f"said.{said}", before=meant, after=amendment.after)
        case ParagraphSplit():
            return words("said.split", around=_around(amendment.passage.text, amendment.passage.from_start))
        case ParagraphJoin():
            return words("said.join", around=_around(amendment.passage.text, amendment.passage.from_start))
        case KindEdit():
            return words("said.kind", text=meant, kind=words(f"paragraph.{amendment.kind}"))
        case EntityEdit():
            kind = words(f"kind.{amendment.kind}") if amendment.kind else words("said.nothing")
            given = "、".join(f"{name} {value}" for name, value in amendment.values.items())
            return words("said.entity", text=meant, kind=kind) + (f" ({given})" if given else "")


def _around(text: str, at: int) -> str:
    return f"…{text[max(0, at - 12) : at]} ‖ {text[at : at + 12]}…".replace("\n", "⏎")


def _decided(decision: Decision, words: Interface) -> str:
    verdict = words("state.accepted" if decision.accepted else "state.rejected")
    left = decision.left or decision.right
    return f"{verdict}: {decision.rule} …{left.before[-12:]} ‖ {decision.right.after[:12]}…"
