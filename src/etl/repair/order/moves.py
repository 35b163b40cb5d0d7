"""Find the stretches of a report that stand elsewhere in the restored text, and how sure each move is."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from etl.repair.order.content import Content
from etl.repair.order.solution import Successor

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Move:
    """The move of content lines `first` to `last`, which now follow line `behind` (None: open the text)."""

    first: int
    last: int
    behind: int | None
    confidence: float


def walk(links: Sequence[Successor]) -> list[int]:
    """Return the content lines in the restored order, beginning with line 0."""
    out, at = [], 0
    while True:
        out.append(at)
        following = links[at].to
        if following is None:
            return out
        at = following


def moves(content: Content, links: Sequence[Successor]) -> Iterator[Move]:
    """Yield the moved stretches: all that are not in the longest part of the text that kept the file's order.

    Its confidence is that of a join at one of its ends; without a join, the lower of both ends.
    """
    stretches = _stretches(walk(links))
    stay = _kept_in_order(content, stretches) if len(stretches) > 1 else {0}
    for n, (first, last) in enumerate(stretches):
        if n in stay:
            continue
        behind = stretches[n - 1][1] if n else None
        ends = [links[at] for at in (behind, last) if at is not None and links[at].to is not None]
        sure = max((e.confidence for e in ends if e.joined), default=min(e.confidence for e in ends))
        yield Move(first, last, behind, sure)


def _stretches(order: Sequence[int]) -> list[Stretch]:
    """Return runs of lines that are neighbours in the file, as (first, last), in the restored order."""
    out = [(order[0], order[0])]
    for a, b in pairwise(order):
        if b == a + 1:
            out[-1] = (out[-1][0], b)
        else:
            out.append((b, b))
    return out


def _kept_in_order(content: Content, stretches: Sequence[Stretch]) -> set[int]:
    """Return the indexes of stretches that stay: those with most characters in the order of the file."""
    # First line, characters up to there, and index; lines and characters ascend.
    best: list[tuple[int, int, int]] = []
    before = [-1] * len(stretches)
    for n, (first, last) in enumerate(stretches):
        k = bisect_left(best, (first,))
        weight = content.spans[last][1] - content.spans[first][0]
        if k:
            _, most, before[n] = best[k - 1]
            weight += most
        end = k
        while end < len(best) and best[end][1] < weight:
            end += 1
        best[k:end] = [(first, weight, n)]
    at, out = best[-1][2], set[int]()
    while at >= 0:
        out.add(at)
        at = before[at]
    return out
