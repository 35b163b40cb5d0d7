"""Turn what people decided into overrides of the solver: this follows that, this line stays.

`read_overrides` turns decisions into overrides about lines, `Overrides.bind` into overrides about content
lines, and `mark_decided` writes them down in the ledger. A new kind is one more field of `BoundOverrides`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from etl.model.decisions import Placed, Places, matches_decision
from etl.model.report import Repaired
from etl.model.traced import Change, concat
from etl.repair.layout.lines import Bools, Floats, Index, Lines
from etl.repair.scorer.classifier import APART, JOIN

NEVER = -30.0  # log-probability of a class of a seam that a person excluded; lower than any model says
FORBIDDEN_GAIN = -1e4  # log-odds of a succession that a person excluded; far below the sum of all others
DECIDED_GAIN = 60.0  # log-odds of a succession that a person wants; above those of any other
QUOTED = 40  # characters of a moved piece that the ledger quotes
ITS_END = -1  # what follows the last line


Follower = tuple[int, Literal[True] | None]


@dataclass(frozen=True, slots=True)
class Override:
    """One decision about lines: that ``right`` continues ``left`` or not, or that ``right`` to ``last`` stay.

    ``left`` and ``last`` are -1 where the decision has no such side.
    """

    placed: Placed
    left: int
    right: int
    last: int


@dataclass(frozen=True, slots=True)
class BoundOverrides:
    """Overrides about content lines, given as indexes into them.

    Attributes:
        follow: what follows a line (`ITS_END`: nothing), and that it is joined (None: the models decide).
        never: pairs that are not joined.
    """

    follow: Mapping[int, Follower]
    never: frozenset[tuple[int, int]]

    def __bool__(self) -> bool:
        return bool(self.follow or self.never)

    @property
    def hold_places(self) -> bool:
        """Whether people refused that a piece moved, so that it stays between its neighbours."""
        return any(not joined and b in (a + 1, ITS_END) for a, (b, joined) in self.follow.items())

    def open_seams(self, count: int) -> Bools:
        """Return which seams [count] must be open because people moved the text that begins or ends there."""
        out = np.zeros(count, np.bool_)
        for left, (right, _) in self.follow.items():
            if right not in (left + 1, ITS_END):
                out[[k for k in (left, right - 1) if 0 <= k < count]] = True
        return out

    def apply_to_seams(self, odds: Floats) -> Floats:
        """Return a copy of the seams' log-probabilities [seams, 3] in which the decided ones are certain."""
        out = odds.copy()
        for left, right in self.never:
            if right == left + 1:
                out[left, JOIN] = NEVER
                out[left] -= np.logaddexp.reduce(out[left])
        out[self.open_seams(len(out))] = (NEVER, NEVER, 0.0)
        for left, (right, joined) in self.follow.items():
            if right == left + 1 and joined:
                out[left] = (0.0, NEVER, NEVER)
            elif right == left + 1:
                out[left, APART] = NEVER
                out[left] -= np.logaddexp.reduce(out[left])
        return out

    def apply_to_successions(self, ends: tuple[Index, Index], join: Floats, apart: Floats) -> Bools:
        """Write decisions into the log-odds of successions, in place; return which people decided.

        Args:
            ends: last lines of all pieces [pieces], first lines of all but the first [pieces - 1].
            join: log-odds [pieces, pieces] that piece q + 1 continues piece p; the last column is the end.
            apart: log-odds [pieces, pieces] that it follows as a paragraph of its own.
        """
        (left, right), decided = ends, np.zeros(join.shape, np.bool_)
        for a, b in self.never:
            join[np.ix_(left == a, np.append(right == b, False))] = FORBIDDEN_GAIN
        rows = {line: p for p, line in enumerate(left.tolist())}
        columns = {line: q for q, line in enumerate(right.tolist())} | {ITS_END: len(right)}
        for a, (b, joined) in self.follow.items():
            if a not in rows or b not in columns:
                continue
            p, q = rows[a], columns[b]
            own, decided[p, q] = (join[p, q], apart[p, q]), True
            for odds in (join, apart):
                odds[p, :], odds[:, q] = FORBIDDEN_GAIN, FORBIDDEN_GAIN
            join[p, q] = DECIDED_GAIN
            apart[p, q] = FORBIDDEN_GAIN if joined else DECIDED_GAIN
            if joined is None:
                join[p, q] += own[0] - max(own)
                apart[p, q] += own[1] - max(own)
        return decided


NO_BOUND_OVERRIDES = BoundOverrides({}, frozenset())


@dataclass(frozen=True, slots=True)
class Overrides:
    """What people decided about the lines of a text, in the order of the decisions; a later one wins."""

    entries: tuple[Override, ...] = ()

    def furniture(self, probability: Floats) -> Floats:
        """Return the probabilities [lines] of furniture, made 0 or 1 where people decided about the line."""
        out = probability.copy()
        for override in self.entries:
            decision = override.placed.decision
            if decision.deed != "removal":
                out[[k for k in (override.left, override.right) if k >= 0]] = 0
            else:
                out[override.right] = float(decision.accepted and decision.rule == "furniture")
        return out

    def floats(self, floats: Bools) -> Bools:
        """Return which lines [lines] are floats, changed where people decided about the line."""
        out = floats.copy()
        for override in self.entries:
            decision = override.placed.decision
            if decision.deed == "removal":
                out[override.right] = decision.accepted and decision.rule != "furniture"
        return out

    def bind(self, kept: Index, told: Sequence[tuple[int, int, Literal[True] | None]] = ()) -> BoundOverrides:
        """Turn overrides about lines into overrides about the content lines ``kept``.

        ``told`` is what marks on the page say: the line behind the second follows the line before the first,
        and is joined to it (None: the models decide). A decision of a person overrules it.
        """
        follow: dict[int, Follower] = {}
        for onward, back, joined in told:
            _set_successor(
                follow, (int(np.searchsorted(kept, onward)) - 1, int(np.searchsorted(kept, back))), joined
            )
        never: set[tuple[int, int]] = set()
        for override in self.entries:
            decision = override.placed.decision
            left, last = (int(np.searchsorted(kept, k, "right")) - 1 for k in (override.left, override.last))
            right = int(np.searchsorted(kept, override.right))
            if decision.deed == "removal" or right >= len(kept):
                continue
            if decision.accepted:
                _set_successor(
                    follow, (left, right), None if decision.deed == "move" and decision.made else True
                )
                never.discard((left, right))
            elif decision.deed == "move" and decision.made:
                _set_successor(follow, (right - 1, right), None)
                _set_successor(follow, (last, last + 1 if last + 1 < len(kept) else ITS_END), None)
            else:
                never.add((left, right))
                if left in follow and follow[left][0] == right:
                    del follow[left]
        return BoundOverrides(follow, frozenset(never))


def read_overrides(lines: Lines, placed: Sequence[Placed]) -> Overrides:
    """Find the lines that decisions are about; decisions about places inside a line are left out, as done."""
    begins = {start: k for k, start in enumerate(lines.starts)}
    ends: dict[int | None, int] = {None: -1, **{end: k for k, end in enumerate(lines.ends)}}
    out = []
    for one in placed:
        left, right, last = ends.get(one.left), begins.get(one.right), ends.get(one.end)
        if left is not None and right is not None and last is not None:
            out.append(Override(one, left, right, last))
    return Overrides(tuple(out))


def mark_decided(raw: str, done: Repaired, placed: Sequence[Placed]) -> Repaired:
    """Mark in the ledger what people decided: repairs that they accepted, and those that they refused."""
    if not placed:
        return done
    places = Places(raw, concat(done.paragraphs))
    wanted = [one for one in placed if one.decision.accepted and _done(done.changes, places, one)]
    refused = [one for one in placed if one not in wanted and not _of_itself(raw, one)]
    changes = [
        replace(change, decided=True, confidence=1.0)
        if any(matches_decision(change, one) for one in wanted)
        else change
        for change in done.changes
        if change.applied or not any(matches_decision(change, one) for one in placed)
    ]
    changes += [_refused(raw, one) for one in refused]
    ordered = sorted(changes, key=lambda change: (change.start, change.end))
    return replace(done, changes=tuple(ordered))


def _set_successor(follow: dict[int, Follower], pair: tuple[int, int], joined: Literal[True] | None) -> None:
    """Set that ``pair[1]`` follows ``pair[0]``; what was set for either line before is dropped."""
    left, right = pair
    if left < 0 or right in (0, left):
        return
    for other in [a for a, (b, _) in follow.items() if b == right]:
        del follow[other]
    follow[left] = (right, joined)


def _done(changes: Sequence[Change], places: Places, one: Placed) -> bool:
    """Check whether an accepted decision was carried out: furniture removed, or the halves now adjacent."""
    if one.decision.deed == "removal":
        return any(change.applied and matches_decision(change, one) for change in changes)
    note = any(change.rule == "moved note" and change.start == one.right for change in changes)
    follows = places.following(one.left or 0)
    return follows == one.right or (note and follows > one.right)  # a note that stood between is behind now


def _of_itself(raw: str, one: Placed) -> bool:
    """Check whether the raw text already has both halves of an accepted join in one line."""
    if not one.decision.accepted or one.left is None or one.left > one.right:
        return False
    between = raw[one.left : one.right]
    return not between.strip() and "\n" not in between


def _refused(raw: str, one: Placed) -> Change:
    """Return the unapplied change for a repair that a person refused, or accepted where it cannot be made."""
    decision, start, end, to = one.decision, one.right, one.end or one.right, None
    if decision.deed == "join" and one.left is not None:
        start = end = one.left
        while end < one.right and raw[end].isspace():
            end += 1
    elif decision.deed == "move":
        to = one.left
    before = raw[start : min(end, start + QUOTED)] if decision.deed == "move" else raw[start:end]
    refused = not decision.accepted
    return Change("repair", decision.rule, start, end, before, "", 1.0, applied=False, to=to, decided=refused)
