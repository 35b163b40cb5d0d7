"""Keep libraries that run models from telling their makers of this machine; call before one is imported.

Another library that reports to its maker is a line in `forbid_telemetry`.
"""

import os
import sys


def forbid_telemetry() -> None:
    """Switch off what onnxruntime sends of each model, and OpenVINO of each import; both are on otherwise."""
    if "ORT_DISABLE_TELEMETRY" not in os.environ:
        # Past `os.environ`, by which settings see whether they must be read again.
        os.putenv("ORT_DISABLE_TELEMETRY", "1")
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
