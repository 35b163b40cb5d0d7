"""Find where in the restored text the changes of its ledger are, for those that have a place.

A change that replaced or took out characters has a stretch, or a point, of the text. Moves, and what other
changes have covered, have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from etl.model.report import Report
from etl.model.traced import Change, RawToText, Traced


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """A change, and ``text[start:end]`` that came of it; both are equal where it took something out."""

    start: int
    end: int
    change: Change


@dataclass(frozen=True, slots=True)
class PlacedChanges:
    """The changes that were made to a text: those with a place, in its order, and the others.

    ``where`` tells where raw offsets stand in the text.
    """

    placed: tuple[PlacedChange, ...]
    others: tuple[Change, ...]
    where: RawToText


def place_changes(report: Report) -> PlacedChanges:
    """Place the changes of a report; those of the script are left out."""
    made = [one for one in report.edits if one.applied and one.stage != "convert"]
    where, text = RawToText(report.runs), Traced(report.text, report.runs)
    found = [(change, _locate(change, where, text)) for change in made]
    placed = sorted(_without_overlaps(found), key=lambda one: (one.start, one.end, one.change.start))
    known = {id(one.change) for one in placed}
    others = tuple(change for change in made if id(change) not in known)
    return PlacedChanges(tuple(placed), others, where)


def _without_overlaps(found: list[tuple[Change, tuple[int, int] | None]]) -> Iterator[PlacedChange]:
    """Yield the changes whose spans do not overlap an earlier one, in the order in which they were made."""
    taken: set[int] = set()
    for change, place in found:
        if place and taken.isdisjoint(range(*place)):
            taken.update(range(*place))
            yield PlacedChange(*place, change)


def _locate(change: Change, where: RawToText, text: Traced) -> tuple[int, int] | None:
    """Return the span of a change in the text; None where no span is of this change alone."""
    if change.to is not None or change.before == change.after:
        return None
    if not change.after:
        return (where.after(change.start),) * 2
    start, end = where.span(change.start, change.end) or (0, 0)
    alone = text.raw_span(start, end) == (change.start, change.end)
    fits = end - start == len(change.after) and "\n" not in text.text[start:end]
    return (start, end) if alone and fits else None
