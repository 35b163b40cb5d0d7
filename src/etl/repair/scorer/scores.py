"""Score the lines of one report with the continuation model, those that are asked for."""

from collections.abc import Sequence

import numpy as np

from etl.repair.layout.lines import Floats, Index
from etl.repair.scorer.continuation import ContinuationScorer, ReportCache

UNREAD = -1  # place of an edge that was not encoded
NEVER_ENDS = -3.0
"""Log-odds of `Scores.ends` below which a line ends no paragraph; set by hand on the development sets
(docs/decisions/0035)."""


class Scores:
    """The scores of a report's lines: `starts` and `ends` of each, `seams` and `pairs` on demand.

    Attributes:
        starts, ends: log-odds [lines] that a line begins or ends a paragraph; 0 where not encoded yet.
        cache: what was encoded of this report, for further passes.
    """

    def __init__(
        self, model: ContinuationScorer, texts: Sequence[str], cache: ReportCache | None = None
    ) -> None:
        self.cache = cache or ReportCache()
        self._model, self._texts = model, texts
        self._left, self._right = np.full((2, len(texts)), UNREAD, np.int64)
        self.starts: Floats = np.zeros(len(texts), np.float32)
        self.ends: Floats = np.zeros(len(texts), np.float32)

    def encode(self, lefts: Index, rights: Index) -> None:
        """Encode missing ends of ``lefts`` and starts of ``rights``; one call with many lines is fastest."""
        for side, lines, place, edge, known in (
            ("left", lefts, self._left, self.ends, self.cache.left),
            ("right", rights, self._right, self.starts, self.cache.right),
        ):
            if not len(lines):
                continue
            wanted = np.zeros(len(place), np.bool_)
            wanted[lines] = True
            fresh = np.flatnonzero(wanted & (place < 0))
            if len(fresh):
                place[fresh] = self._model.encode_missing(
                    [self._texts[k] for k in fresh.tolist()], side, known
                )
                edge[fresh] = known.rows[place[fresh], -1]

    def seams(self, lefts: Index, rights: Index) -> Floats:
        """Score [n] how likely each right line continues its left line (log-odds)."""
        self.encode(lefts, rights)
        if self.cache.texts != self._texts:
            self.cache.texts, self.cache.memory = self._texts, self._model.memory(self._texts)
        return self._model.seams(self.cache, self._left[lefts], self._right[rights])
