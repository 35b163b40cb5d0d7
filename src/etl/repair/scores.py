"""What the seam model says of the lines of one report: of all, or only of those that are asked about."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etl.repair.lines import Floats
from etl.repair.seams import Readings, SeamModel

Index = npt.NDArray[np.intp]


class Scores:
    """Scores of a report's lines: `starts` and `ends` for each, `seams` and `pairs` on demand.

    Attributes:
        starts, ends: log-odds [lines] that a line begins or ends a paragraph; 0 where it was not encoded.
        complete: every line was encoded.
        read: what was encoded of this report, for those who go over it again.
    """

    def __init__(
        self, model: SeamModel, texts: Sequence[str], asked: Index | None = None, read: Readings | None = None
    ) -> None:
        self.complete = asked is None
        self.read = read or Readings()
        chosen = np.arange(len(texts)) if asked is None else asked
        self._place = np.zeros(len(texts), np.intp)
        self._place[chosen] = np.arange(len(chosen))
        self.starts: Floats = np.zeros(len(texts), np.float32)
        self.ends: Floats = np.zeros(len(texts), np.float32)
        if len(chosen):
            self._encoded = model.report([texts[k] for k in chosen.tolist()], texts, self.read)
            self.starts[chosen], self.ends[chosen] = self._encoded.starts, self._encoded.ends

    def seams(self, lefts: Index, rights: Index) -> Floats:
        """Scores that each right line continues its left line; both must have been encoded."""
        return self._encoded.seams(self._place[lefts], self._place[rights])

    def pairs(self, lefts: Index, rights: Index) -> Floats:
        """Scores [lefts, rights] of all pairs; all must have been encoded."""
        return self._encoded.pairs(self._place[lefts], self._place[rights])
