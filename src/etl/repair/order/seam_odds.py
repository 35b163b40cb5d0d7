"""Hold the odds of the seams of a file: joined, end of a paragraph, or something missing between.

`SeamOdds` are the result of `Restorer.classify_seams`; the functions change odds by what is known of a text.
"""

from dataclasses import dataclass

import numpy as np

from etl.repair.layout.lines import Bools, Floats
from etl.repair.order.content import Content
from etl.repair.scorer.classifier import APART, BREAK, JOIN

# Set by hand on the development sets, judged by `make bench-repair` and `make bench-harm`
# (docs/decisions/0035).
OPEN_FROM = float(
    np.log(0.01)
)  # log-probability from which something may be missing; six seams a file (0022)
IMPOSSIBLE = -14.0  # log-probability of what cannot be
PLAIN = 0.9998  # probability that a paragraph ends where nothing may be joined
REST = 1e-4  # probability of each other class there
PARTED = np.log(np.array([REST, PLAIN, REST], np.float32))
SETTLED = np.array([[0, IMPOSSIBLE, IMPOSSIBLE], [IMPOSSIBLE, 0, IMPOSSIBLE]], np.float32)
LIKELY = float(np.log(0.3))  # log-probability of a join from which a full line of ordered text goes on


@dataclass(frozen=True, slots=True)
class SeamOdds:
    """The odds that the tree classifiers give the seams of the file, an entry each.

    Attributes:
        rows: [seams, features] the features that the trees read; 0 where they were not asked.
        odds: [seams, 3] log-probabilities: joined, the end of a paragraph, something missing between.
    """

    rows: Floats
    odds: Floats

    @property
    def open(self) -> Bools:
        """Which seams [seams] are open: something may be missing there."""
        found: Bools = self.odds[:, APART] > OPEN_FROM
        return found


def forbid_paragraph_ends(odds: Floats, seams: Bools) -> None:
    """Add the probability that a paragraph ends to that of a join, at ``seams`` and in place."""
    odds[seams, JOIN] = np.logaddexp(odds[seams, JOIN], odds[seams, BREAK])
    odds[seams, BREAK] = IMPOSSIBLE


def keep_in_order(content: Content, odds: Floats) -> Floats:
    """Return the odds [seams, 3] of text whose order is fixed: likely joins of full lines miss nothing."""
    out = odds.copy()
    sure = content.broken & (odds[:, JOIN] > LIKELY) & content.stats.wrapped
    out[sure, APART] = IMPOSSIBLE
    out[sure] -= np.logaddexp.reduce(out[sure], axis=1, keepdims=True)
    return out
