"""Open ONNX models as all engines do: on one thread of the processor, silent but for errors."""

from pathlib import Path

from etl.no_telemetry import forbid_telemetry

forbid_telemetry()

import onnxruntime as ort  # noqa: E402 - it looks for what forbids it when it is imported

ERRORS = 3  # the level from which on onnxruntime says anything
WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path"


def open_session(graph: bytes, *, optimize: bool = True, weights: Path | None = None) -> ort.InferenceSession:
    """Open a model given as a serialized ONNX graph.

    Args:
        graph: the model's bytes.
        optimize: look for a better graph first; a set of trees is one node, so there it only takes time.
        weights: the folder of the files in which the graph says that its weights lie; they are mapped.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    if weights:
        options.add_session_config_entry(WEIGHTS_FOLDER, str(weights))
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
