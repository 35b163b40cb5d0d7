"""Open ONNX models as all engines do: on one thread of the processor, silent but for errors."""

from etl.no_telemetry import forbid_telemetry

forbid_telemetry()

import onnxruntime as ort  # noqa: E402 - it looks for what forbids it when it is imported

ERRORS = 3  # the level from which on onnxruntime says anything


def open_session(graph: bytes, *, optimize: bool = True) -> ort.InferenceSession:
    """Open a model given as a serialized ONNX graph.

    Args:
        graph: the model's bytes.
        optimize: look for a better graph first; a set of trees is one node, so there it only takes time.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
