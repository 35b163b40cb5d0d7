"""What is left out to save time changes nothing: seams not looked at, lines that are not read again."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from seam_graphs import encoder

from etl.engines import default
from etl.model.report import Encoding, Reading, Repaired
from etl.repair import repair
from etl.repair.order import constraints, restorer
from etl.repair.scorer.dense_encoder import DenseEncoder
from etl.settings import load

CASES = Path(__file__).parents[1] / "cases" / "repair"
TEXTS = [
    case.get("text") or case["given"]
    for name in ("undamaged", "cuts", "columns")
    for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
]
THRESHOLD = load().repair.threshold


def restore(text: str) -> Repaired:
    """Repair at the threshold of the settings."""
    return repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)


def test_seams_that_cannot_be_joined_are_not_asked_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the order of a text stands, the same is joined where all seams are asked about."""
    monkeypatch.setattr(restorer, "may_move", lambda _: False)
    few = [restore(text) for text in TEXTS]
    monkeypatch.setattr(constraints, "joinable", lambda _, asked: asked)

    assert [restore(text) for text in TEXTS] == few


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
