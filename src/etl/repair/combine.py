"""The combiners: gradient-boosted trees that turn signs into probabilities, run by onnxruntime on one thread.

They are trained by ``benchmarks/train_joins.py`` and shipped in one file, packed by `pack`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime as ort

from etl.repair.lines import Floats

MODEL = Path(__file__).parent.parent / "models" / "combiners.npz"
LEAST = np.float32(1e-6)
QUIET = 3  # errors only


class Combiner:
    """One set of trees; calling it gives log-probabilities [n, classes] of n rows of signs."""

    def __init__(self, payload: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        self._session = ort.InferenceSession(payload, options, providers=["CPUExecutionProvider"])
        self._name = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[1].name

    def __call__(self, rows: Floats) -> Floats:
        """Log-probabilities [n, classes]."""
        (found,) = self._session.run([self._output], {self._name: rows})
        out: Floats = np.log(np.maximum(np.asarray(found, np.float32), LEAST))
        return out


def pack(models: Mapping[str, bytes], path: Path = MODEL) -> None:
    """Write trees (ONNX) by name as one file."""
    arrays = {name: np.frombuffer(payload, np.uint8) for name, payload in models.items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def unpack(path: Path = MODEL) -> dict[str, Combiner]:
    """The combiners by name.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as arrays:
        return {name: Combiner(arrays[name].tobytes()) for name in arrays.files}
