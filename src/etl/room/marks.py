"""What a reader sees marked in both texts: entities, and each change with the way to its other side.

`Marks` holds the places of all changes of a report; `pieces` cuts a stretch of text by what lies over it. A
new kind of mark is a word of `Look`, styled in ``static/room.css``.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from etl.decisions import REPAIR_KINDS
from etl.model import Report
from etl.traced import Change, RawToText

Look = Literal["join", "move", "gone", "small", "offered"]
# Of more changes of marks and spaces in one row none is marked.
DENSE = 800


class Mark(NamedTuple):
    """A change, by its number in the ledger, over a stretch of a text; an empty one is a place."""

    start: int
    end: int
    change: int
    look: Look


class Piece(NamedTuple):
    """A stretch of text under the same marks; an empty one marks a place.

    Attributes:
        mark: the narrowest change over it.
        first: whether the mark begins with it.
        entity: number of the entity in the report.
        here: it was asked for.
    """

    start: int
    end: int
    mark: Mark | None = None
    first: bool = False
    entity: int | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The changes of a report as marks of the restored and of the raw text, both by place."""

    text: tuple[Mark, ...]
    raw: tuple[Mark, ...]
    place: dict[int, int]
    """Where in the restored text each change shows."""
    where: RawToText
    """Where any raw offset stands there."""


def marks_of(report: Report, raw_length: int) -> Marks:
    """The marks of every change but those of the script, which touch nearly every word."""
    where = RawToText(report.runs)
    text, raw, place = list[Mark](), list[Mark](), dict[int, int]()
    for number, change in enumerate(report.edits):
        look = look_of(change)
        if look is None or change.start > raw_length:
            continue
        raw.append(Mark(change.start, _raw_end(change, raw_length), number, look))
        start, end = _shown(change, where)
        text.append(Mark(start, end, number, look))
        place[number] = start
    return Marks(tuple(sorted(text)), tuple(sorted(raw)), place, where)


def look_of(change: Change) -> Look | None:
    """How a change is marked."""
    if change.stage == "repair" and change.rule in REPAIR_KINDS:
        if not change.applied:
            return "offered"
        looks: dict[str, Look] = {"join": "join", "move": "move", "removal": "gone"}
        return looks[REPAIR_KINDS[change.rule]]
    return "small" if change.applied and change.stage != "convert" else None


def is_repair(change: Change) -> bool:
    """What people decide about."""
    return change.stage == "repair" and change.rule in REPAIR_KINDS


def _shown(change: Change, where: RawToText) -> tuple[int, int]:
    """Return the span of restored text to highlight for a change, an empty one where text was removed."""
    deed = REPAIR_KINDS.get(change.rule)
    if deed == "move" or (deed == "removal" and not change.applied) or (not deed and change.after):
        blank = len(change.before) - len(change.before.lstrip())
        found = where.span(change.start + blank if deed else change.start, change.end)
        if found:
            return found
    return (where.after(change.start),) * 2


def within(marks: Sequence[Mark], start: int, end: int) -> Sequence[Mark]:
    """Marks that begin within a stretch; of too many small ones none."""
    first = bisect_left(marks, start, key=lambda mark: mark.start)
    found = marks[first : bisect_left(marks, end, key=lambda mark: mark.start)]
    return found if len(found) <= DENSE else [mark for mark in found if mark.look != "small"]


def pieces(
    span: tuple[int, int],
    marks: Sequence[Mark],
    entities: Iterable[Mark] = (),
    here: tuple[int, int] = (0, 0),
) -> Iterator[Piece]:
    """A stretch of text, cut wherever a mark, an entity or what was asked for begins or ends."""
    start, end = span
    wide = [mark for mark in marks if mark.start < mark.end]
    named = list(entities)
    edges = {start, end, *here} | {x for mark in (*marks, *named) for x in (mark.start, mark.end)}
    cuts = sorted(x for x in edges if start <= x <= end)
    over, names = _narrowest(wide, cuts), _narrowest(named, cuts)
    places: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.start == mark.end:
            places.setdefault(mark.start, []).append(mark)
    for number, (a, b) in enumerate(pairwise([*cuts, end])):
        for mark in places.get(a, ()):
            yield Piece(a, a, mark, first=True)
        if a < b:
            mark_here, name = over.get(number), names.get(number)
            first = mark_here is not None and mark_here.start == a
            inside = here[0] <= a and b <= here[1]
            yield Piece(a, b, mark_here, first, name.change if name else None, inside)


def _narrowest(marks: Iterable[Mark], cuts: Sequence[int]) -> dict[int, Mark]:
    """For each piece between cuts the narrowest mark over it; wide ones first, so narrow ones win."""
    over: dict[int, Mark] = {}
    for mark in sorted(marks, key=lambda one: one.start - one.end):
        first, last = bisect_left(cuts, mark.start), bisect_left(cuts, mark.end)
        over.update(dict.fromkeys(range(first, last), mark))
    return over


def _raw_end(change: Change, raw_length: int) -> int:
    return min(max(change.start, change.end), raw_length)
