"""Run a tree classifier: gradient-boosted trees that turn features into probabilities, on one thread.

Tree classifiers are trained by ``benchmarks/train_joins.py`` and shipped in the file of ``weights.py``.
"""

import numpy as np

from etl.onnx_session import open_session
from etl.repair.layout.lines import Floats

JOIN, BREAK, APART = 0, 1, 2
"""Classes of a seam: joined, the end of a paragraph, something missing between."""

LEAST = np.float32(1e-6)  # probability; a smaller one is taken for it, so that logarithms stay finite


class TreeClassifier:
    """A tree classifier; calling it gives log-probabilities [n, classes] of rows [n, features]."""

    def __init__(self, payload: bytes) -> None:
        self._session = open_session(payload, optimize=False)
        self._name = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[1].name

    def __call__(self, rows: Floats) -> Floats:
        """Return log-probabilities [n, classes] of rows [n, features]."""
        (found,) = self._session.run([self._output], {self._name: rows})
        out: Floats = np.log(np.maximum(np.asarray(found, np.float32), LEAST))
        return out
