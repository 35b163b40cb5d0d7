"""Turn what people decided into orders to the solver: this follows that, never joins that, this line stays.

`read_orders` turns decisions into orders about lines, `Orders.bind` into orders about content lines, and
`settled` writes them down in the ledger. A new kind of order is one more field of `Bound`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from etl.decisions import Placed, Places, tells
from etl.model import Repaired
from etl.repair.layout.lines import Bools, Floats, Lines
from etl.traced import Change, concat

Index = npt.NDArray[np.intp]
JOIN, BREAK, APART = 0, 1, 2
NEVER = -30.0
BARRED, BOUND = -1e4, 60.0
SHOWN = 40
ITS_END = -1
"""What follows the last line."""


Follower = tuple[int, Literal[True] | None]


@dataclass(frozen=True, slots=True)
class Order:
    """One decision about lines: ``right`` continues ``left`` or does not, or ``right`` to ``last`` stay put.

    ``left`` and ``last`` are -1 where the decision has no such side.
    """

    placed: Placed
    left: int
    right: int
    last: int


@dataclass(frozen=True, slots=True)
class Bound:
    """Orders about content lines.

    Attributes:
        follow: what follows a line (`ITS_END`: nothing), and that it is joined (None: as it seems best).
        never: pairs that are not joined.
    """

    follow: Mapping[int, Follower]
    never: frozenset[tuple[int, int]]

    def __bool__(self) -> bool:
        return bool(self.follow or self.never)

    def opened(self, count: int) -> Bools:
        """Which seams of the file a piece that was ordered elsewhere needs open."""
        out = np.zeros(count, np.bool_)
        for left, (right, _) in self.follow.items():
            if right not in (left + 1, ITS_END):
                out[[k for k in (left, right - 1) if 0 <= k < count]] = True
        return out

    def look(self, odds: Floats) -> Floats:
        """The first look at the seams of the file, decided ones as they were decided."""
        out = odds.copy()
        for left, right in self.never:
            if right == left + 1:
                out[left, JOIN] = NEVER
                out[left] -= np.logaddexp.reduce(out[left])
        out[self.opened(len(out))] = (NEVER, NEVER, 0.0)
        for left, (right, joined) in self.follow.items():
            if right == left + 1 and joined:
                out[left] = (0.0, NEVER, NEVER)
            elif right == left + 1:
                out[left, APART] = NEVER
                out[left] -= np.logaddexp.reduce(out[left])
        return out

    def tie(self, ends: tuple[Index, Index], join: Floats, apart: Floats) -> None:
        """Put what was decided into the odds of successions; `ends` are last and first lines of pieces."""
        left, right = ends
        for a, b in self.never:
            join[np.ix_(left == a, np.append(right == b, False))] = BARRED
        for p, q, joined in self._pairs(left, right):
            own = join[p, q], apart[p, q]
            for odds in (join, apart):
                odds[p, :], odds[:, q] = BARRED, BARRED
            join[p, q] = BOUND
            apart[p, q] = BARRED if joined else BOUND
            if joined is None:
                join[p, q] += own[0] - max(own)
                apart[p, q] += own[1] - max(own)

    def ordered(self, ends: tuple[Index, Index]) -> Bools:
        """Which successions of pieces were ordered; [pieces, pieces], as the odds of `tie`."""
        left, right = ends
        out = np.zeros((len(left), len(left)), np.bool_)
        for p, q, _ in self._pairs(left, right):
            out[p, q] = True
        return out

    def hold(self, ends: tuple[Index, Index], follows: Sequence[int], kinds: Floats) -> list[int]:
        """The pieces that are followed as ordered; ``kinds``, log-odds of a join, is made to agree."""
        left, right = ends
        for p, q in enumerate(follows):
            if q < len(right) and (int(left[p]), int(right[q])) in self.never:
                kinds[p] = BARRED
        held = [(p, joined) for p, q, joined in self._pairs(left, right) if follows[p] == q]
        for p, joined in held:
            if joined:
                kinds[p] = BOUND
        return [p for p, _ in held]

    def _pairs(self, left: Index, right: Index) -> Iterator[tuple[int, int, Literal[True] | None]]:
        """Row, column and kind of the orders that are about these pieces."""
        rows = {int(line): p for p, line in enumerate(left)}
        columns = {int(line): q for q, line in enumerate(right)} | {ITS_END: len(right)}
        for a, (b, joined) in self.follow.items():
            if a in rows and b in columns:
                yield rows[a], columns[b], joined


UNBOUND = Bound({}, frozenset())


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders about the lines of a text, in the order in which they were given; a later one wins."""

    orders: tuple[Order, ...] = ()

    def furniture(self, probability: Floats) -> Floats:
        """How likely each line is furniture, decided ones as they were decided."""
        out = probability.copy()
        for order in self.orders:
            decision = order.placed.decision
            if decision.deed != "removal":
                out[[k for k in (order.left, order.right) if k >= 0]] = 0
            elif decision.rule == "furniture":
                out[order.right] = float(decision.accepted)
            else:
                out[order.right] = 0
        return out

    def asides(self, asides: Bools) -> Bools:
        """Which lines step aside, decided ones as they were decided."""
        out = asides.copy()
        for order in self.orders:
            decision = order.placed.decision
            if decision.deed == "removal":
                out[order.right] = decision.accepted and decision.rule != "furniture"
        return out

    def bind(self, kept: Index, told: Sequence[tuple[int, int, Literal[True] | None]] = ()) -> Bound:
        """The same about the content lines ``kept``.

        ``told`` is what marks on the page say: what stands behind the second line follows what stands before
        the first, and is joined to it (None: as it seems best). What people decided goes over it.
        """
        follow: dict[int, Follower] = {}
        for onward, back, joined in told:
            _tie(follow, (int(np.searchsorted(kept, onward)) - 1, int(np.searchsorted(kept, back))), joined)
        never: set[tuple[int, int]] = set()
        for order in self.orders:
            decision = order.placed.decision
            left, last = (int(np.searchsorted(kept, k, "right")) - 1 for k in (order.left, order.last))
            right = int(np.searchsorted(kept, order.right))
            if decision.deed == "removal" or right >= len(kept):
                continue
            if decision.accepted:
                _tie(follow, (left, right), None if decision.deed == "move" and decision.made else True)
                never.discard((left, right))
            elif decision.deed == "move" and decision.made:
                _tie(follow, (right - 1, right), None)
                _tie(follow, (last, last + 1 if last + 1 < len(kept) else ITS_END), None)
            else:
                never.add((left, right))
                if left in follow and follow[left][0] == right:
                    del follow[left]
        return Bound(follow, frozenset(never))


def read_orders(lines: Lines, placed: Sequence[Placed]) -> Orders:
    """Orders of the decisions that are about whole lines of a text; what is inside a line is done already."""
    if not placed:
        return Orders()
    begins = {start: k for k, start in enumerate(lines.starts)}
    ends = {end: k for k, end in enumerate(lines.ends)}
    out = []
    for one in placed:
        left, right, last = _line(ends, one.left), begins.get(one.right), _line(ends, one.end)
        if left is not None and right is not None and last is not None:
            out.append(Order(one, left, right, last))
    return Orders(tuple(out))


def _line(ends: Mapping[int, int], at: int | None) -> int | None:
    """The line that ends at an offset, None where none does; -1 for no offset."""
    return -1 if at is None else ends.get(at)


def settled(raw: str, done: Repaired, placed: Sequence[Placed]) -> Repaired:
    """The ledger with what people decided: the repairs that they wanted, and those that they refused."""
    if not placed:
        return done
    places = Places(raw, concat(done.paragraphs))
    wanted = [one for one in placed if one.decision.accepted and _done(done.changes, places, one)]
    refused = [one for one in placed if one not in wanted and not _of_itself(raw, one)]
    changes = [
        replace(change, decided=True, confidence=1.0) if any(tells(change, one) for one in wanted) else change
        for change in done.changes
        if change.applied or not any(tells(change, one) for one in placed)
    ]
    changes += [_refused(raw, one) for one in refused]
    ordered = sorted(changes, key=lambda change: (change.start, change.end))
    return replace(done, changes=tuple(ordered))


def _tie(follow: dict[int, Follower], pair: tuple[int, int], joined: Literal[True] | None) -> None:
    """Order one succession; what was ordered of either of its lines before no longer holds."""
    left, right = pair
    if left < 0 or right in (0, left):
        return
    for other in [a for a, (b, _) in follow.items() if b == right]:
        del follow[other]
    follow[left] = (right, joined)


def _done(changes: Sequence[Change], places: Places, one: Placed) -> bool:
    """Whether what was accepted was carried out."""
    if one.decision.deed == "removal":
        return any(change.applied and tells(change, one) for change in changes)
    note = any(change.rule == "moved note" and change.start == one.right for change in changes)
    follows = places.following(one.left or 0)
    return follows == one.right or (note and follows > one.right)  # a note that stood between is behind now


def _of_itself(raw: str, one: Placed) -> bool:
    """Whether the raw text has both halves of an accepted join in one line by now."""
    if not one.decision.accepted or one.left is None or one.left > one.right:
        return False
    between = raw[one.left : one.right]
    return not between.strip() and "\n" not in between


def _refused(raw: str, one: Placed) -> Change:
    """The ledger of what a person refused; of what was accepted and cannot be done, a suggestion."""
    decision, start, end, to = one.decision, one.right, one.end or one.right, None
    if decision.deed == "join" and one.left is not None:
        start = end = one.left
        while end < one.right and raw[end].isspace():
            end += 1
    elif decision.deed == "move":
        to = one.left
    return Change(
        stage="repair",
        rule=decision.rule,
        start=start,
        end=end,
        before=raw[start : min(end, start + SHOWN)] if decision.deed == "move" else raw[start:end],
        after="",
        confidence=1.0,
        applied=False,
        to=to,
        decided=not decision.accepted,
    )
