"""Open ONNX models in OpenVINO, which multiplies numbers of 16 bits where the processor can: an extra.

The same fingerprint must stand for the same answers on each machine, so a processor without such numbers is
refused; there OpenVINO would be no faster than onnxruntime either.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.model.errors import SetupError
from etl.no_telemetry import forbid_telemetry

INSTALL = "pip install 'report-etl[openvino]'"
DEVICE, HALF = "CPU", "BF16"
# One thread, as all engines; numbers of 16 bits.
OPTIONS = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "bf16"}


class OpenvinoSession:
    """A model of one input batch at a time; threads take turns.

    Args:
        graph: the model's bytes.

    Raises:
        SetupError: OpenVINO is not installed, or the processor has no numbers of 16 bits.
    """

    def __init__(self, graph: bytes) -> None:
        if why := fault():
            raise SetupError(f"{why}; {'set extract.engine to onnxruntime' if is_installed() else INSTALL}")
        core = _openvino().Core()
        compiled = core.compile_model(core.read_model(graph), DEVICE, OPTIONS)
        self._request = compiled.create_infer_request()
        self._turn = Lock()

    def run(self, outputs: None, feed: Mapping[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """Return all outputs of the model for these inputs."""
        del outputs
        with self._turn:
            return list(self._request.infer(dict(feed), share_inputs=True).values())


def is_installed() -> bool:
    """Check whether the extra ``openvino`` is installed."""
    return find_spec("openvino") is not None


def fault() -> str:
    """Return why OpenVINO cannot run models here; empty where it can."""
    if not is_installed():
        return "extract.engine is openvino, which is not installed"
    if HALF not in _openvino().Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES"):
        return "extract.engine is openvino, but this processor has neither avx512_bf16 nor amx_bf16"
    return ""


def _openvino() -> Any:  # noqa: ANN401 - it has no types
    forbid_telemetry()
    import openvino  # noqa: PLC0415 - an extra

    return openvino
