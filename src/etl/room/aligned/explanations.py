"""Explain the changes of a stretch of text: each repair with its confidence, and other changes by rule.

`RepairNote` is one repair as people decide about it; a new thing to say of one is a field there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from etl.model.decisions import is_repair
from etl.model.traced import Change
from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReport
from etl.room.aligned.marks import ChangeMark
from etl.room.wording import describe_change, quote_text, rule_reason
from etl.room.words import Interface
from etl.store.query.review import State
from etl.store.records.annotations import DecisionRecord

# Of each rule so many different words that were put for others.
MAX_PAIRS = 4


@dataclass(frozen=True, slots=True)
class RepairNote:
    """A repair or suggestion.

    Attributes:
        number: its place in the ledger; ``item``: as `etl review` counts.
        percent: how sure the program was, in hundredths.
        text, raw: the addresses of both of its sides.
        place: where it is in the raw text, as addresses say it.
    """

    number: int
    item: int
    rule: str
    words: str
    percent: int
    state: State
    text: str
    raw: str
    place: str
    record: DecisionRecord | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What a rule changed beside repairs."""

    rule: str
    count: int
    words: str
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was changed in a row."""

    repairs: tuple[RepairNote, ...]
    others: tuple[RuleCount, ...]

    @property
    def waits(self) -> bool:
        """Whether something in it waits for a decision."""
        return any(one.state == "open" for one in self.repairs)


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of both sides of each change, seen from one page of a report."""

    aligned: AlignedReport
    page: int

    def text(self, number: int) -> str:
        """Return the address of a change in the restored text."""
        page = self.aligned.page_of_text(self.aligned.marks.place.get(number, 0))
        return self._there(page, f"t{number}")

    def raw(self, number: int) -> str:
        """Return the address of a change in the raw text."""
        return self._there(self.aligned.page_of_raw(self.aligned.report.edits[number].start), f"r{number}")

    def paragraph(self, number: int) -> str:
        """Return the address of a paragraph, counted from 0."""
        page = self.aligned.page_of_row(self.aligned.layout.row_of_paragraph(number))
        return self._there(page, f"p{number + 1}")

    def _there(self, page: int, mark: str) -> str:
        return (
            f"#{mark}"
            if page == self.page
            else f"{addresses.report_url(self.aligned.report.id, page)}#{mark}"
        )


def waiting_pages(aligned: AlignedReport) -> Mapping[int, int]:
    """Return the pages, from 1, on which repairs wait, each with the index of the first in the ledger."""
    waiting = {
        number
        for number, change in enumerate(aligned.report.edits)
        if is_repair(change) and repair_state(change) == "open"
    }
    found: dict[int, int] = {}
    for row, aligned_row in enumerate(aligned.layout.rows if waiting else ()):
        here = waiting.intersection(mark.change for mark in aligned.explained_marks(aligned_row))
        if here:
            found.setdefault(aligned.page_of_row(row), min(here))
    return found


def explain_marks(
    marks: Iterable[ChangeMark], links: Links, words: Interface, records: Mapping[int, DecisionRecord]
) -> Explanation:
    """Explain the changes of some marks: repairs one by one, others by rule."""
    edits, items = links.aligned.report.edits, links.aligned.review_numbers
    found = sorted({mark.change for mark in marks})
    repairs = tuple(
        RepairNote(
            number=number,
            item=items[number],
            rule=edits[number].rule,
            words=describe_change(edits[number], words, links.aligned.marks.where),
            percent=round(100 * edits[number].confidence),
            state=repair_state(edits[number]),
            text=links.text(number),
            raw=links.raw(number),
            place=f"{edits[number].start}-{max(edits[number].end, edits[number].start + 1)}",
            record=records.get(items[number]) if edits[number].decided else None,
        )
        for number in found
        if number in items
    )
    others = [edits[number] for number in found if number not in items]
    return Explanation(repairs, tuple(_count_by_rule(others, words)))


def repair_state(change: Change) -> State:
    """Return whether a repair waits, was made, or was decided."""
    if change.decided:
        return "accepted" if change.applied else "rejected"
    return "made" if change.applied else "open"


def _count_by_rule(changes: Iterable[Change], words: Interface) -> Iterable[RuleCount]:
    by_rule: dict[str, Counter[tuple[str, str]]] = {}
    for change in changes:
        by_rule.setdefault(change.rule, Counter())[change.before, change.after] += 1
    for rule, pairs in by_rule.items():
        said = [f"{_pair(*pair)} ×{count}" for pair, count in pairs.most_common(MAX_PAIRS)]
        more = ["…"] if len(pairs) > MAX_PAIRS else []
        yield RuleCount(rule, pairs.total(), rule_reason(rule, words), (*said, *more))


def _pair(before: str, after: str) -> str:
    return f"{quote_text(before) if before else '∅'} → {quote_text(after) if after else '∅'}"
