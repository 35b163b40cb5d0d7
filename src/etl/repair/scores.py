"""What the seam model says of the lines of one report, asked once and kept."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etl.repair.lines import EDGE, Floats
from etl.repair.seams import SeamModel

Index = npt.NDArray[np.intp]


class Scores:
    """Scores of one report's lines: `starts` and `ends` for each, `seams` and `pairs` on demand."""

    def __init__(self, model: SeamModel, texts: Sequence[str]) -> None:
        self._model = model
        self._heads = [t[:EDGE] for t in texts]
        self._tails = [t[-EDGE:] for t in texts]
        self._texts = texts
        self.starts: Floats = model.starts(self._heads)
        self.ends: Floats = model.ends(self._tails)

    def seams(self, lefts: Index, rights: Index) -> Floats:
        """Scores that each right line continues its left line."""
        return self._model.seams([self._tails[k] for k in lefts], [self._heads[k] for k in rights], self._texts)

    def pairs(self, lefts: Index, rights: Index) -> Floats:
        """Scores [lefts, rights] of all pairs."""
        return self._model.pairs([self._tails[k] for k in lefts], [self._heads[k] for k in rights], self._texts)
