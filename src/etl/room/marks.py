"""What a reader sees marked in both texts: entities, and each change with the way to its other side.

`Marks` holds the places of all changes of a report; `pieces` cuts a stretch of text by what lies over it. A
new kind of mark is a word of `Look`, styled in ``static/room.css``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from etl.decisions import DEEDS
from etl.model import Report
from etl.traced import Change, Run

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


def marks_of(report: Report, raw_length: int) -> Marks:
    """The marks of every change but those of the script, which touch nearly every word."""
    forward = Forward(report)
    text, raw, place = list[Mark](), list[Mark](), dict[int, int]()
    for number, change in enumerate(report.edits):
        look = look_of(change)
        if look is None or change.start > raw_length:
            continue
        raw.append(Mark(change.start, _raw_end(change, raw_length), number, look))
        start, end = forward.stretch(change)
        text.append(Mark(start, end, number, look))
        place[number] = start
    return Marks(tuple(sorted(text)), tuple(sorted(raw)), place)


def look_of(change: Change) -> Look | None:
    """How a change is marked."""
    if change.stage == "repair" and change.rule in DEEDS:
        if not change.applied:
            return "offered"
        looks: dict[str, Look] = {"join": "join", "move": "move", "removal": "gone"}
        return looks[DEEDS[change.rule]]
    return "small" if change.applied and change.stage != "convert" else None


def is_repair(change: Change) -> bool:
    """What people decide about."""
    return change.stage == "repair" and change.rule in DEEDS


class Forward:
    """Where places of the raw text of a report are in the restored one."""

    def __init__(self, report: Report) -> None:
        runs = (run for run in report.runs if run.raw_start < run.raw_end)
        self._runs: Sequence[Run] = sorted(runs, key=lambda run: run.raw_start)

    def stretch(self, change: Change) -> tuple[int, int]:
        """Where a change shows: words that were moved, put or doubted; else the place of a cut."""
        deed = DEEDS.get(change.rule)
        if deed == "move" or (deed == "removal" and not change.applied) or (not deed and change.after):
            blank = len(change.before) - len(change.before.lstrip())
            found = self.of(change.start + blank if deed else change.start, change.end)
            if found:
                return found
        return (self.behind(change.start),) * 2

    def of(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of restored text that comes from a stretch of raw text, as far as it is one."""
        found: tuple[int, int] | None = None
        first = bisect_right(self._runs, start, key=lambda run: run.raw_start) - 1
        for k in range(max(0, first), len(self._runs)):
            run = self._runs[k]
            if run.raw_start >= end or (found and run.start != found[1]):
                break
            here = _part(run, start, end)
            if here:
                found = (found[0] if found else here[0], here[1])
        return found

    def behind(self, at: int) -> int:
        """The place behind what comes before a place of the raw text."""
        k = bisect_left(self._runs, at, key=lambda run: run.raw_start) - 1
        run = self._runs[k] if k >= 0 else None
        return min(run.end, run.start + at - run.raw_start) if run else 0


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


def _part(run: Run, start: int, end: int) -> tuple[int, int] | None:
    """What of a run's text comes from a stretch of raw text."""
    low, high = max(start, run.raw_start), min(end, run.raw_end)
    if low >= high:
        return None
    if run.end - run.start != run.raw_end - run.raw_start:
        return run.start, run.end
    return run.start + low - run.raw_start, run.start + high - run.raw_start


def _raw_end(change: Change, raw_length: int) -> int:
    return min(max(change.start, change.end), raw_length)
