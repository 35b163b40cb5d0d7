"""Run a tree classifier: gradient-boosted trees that turn features into probabilities, on one thread.

Tree classifiers are trained by ``benchmarks/train_joins.py`` and shipped in the file of ``weights.py``.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from etl.onnx_session import open_session
from etl.repair.layout.lines import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

JOIN, BREAK, APART = 0, 1, 2
"""Classes of a seam: joined, the end of a paragraph, something missing between."""

LEAST = np.float32(1e-6)  # probability; a smaller one is taken for it, so that logarithms stay finite


class TreeClassifier:
    """A tree classifier; calling it gives log-probabilities [n, classes] of rows [n, features].

    It is opened when it is first asked; most texts ask few.
    """

    def __init__(self, payload: bytes) -> None:
        self._payload = payload

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self._payload, optimize=False)

    def __call__(self, rows: Floats) -> Floats:
        """Return log-probabilities [n, classes] of rows [n, features]."""
        rows_in, found_out = self._session.get_inputs()[0].name, self._session.get_outputs()[1].name
        (found,) = self._session.run([found_out], {rows_in: rows})
        out: Floats = np.log(np.maximum(np.asarray(found, np.float32), LEAST))
        return out
