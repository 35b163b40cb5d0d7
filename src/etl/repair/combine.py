"""The combiners: gradient-boosted trees that turn signs into probabilities, run by onnxruntime on one thread."""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from etl.repair.lines import Floats

FOLDER = Path(__file__).parent.parent / "models"
LEAST = np.float32(1e-6)


class Combiner:
    """One set of trees; `odds` gives log-probabilities a class."""

    def __init__(self, payload: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(payload, options, providers=["CPUExecutionProvider"])
        self._name = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[1].name

    def __call__(self, rows: Floats) -> Floats:
        """Log-probabilities [n, classes] of n rows of signs."""
        (found,) = self._session.run([self._output], {self._name: rows})
        probabilities = np.asarray(found, np.float32)
        out: Floats = np.log(np.maximum(probabilities, LEAST))
        return out


def load(name: str) -> Combiner:
    """The combiner of that name that is shipped with the package.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    return Combiner((FOLDER / f"{name}.onnx").read_bytes())


def load_confidence() -> Floats:
    """Weights [given or moved, signs] that turn a solution's lead into a probability."""
    out: Floats = np.load(FOLDER / "confidence.npy")
    return out
