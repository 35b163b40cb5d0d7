"""Estimate how likely each succession of a solution is right, from the odds for it and of its rivals.

The tree classifier ``confidence`` reads the rows made here; its probabilities decide what is carried out and
what is only suggested. A new feature is one more column in `confidence_features` and a name in `TABLES`;
then the tree classifiers are trained again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.layout.lines import Bools, Floats
from etl.repair.order.content import Content
from etl.repair.order.features import Open, columns_of
from etl.repair.order.path_solver import FORBIDDEN, best_path, successors

Gains = npt.NDArray[np.float64]
NOTHING_MOVED = 12.0  # what the trees are told of the least gain of a move where nothing moved
CLOSING = 2.5  # log-odds in favour of a stretch put in between two pieces that meets the second of them, too
MODEST = 0.45
"""By how much, in log-odds, the trees say less than was right: of joins said with 0.5 to 0.7, 58 of 71
were right, with 0.7 to 0.9 186 of 215 (``bench_repair.py --only honesty --seeds 101 … 108``)."""


@dataclass(frozen=True, slots=True)
class Odds:
    """Log-odds [n, n] that piece q + 1 follows piece p, joined or as a new paragraph; see `best_path`."""

    join: Floats
    apart: Floats

    @property
    def gains(self) -> Gains:
        """The larger of the two log-odds, the gain of each succession; [n, n]."""
        return np.maximum(self.join, self.apart).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Solved:
    """The open pieces of a report, and the odds of every succession.

    ``free`` are the odds before the decisions of people were written into them, ``decided`` [n, n] the
    successions that people decided.
    """

    found: Open
    odds: Odds
    free: Odds
    decided: Bools


def confidence_features(content: Content, solved: Solved, follows: Sequence[int], kinds: Floats) -> Floats:
    """Return rows [n, features] for the successions ``follows`` [n]; ``kinds`` are log-odds [n] of a join."""
    gains, found = solved.odds.gains, solved.found
    n, p, q = len(follows), np.arange(len(follows)), np.array(follows)
    own = gains[p, q]
    rivals = gains.copy()
    rivals[p, q] = FORBIDDEN
    row, column = own - rivals.max(axis=1), own - rivals.max(axis=0)[q]
    right = np.minimum(q, len(found.right) - 1)
    a, b = content.line_index[found.left], content.line_index[found.right[right]]
    moved = q != p
    given = np.diagonal(gains)
    weakest = min(own[moved], default=NOTHING_MOVED)
    return columns_of("trust", [
        own, row, column, np.abs(kinds), kinds > 0, moved, q == n - 1,
        found.plain[p, right], found.scores[p, right],
        found.row_lead[p, right], found.column_lead[p, right],
        found.row_rank[p, right], found.column_rank[p, right],
        content.scores.ends[a], content.scores.starts[b], content.lines.end[a], content.lines.start[b],
        given, given[q], weakest, moved.sum(), own.sum() - given.sum(),
        n, (given < 0).sum(), (own < 0).sum(), found.odds,
        own[-1], content.lines.size[a], content.lines.size[b],
        content.stats.full,
    ])  # fmt: skip


def probabilities_right(told: Floats) -> Floats:
    """Return probabilities [n], from log-probabilities [n, 2] that successions are wrong and right."""
    out: Floats = 1 / (1 + np.exp(told[:, 0] - told[:, 1] - MODEST))
    return out


def best_order(odds: Odds, gains: Gains) -> list[int]:
    """Return the successors in the best order, after a bonus for closing gaps that the first best leaves.

    Where piece p is joined to a moved piece q + 1, a piece from q + 1 on probably ends before p + 1, and one
    up to p probably begins behind q.
    """
    first, closed, n = successors(best_path(gains)), gains.copy(), len(gains)
    for p, q in enumerate(first):
        if q not in (p, n - 1) and odds.join[p, q] > 0:
            if p < n - 1:
                closed[q + 1 :, p] += CLOSING  # q + 1... was put in behind p: its end belongs before p + 1
            closed[q, :p] += CLOSING  # ...p was put in before q + 1: its start belongs behind q
    return successors(best_path(closed))
