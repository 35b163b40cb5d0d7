"""Summarize the changes of a report for a person: repairs with the text around them, others by rule.

`summarize_changes` yields the lines. A new kind of repair is a template in `SUMMARIES`; what kinds there are
is decided in `etl.rules.explain`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from etl import rules
from etl.cli.output.ledger import shown
from etl.model.decisions import REPAIR_KINDS, is_repair
from etl.model.report import Report
from etl.model.traced import Change, RawToText
from etl.rules.explain import ENGLISH, Account, account_of

AROUND = 16
# Of each rule so many repairs are shown, and so many different words that were put for others.
MOST, PAIRS = 8, 4
# In this order, whatever comes first in the text.
ORDER: Mapping[str, int] = {"join": 0, "move": 1, "removal": 2}

MOVED = "{size} characters, {before}, moved to {there}"
TAKEN_OUT = "{before} taken out of {here}"
# A repair in few words beside the text at its seam, ``here``, and at the place where words went, ``there``.
SUMMARIES: Mapping[Account, str] = {
    "moved": MOVED,
    "may move": MOVED,
    "taken out": TAKEN_OUT,
    "may be no text": TAKEN_OUT,
    "moved aside": "{before} moved out of the sentence at {here}",
    "joined from": "{here}: " + ENGLISH["joined from"],
    "joined": "{here}: " + ENGLISH["joined"],
    "joined over": "{here}",
    "may go on": "{here}",
    "may go on elsewhere": "{here}",
}


class _Shown:
    """The restored text of a report, with the map from the raw text to it."""

    def __init__(self, report: Report) -> None:
        self._text = report.text
        self.where = RawToText(report.runs)

    def around(self, raw: int) -> str:
        """Return the restored text around the seam at a raw offset, ‖ for the seam and ⏎ for line ends."""
        here = self.where.after(raw)
        left, right = self._text[max(0, here - AROUND) : here], self._text[here : here + AROUND]
        return f"…{left} ‖ {right}…".replace("\n", "⏎")


def summarize_changes(report: Report) -> Iterator[str]:
    """Yield lines that summarize the changes: by rule, repairs first, each numbered as in `etl review`."""
    repairs = [change for change in report.edits if is_repair(change)]
    numbered = sorted(
        enumerate(repairs, 1), key=lambda one: (ORDER[REPAIR_KINDS[one[1].rule]], one[1].rule, one[0])
    )
    seams = _Shown(report)
    for rule, found in groupby(numbered, key=lambda one: one[1].rule):
        yield from _repairs(rule, list(found), seams)
    others = [change for change in report.edits if not is_repair(change)]
    for rule, number in Counter(change.rule for change in others).most_common():
        yield from _others(rule, number, [change for change in others if change.rule == rule])


def _repairs(rule: str, found: Sequence[tuple[int, Change]], seams: _Shown) -> Iterator[str]:
    yield f"{rule}, {len(found)}: {rules.words(rule)}"
    for number, change in found[:MOST]:
        yield f"  {number:>3}  {_describe_repair(change, seams)}  ({_sure(change)})"
    if len(found) > MOST:
        yield f"       and {len(found) - MOST} more"


def _describe_repair(change: Change, seams: _Shown) -> str:
    found = seams.where.following(change.start)
    return SUMMARIES[account_of(change, found)].format(
        size=change.end - change.start,
        before=shown(change.before),
        here=seams.around(change.start),
        there=seams.around(change.to or 0),
        found=found,
    )


def _sure(change: Change) -> str:
    sure = f"{change.confidence:.0%} sure"
    if change.decided:
        return f"{'accepted' if change.applied else 'refused'} by a person"
    return sure if change.applied else f"{sure}, so it is only suggested"


def _others(rule: str, number: int, found: Iterable[Change]) -> Iterator[str]:
    pairs = Counter((change.before, change.after) for change in found).most_common()
    said = [f"{_pair(*pair)} {times}x" for pair, times in pairs[:PAIRS]]
    more = [f"{len(pairs) - PAIRS} other kinds"] if len(pairs) > PAIRS else []
    yield f"{rule}, {number}: {rules.words(rule)}"
    yield "       " + ", ".join(said + more)


def _pair(before: str, after: str) -> str:
    if not after:
        return f"{shown(before)} taken out"
    return f"{shown(before)} became {shown(after)}" if before else f"{shown(after)} put in"
