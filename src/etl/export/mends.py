"""Where in the restored text the changes of its ledger stand, for those that have a place.

A change that replaced or took out characters has a stretch, or a point, of the text. Moves, and what other
changes have covered, have none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from etl.model import Report
from etl.traced import Change, Run


@dataclass(frozen=True, slots=True)
class Mend:
    """A change, and ``text[start:end]`` that came of it; both are equal where it took something out."""

    start: int
    end: int
    change: Change


@dataclass(frozen=True, slots=True)
class Mends:
    """The changes that were made to a text: those with a place, in its order, and the others."""

    placed: tuple[Mend, ...]
    others: tuple[Change, ...]


def mends(report: Report) -> Mends:
    """The changes of a report; those of the script are left out."""
    made = [one for one in report.edits if one.applied and one.stage != "convert"]
    runs = sorted(report.runs, key=lambda run: (run.raw_start, run.raw_end))
    found = [(change, _place(change, runs, report.text)) for change in made]
    placed = sorted(_apart(found), key=lambda mend: (mend.start, mend.end, mend.change.start))
    known = {id(mend.change) for mend in placed}
    return Mends(tuple(placed), tuple(change for change in made if id(change) not in known))


def _apart(found: list[tuple[Change, tuple[int, int] | None]]) -> Iterator[Mend]:
    """Those of the changes whose stretches do not overlap, in the order in which they were made."""
    taken: set[int] = set()
    for change, place in found:
        if place and taken.isdisjoint(range(*place)):
            taken.update(range(*place))
            yield Mend(*place, change)


def _place(change: Change, runs: list[Run], text: str) -> tuple[int, int] | None:
    """Where in the text a change stands; None where nothing there is of it alone."""
    if change.to is not None or change.before == change.after:
        return None
    if not change.after:
        at = _point(change.start, runs)
        return at, at
    spans = [span for run in _over(change, runs) if (span := _part(run, change))]
    start, end = min((a for a, _ in spans), default=0), max((b for _, b in spans), default=0)
    return (start, end) if end - start == len(change.after) and "\n" not in text[start:end] else None


def _over(change: Change, runs: list[Run]) -> Iterator[Run]:
    """The runs that may come from the raw stretch of a change."""
    at = max(0, bisect_right(runs, change.start, key=_raw_start) - 1)
    at = bisect_left(runs, runs[at].raw_start, key=_raw_start) if runs else 0
    while at < len(runs) and runs[at].raw_start < change.end:
        yield runs[at]
        at += 1


def _raw_start(run: Run) -> int:
    return run.raw_start


def _part(run: Run, change: Change) -> tuple[int, int] | None:
    """The part of a run that came from the raw stretch of a change."""
    start, end = max(run.raw_start, change.start), min(run.raw_end, change.end)
    if start >= end:
        return None
    if run.end - run.start != run.raw_end - run.raw_start:
        return (run.start, run.end) if (start, end) == (run.raw_start, run.raw_end) else None
    return run.start + start - run.raw_start, run.start + end - run.raw_start


def _point(raw: int, runs: list[Run]) -> int:
    """Behind what stands before a place in the raw text."""
    at = bisect_right(runs, raw, key=_raw_start) - 1
    while at >= 0 and runs[at].raw_start == raw:  # what stands there came after it
        at -= 1
    if at < 0:
        return min((run.start for run in runs), default=0)
    run = runs[at]
    same = run.end - run.start == run.raw_end - run.raw_start
    return run.start + min(raw, run.raw_end) - run.raw_start if same else run.end
