"""What the seam model says of the lines of one report: every line is encoded once, then any two are met."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etl.repair.lines import Floats
from etl.repair.seams import SeamModel, Side

Index = npt.NDArray[np.intp]
AT_ONCE = 8192


def _rows(side: Side, k: Index) -> Side:
    return Side([h[k] for h in side.hashes], side.additive[k], side.dotted[k], side.edge[k])


class Scores:
    """Scores of one report's lines: `starts` and `ends` for each, `seams` and `pairs` on demand."""

    def __init__(self, model: SeamModel, texts: Sequence[str]) -> None:
        self._model = model
        self._left, self._right = model._encode(texts, "left"), model._encode(texts, "right")  # noqa: SLF001
        self._memory = model._remember(texts)  # noqa: SLF001
        self.starts: Floats = self._right.edge
        self.ends: Floats = self._left.edge

    def seams(self, lefts: Index, rights: Index) -> Floats:
        """Scores that each right line continues its left line."""
        out: Floats = np.einsum("nd,nd->n", self._left.dotted[lefts], self._right.dotted[rights])
        for top in range(0, len(lefts), AT_ONCE):
            part = slice(top, top + AT_ONCE)
            index = (lefts[part], rights[part])
            out[part] += self._model._meet(self._left, self._right, index, self._memory)  # noqa: SLF001
        return out

    def pairs(self, lefts: Index, rights: Index) -> Floats:
        """Scores [lefts, rights] of all pairs."""
        left, right = _rows(self._left, lefts), _rows(self._right, rights)
        i, j = (part.ravel() for part in np.indices((len(lefts), len(rights))))
        out: Floats = left.dotted @ right.dotted.T
        for top in range(0, len(i), AT_ONCE):
            part = slice(top, top + AT_ONCE)
            out.reshape(-1)[part] += self._model._meet(left, right, (i[part], j[part]), self._memory)  # noqa: SLF001
        return out
