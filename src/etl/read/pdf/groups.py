"""Group things that pairs of them connect, such as boxes that touch each other."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from etl.read.pdf.page import Box

Thing = TypeVar("Thing")


def touching(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Yield the indexes of each two boxes that share a point."""
    order = sorted(range(len(boxes)), key=lambda k: boxes[k].top)
    for n, a in enumerate(order):
        for b in order[n + 1 :]:
            if boxes[b].top > boxes[a].bottom:
                break
            if boxes[a].meets(boxes[b]):
                yield a, b


def grouped(things: Sequence[Thing], pairs: Iterable[tuple[int, int]]) -> list[list[Thing]]:
    """Group things that pairs of indexes connect, directly or through others."""
    home = list(range(len(things)))

    def root(k: int) -> int:
        while home[k] != k:
            home[k] = home[home[k]]
            k = home[k]
        return k

    for a, b in pairs:
        home[root(b)] = root(a)
    groups: dict[int, list[Thing]] = {}
    for k, thing in enumerate(things):
        groups.setdefault(root(k), []).append(thing)
    return list(groups.values())
