"""Run the dense layers of the continuation model in onnxruntime, which packs a matrix only once.

Few rows are multiplied three times as fast, many twice, and on one thread, where those of numpy wait for each
other. The graphs are made when the model is trained, by ``benchmarks/seam_graphs.py``.
"""

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Floats = npt.NDArray[np.float32]
QUIET = 3  # errors only


class DenseEncoder:
    """Layers with their weights, as an ONNX graph over ``rows`` and what is ``seen`` besides.

    Attributes:
        seen, found: how wide the rows of ``seen`` and of the output are.
    """

    def __init__(self, graph: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        shapes = {one.name: one.shape for one in (*self._session.get_inputs(), *self._session.get_outputs())}
        self.seen: int = shapes["seen"][1]
        self.found: int = shapes["found"][1]

    def __call__(self, rows: Floats, seen: Floats) -> Floats:
        """Return the outputs [n, found] of rows."""
        (found,) = self._session.run(None, {"rows": rows, "seen": seen})
        return np.asarray(found, np.float32)
