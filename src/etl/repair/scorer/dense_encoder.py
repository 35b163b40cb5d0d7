"""Run the dense layers of the continuation model in onnxruntime, which packs each weight matrix only once.

On one thread few rows are multiplied three times as fast, many twice as fast, as with numpy. The graphs are
made when the model is trained, by ``benchmarks/seam_graphs.py``.
"""

import numpy as np
import numpy.typing as npt

from etl.onnx_session import open_session

Floats = npt.NDArray[np.float32]


class DenseEncoder:
    """Dense layers with their weights, as an ONNX graph over ``rows`` and the further input ``seen``.

    Attributes:
        seen, found: width of the rows of ``seen`` and of the output.
    """

    def __init__(self, graph: bytes) -> None:
        self._session = open_session(graph)
        shapes = {one.name: one.shape for one in (*self._session.get_inputs(), *self._session.get_outputs())}
        self.seen: int = shapes["seen"][1]
        self.found: int = shapes["found"][1]

    def __call__(self, rows: Floats, seen: Floats) -> Floats:
        """Return the outputs [n, found] of ``rows`` [n, …] and ``seen`` [n, seen]."""
        (found,) = self._session.run(None, {"rows": rows, "seen": seen})
        return np.asarray(found, np.float32)
