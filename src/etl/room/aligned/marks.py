"""Mark both texts of a report: entities, and each change with the way to its other side.

`Marks` holds the places of all changes of a report; `cut_by_marks` cuts a stretch of text by what lies over
it. A new kind of mark is a word of `MarkClass`, styled in ``static/room.css``.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from etl.model.decisions import REPAIR_KINDS, is_repair
from etl.model.report import Report
from etl.model.traced import Change, RawToText, narrowest_over

MarkClass = Literal["join", "move", "gone", "small", "offered"]
# Of more changes of marks and spaces in one row none is marked.
MAX_SMALL_MARKS = 800


class ChangeMark(NamedTuple):
    """A change, by its number in the ledger, over a stretch of a text; an empty one is a place."""

    start: int
    end: int
    change: int
    css_class: MarkClass


class MarkedSpan(NamedTuple):
    """A stretch of text under the same marks; an empty one marks a place.

    Attributes:
        mark: the narrowest change over it.
        first: whether the mark begins with it.
        entity: number of the entity in the report.
        here: it was asked for.
    """

    start: int
    end: int
    mark: ChangeMark | None = None
    first: bool = False
    entity: int | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The changes of a report as marks of the restored and of the raw text, both by place."""

    text: tuple[ChangeMark, ...]
    raw: tuple[ChangeMark, ...]
    place: dict[int, int]
    """Where in the restored text each change shows."""
    where: RawToText
    """Where any raw offset stands there."""


def mark_changes(report: Report, raw_length: int) -> Marks:
    """Mark every change but those of the script, which touch nearly every word."""
    where = RawToText(report.runs)
    text, raw, place = list[ChangeMark](), list[ChangeMark](), dict[int, int]()
    for number, change in enumerate(report.edits):
        look = css_class_of(change)
        if look is None or change.start > raw_length:
            continue
        raw.append(ChangeMark(change.start, _raw_end(change, raw_length), number, look))
        start, end = _shown(change, where)
        text.append(ChangeMark(start, end, number, look))
        place[number] = start
    return Marks(tuple(sorted(text)), tuple(sorted(raw)), place, where)


def css_class_of(change: Change) -> MarkClass | None:
    """Return the class of the mark of a change; None where it has none."""
    if is_repair(change):
        if not change.applied:
            return "offered"
        looks: dict[str, MarkClass] = {"join": "join", "move": "move", "removal": "gone"}
        return looks[REPAIR_KINDS[change.rule]]
    return "small" if change.applied and change.stage != "convert" else None


def _shown(change: Change, where: RawToText) -> tuple[int, int]:
    """Return the span of restored text to highlight for a change, an empty one where text was removed."""
    deed = REPAIR_KINDS.get(change.rule)
    if deed == "move" or (deed == "removal" and not change.applied) or (not deed and change.after):
        blank = len(change.before) - len(change.before.lstrip())
        found = where.span(change.start + blank if deed else change.start, change.end)
        if found:
            return found
    return (where.after(change.start),) * 2


def marks_within(marks: Sequence[ChangeMark], start: int, end: int) -> Sequence[ChangeMark]:
    """Return the marks that begin within a stretch, without the small ones where there are too many."""
    first = bisect_left(marks, start, key=lambda mark: mark.start)
    found = marks[first : bisect_left(marks, end, key=lambda mark: mark.start)]
    return found if len(found) <= MAX_SMALL_MARKS else [mark for mark in found if mark.css_class != "small"]


def cut_by_marks(
    span: tuple[int, int],
    marks: Sequence[ChangeMark],
    entities: Iterable[ChangeMark] = (),
    here: tuple[int, int] = (0, 0),
) -> Iterator[MarkedSpan]:
    """Cut a stretch of text wherever a mark, an entity or the requested place begins or ends."""
    start, end = span
    wide = [mark for mark in marks if mark.start < mark.end]
    named = list(entities)
    edges = {start, end, *here} | {x for mark in (*marks, *named) for x in (mark.start, mark.end)}
    cuts = sorted(x for x in edges if start <= x <= end)
    over, names = narrowest_over(wide, cuts), narrowest_over(named, cuts)
    places: dict[int, list[ChangeMark]] = {}
    for mark in marks:
        if mark.start == mark.end:
            places.setdefault(mark.start, []).append(mark)
    for number, (a, b) in enumerate(pairwise([*cuts, end])):
        for mark in places.get(a, ()):
            yield MarkedSpan(a, a, mark, first=True)
        if a < b:
            mark_here, name = over.get(number), names.get(number)
            first = mark_here is not None and mark_here.start == a
            inside = here[0] <= a and b <= here[1]
            yield MarkedSpan(a, b, mark_here, first, name.change if name else None, inside)


def _raw_end(change: Change, raw_length: int) -> int:
    return min(max(change.start, change.end), raw_length)
