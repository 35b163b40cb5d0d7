"""What saves time changes nothing: layers that are run otherwise give what they gave."""

import numpy as np
import pytest
from seam_graphs import encoder

from etl.repair.scorer.dense_encoder import DenseEncoder


@pytest.mark.parametrize("count", [0, 1, 5, 130])
def test_layers_are_matrices_multiplied(count: int) -> None:
    """What onnxruntime makes of the graph that training exports is what numpy makes of its matrices."""
    rng = np.random.default_rng(2)
    sizes = {"deep": (300, 20), "deep_bias": (20,), "high": (20, 9), "low": (3, 9), "out_bias": (9,)}
    halves = {name: rng.normal(size=size).astype(np.float16) for name, size in sizes.items()}
    weights = {name: half.astype(np.float32) for name, half in halves.items()}
    rows, seen = (rng.normal(size=(count, width)).astype(np.float32) for width in (300, 3))

    hidden = np.maximum(rows @ weights["deep"] + weights["deep_bias"], 0)
    made = hidden @ weights["high"] + seen @ weights["low"] + weights["out_bias"]

    np.testing.assert_allclose(DenseEncoder(encoder(weights))(rows, seen), made, atol=1e-3)
