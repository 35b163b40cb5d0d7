"""Read what waits for a person's eye: the repairs of a report, numbered, with the text around each.

`read_review` is what `etl review ID` shows, `reports_to_review` the list without an id. A new thing to say of
a repair is a field of `Item`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from etl.corrections.anchoring import Ground
from etl.model.decisions import Decision, Placed, Places, is_repair, matches_decision, place
from etl.model.errors import SetupError
from etl.model.report import Corrected, RawReport, Report
from etl.model.traced import Change, RawToText, Traced
from etl.store.annotations import corrections, decisions
from etl.store.blobs import source_blobs
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_all
from etl.store.records.annotations import CorrectionRecord, DecisionRecord
from etl.store.records.codec import Doc

State = Literal["open", "made", "accepted", "rejected"]
MOST_PAGES = 10  # that a line names


@dataclass(frozen=True, slots=True)
class Item:
    """One repair or suggestion that a person may decide.

    Attributes:
        number: its place among the repairs in the ledger, from 1; holds as long as the revision does.
        state: open waits for a decision; made by the program; accepted or rejected by a person.
        change: the line of the ledger.
        decision: what accepting it would decide, with the text around its places.
        record: the last decision about it; None where there is none.
    """

    number: int
    state: State
    change: Change
    decision: Decision
    record: DecisionRecord | None


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One correction of a report.

    Attributes:
        number: its place among all corrections of the report, from 1; it never changes.
        record: what was corrected, by whom, when and why, and whether it was taken back.
        became: its state in this revision; None where it was taken back or is not applied yet.
    """

    number: int
    record: CorrectionRecord
    became: Corrected | None


@dataclass(frozen=True, slots=True)
class Review:
    """The repairs of a report that people may decide, and what they have said about the report.

    Attributes:
        items: its repairs and suggestions, numbered.
        where: maps raw offsets to offsets in its text.
        orphans: decisions for which its raw text has no place any more.
        corrections: in the order in which they were made; ``decided`` are the decisions in force.
    """

    report_id: str
    title: str
    revision: int
    sha256: str
    items: tuple[Item, ...]
    orphans: tuple[DecisionRecord, ...]
    where: RawToText
    corrections: tuple[CorrectionItem, ...] = ()
    decided: tuple[DecisionRecord, ...] = ()

    @property
    def open(self) -> tuple[Item, ...]:
        """Items that wait for a decision."""
        return tuple(item for item in self.items if item.state == "open")

    def item(self, number: int) -> Item:
        """Return the item with this number.

        Raises:
            SetupError: there is none.
        """
        if not 1 <= number <= len(self.items):
            there = f"1 to {len(self.items)}" if self.items else "none"
            raise SetupError(
                f"report {self.report_id} has no repair {number}; it has {there}, "
                f"see `etl review {self.report_id}`"
            )
        return self.items[number - 1]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that needs review.

    Attributes:
        suggestions: how many wait for a decision.
        orphans: how many decisions no longer fit the raw text; ``lost``: how many corrections.
        reasons: why it needs review.
    """

    id: str
    title: str
    published_on: str | None
    suggestions: int
    orphans: int
    reasons: tuple[str, ...] = ()
    lost: int = 0


def read_review(db: Db, report: Report, revision: int, decode: Callable[[RawReport], str]) -> Review:
    """Return the review of a stored report; ``decode`` decodes its bytes to the raw text.

    Raises:
        SetupError: its bytes are not kept, or are read differently now than when it was made.
    """
    known = decisions.decisions_of(db, [report.id]).get(report.id, ())
    records = tuple(record for record in known if record.taken_back_at is None)
    raw = _raw(db, report, decode)
    placed, _ = place(raw, [record.decision for record in records])
    places = Places(raw, Traced(report.text, report.runs))
    repairs = [change for change in report.edits if is_repair(change)]
    return Review(
        report_id=report.id,
        title=report.title,
        revision=revision,
        sha256=report.source.sha256,
        items=tuple(
            _item(n, change, places, _told(change, placed, records)) for n, change in enumerate(repairs, 1)
        ),
        orphans=tuple(record for record in records if record.orphaned_at),
        where=places.where,
        corrections=_corrections(db, report),
        decided=records,
    )


def ground_of(db: Db, report: Report, decode: Callable[[RawReport], str]) -> Ground:
    """Return the raw text of a stored report, with where each stretch of the report comes from.

    Raises:
        SetupError: as `read_review`.
    """
    return Ground(_raw(db, report, decode), Traced(report.text, report.runs))


def _corrections(db: Db, report: Report) -> tuple[CorrectionItem, ...]:
    known = corrections.corrections_of(db, [report.id]).get(report.id, ())
    became = {one.id: one for one in report.corrections}
    return tuple(
        CorrectionItem(number, record, None if record.taken_back_at else became.get(record.id))
        for number, record in enumerate(known, 1)
    )


def reports_to_review(db: Db, limit: int, after: str) -> tuple[Waiting, ...]:
    """Return at most ``limit`` reports that need review, sorted by id, from those behind the id ``after``."""
    orphans = [entry["report_id"] for entry in find_all(db.decisions, _LOST, {"report_id": 1})]
    query: Doc = {"needs_review": True}
    if orphans:
        query = {"$or": [query, {"_id": {"$in": sorted(set(orphans))}}]}
    fields = {"title": 1, "published_on": 1, "quality": 1, "review_reasons": 1, "corrections": 1}
    cursor = partial(db.reports.find, {**query, "_id": {"$gt": after}}, fields)
    found = with_retry(lambda: list(cursor().sort("_id").limit(limit)))
    return tuple(
        Waiting(
            e["_id"],
            e["title"],
            e["published_on"],
            e["quality"].get("suggestions", 0),
            orphans.count(e["_id"]),
            tuple(_named(one, e["quality"]) for one in e.get("review_reasons", ())),
            sum(one["state"] == "no longer fits" for one in e.get("corrections", ())),
        )
        for e in found
    )


def _named(reason: str, quality: Doc) -> str:
    """Return a reason with the pages that it is about, if any."""
    if reason != "doubtful order":
        return reason
    pages = [*map(str, quality["doubtful_pages"])]
    return f"{reason} (page {', '.join(pages[:MOST_PAGES])}{', …' if pages[MOST_PAGES:] else ''})"


def count_orphans(db: Db) -> int:
    """Count the decisions that fit no place in their raw text any more."""
    return with_retry(partial(db.decisions.count_documents, _LOST))


def count_lost(db: Db) -> int:
    """Count the reports with a correction that no longer fits."""
    # One condition first and by itself: the embedded server uses an index for a single one only.
    conditions: tuple[Doc, ...] = ({"needs_review": True}, {"review_reasons": "lost corrections"})
    stages: list[Doc] = [*({"$match": one} for one in conditions), {"$count": "reports"}]
    found = with_retry(lambda: list(db.reports.aggregate(stages)))
    return int(found[0]["reports"]) if found else 0


_LOST = {"orphaned_at": {"$ne": None}, "taken_back_at": None}


def _raw(db: Db, report: Report, decode: Callable[[RawReport], str]) -> str:
    payload = source_blobs.read_blob(db, report.source.sha256)
    if payload is None:
        raise SetupError(f"the bytes of report {report.id} are not kept; load it again from its source")
    raw = decode(RawReport(report.source.uri, report.source.media_type, payload))
    if any(not raw.startswith(c.before, c.start) for c in report.edits if c.stage == "repair"):
        raise SetupError(
            f"report {report.id} was made when its bytes were read differently; "
            f"run `etl reprocess --id {report.id}` first"
        )
    return raw


def _told(
    change: Change, placed: Sequence[Placed], records: Sequence[DecisionRecord]
) -> DecisionRecord | None:
    """Return the record of the last decision about a line of the ledger; None where there is none."""
    told = next((one.decision for one in reversed(placed) if matches_decision(change, one)), None)
    return next((record for record in records if record.decision == told), None)


def _item(number: int, change: Change, places: Places, record: DecisionRecord | None) -> Item:
    state: State = "made" if change.applied else "open"
    if change.decided:
        state = "accepted" if change.applied else "rejected"
    return Item(number, state, change, places.about(change, accepted=True), record)
