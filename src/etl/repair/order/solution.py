"""Record what follows each content line of a report, and the solution that this was made from.

What else should be known of a succession is a field of `Successor`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np

from etl.repair.layout.lines import Bools, Floats
from etl.repair.order.seam_odds import SeamOdds


class Successor(NamedTuple):
    """The successor of a content line: line `to` (None: the text ends), joined or as a new paragraph."""

    to: int | None
    joined: bool
    confidence: float
    given: bool


Refused = tuple[int, Successor]
"""A content line, and the successor that it does not get."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The successor of each content line, and what was refused.

    Attributes:
        refused: joins and moves that were likely but below the threshold.
        tangled: too many seams are open to meet every piece with every other.
        in_turns: columns were written in turns.
        seams: the odds of the seams, from which the solution was made; None where columns were taken apart.
    """

    links: tuple[Successor, ...]
    refused: tuple[Refused, ...]
    tangled: bool = False
    in_turns: bool = False
    seams: SeamOdds | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """An order of the pieces, with an entry a piece.

    Attributes:
        follows: column of the piece that follows, see `best_path`.
        kinds: log-odds that it is joined to the piece that follows, rather than a new paragraph.
        links: the successor of its last content line.
        held: people decided what follows.
    """

    follows: tuple[int, ...]
    kinds: Floats
    links: list[Successor]
    held: Bools


def link_neighbours(odds: Floats) -> list[Successor]:
    """Link each line to the next, the last one to nothing, by the log-probabilities [n - 1, 3] of seams."""
    join, parted, _ = np.exp(odds).T
    joined, sure = join > parted, np.maximum(join, parted)
    links = map(Successor, range(1, len(odds) + 1), joined.tolist(), sure.tolist(), repeat(object=True))
    return [*links, Successor(None, joined=False, confidence=1.0, given=True)]


def link_columns(order: Sequence[int], sure: float) -> Solution:
    """Return the solution that takes columns apart, lines as paragraphs; moved ones follow with ``sure``."""
    links = [Successor(None, joined=False, confidence=1.0, given=True)] * len(order)
    for a, b in pairwise(order):
        links[a] = Successor(b, joined=False, confidence=1.0 if b == a + 1 else sure, given=b == a + 1)
    return Solution(tuple(links), (), tangled=True, in_turns=True)


def refuse_unsure(
    links: Sequence[Successor], refused: Sequence[Refused], threshold: float, *, tangled: bool = False
) -> Solution:
    """Return the solution of ``links``, joins of neighbours below the threshold undone and refused, too."""
    out, unsure = list(links), list(refused)
    for k, link in enumerate(links):
        if link.joined and link.given and link.to is not None and link.confidence < threshold:
            unsure.append((k, link))
            out[k] = link._replace(joined=False, confidence=1 - link.confidence)
    return Solution(tuple(out), tuple(unsure), tangled)
