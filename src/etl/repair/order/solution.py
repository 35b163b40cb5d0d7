"""Record what follows each content line of a report, and the solution that this was made from.

`as_given` is the solution that changes nothing. What else should be known of a succession is a field of
`Successor`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np

from etl.repair.layout.lines import Bools, Floats
from etl.repair.order.features import Open


class Successor(NamedTuple):
    """The successor of a content line: line `to` (None: the text ends), joined or as a new paragraph."""

    to: int | None
    joined: bool
    confidence: float
    given: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A join of two content lines, or a move, that was likely but below the threshold."""

    left: int
    right: int
    confidence: float
    given: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """The successor of each content line, and what was refused.

    Attributes:
        tangled: too many seams are open to meet every piece with every other.
        in_turns: columns were written in turns.
    """

    links: tuple[Successor, ...]
    refused: tuple[Suggestion, ...]
    tangled: bool = False
    in_turns: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """An order of the pieces; arrays have one entry a piece.

    Attributes:
        follows: column of the piece that follows, see `best_path`.
        kinds: log-odds that it is joined to the piece that follows, rather than a new paragraph.
        confidence: probability that the succession is right.
        held: pieces of which people decided what follows.
    """

    follows: tuple[int, ...]
    kinds: Floats
    confidence: Floats
    held: frozenset[int] = frozenset()

    @property
    def moved(self) -> list[int]:
        """The pieces that are followed by another piece than in the file."""
        return [p for p, q in enumerate(self.follows) if q not in (p, len(self.follows) - 1)]

    def links(self, found: Open) -> Iterator[Successor]:
        """Yield the link of each piece's last content line."""
        for p, q in enumerate(self.follows):
            to = int(found.right[q]) if q < len(found.right) else None
            kind = float(self.kinds[p])
            sure = float(self.confidence[p]) / (1 + math.exp(-abs(kind)))
            yield Successor(to, to is not None and kind > 0, sure, given=p == q)


def link_neighbours(joined: Bools, sure: Floats) -> list[Successor]:
    """Link each line to the next, and the last one to nothing; ``joined`` and ``sure`` are [n - 1] each."""
    count = len(joined)
    links = map(Successor, range(1, count + 1), joined.tolist(), sure.tolist(), repeat(object=True))
    return [*links, Successor(None, joined=False, confidence=1.0, given=True)]


def link_columns(order: Sequence[int], sure: float) -> Solution:
    """Return the solution that takes columns apart, lines as paragraphs; moved ones follow with ``sure``."""
    links = [Successor(None, joined=False, confidence=1.0, given=True)] * len(order)
    for a, b in pairwise(order):
        links[a] = Successor(b, joined=False, confidence=1.0 if b == a + 1 else sure, given=b == a + 1)
    return Solution(tuple(links), (), tangled=True, in_turns=True)


def refuse_unsure(
    links: Sequence[Successor], refused: Sequence[Suggestion], threshold: float, *, tangled: bool = False
) -> Solution:
    """Return the solution of ``links``, joins of neighbours below the threshold undone and refused, too."""
    out, unsure = list(links), list(refused)
    for k, link in enumerate(links):
        if link.joined and link.given and link.to is not None and link.confidence < threshold:
            unsure.append(Suggestion(k, link.to, link.confidence, given=True))
            out[k] = link._replace(joined=False, confidence=1 - link.confidence)
    return Solution(tuple(out), tuple(unsure), tangled)


def as_given(count: int) -> Solution:
    """Return the solution in which each of ``count`` lines is a paragraph of its own, in file order."""
    return Solution(tuple(link_neighbours(np.zeros(count - 1, np.bool_), np.ones(count - 1, np.float32))), ())
