"""Hold the odds of the seams of a file: joined, end of a paragraph, or something missing between.

`SeamOdds` are the result of `Restorer.classify_seams`; the functions change odds by what is known of a text.
"""

from dataclasses import dataclass

import numpy as np

from etl.repair.layout.lines import Bools, Floats
from etl.repair.scorer.classifier import APART

# Set by hand on the development sets, judged by `make bench-repair` and `make bench-harm`
# (docs/decisions/0035).
OPEN_FROM = float(np.log(0.01))  # log-probability of a gap; six seams a file have more (0022)
IMPOSSIBLE = -14.0  # log-probability of what cannot be
SETTLED = np.array([[0, IMPOSSIBLE, IMPOSSIBLE], [IMPOSSIBLE, 0, IMPOSSIBLE]], np.float32)


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


def keep_in_order(odds: Floats) -> Floats:
    """Return the odds [seams, 3] of text whose order is fixed: nothing is missing at any seam."""
    out = odds.copy()
    out[:, APART] = IMPOSSIBLE
    out -= np.logaddexp.reduce(out, axis=1, keepdims=True)
    return out
