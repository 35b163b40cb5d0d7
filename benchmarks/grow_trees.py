"""Rows and labels gathered for one set of trees of ``etl.repair``, and how the trees are grown from them.

A new set is one more entry in `PLANS`; ``train_joins.py`` gathers its rows. Needs lightgbm and onnxmltools.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

from etl.repair.layout.lines import Floats
from etl.repair.scorer.feature_names import FEATURES

Ints = npt.NDArray[np.int64]
Model = Callable[[Floats], Floats]
Grown = tuple[bytes, tuple[str, ...]]
BOOST = {
    "learning_rate": 0.06, "min_data_in_leaf": 40, "feature_fraction": 0.7, "bagging_fraction": 0.8,
    "bagging_freq": 1, "lambda_l2": 2.0, "verbosity": -1, "num_threads": 1, "seed": 7, "deterministic": True,
}  # fmt: skip
UNKNOWN = -1


@dataclass(frozen=True)
class Plan:
    """Size of one set of trees."""

    classes: int
    rounds: int
    leaves: int


PLANS = {
    "adjacent": Plan(3, 260, 31),
    "wrapped": Plan(3, 260, 31),
    "second": Plan(3, 150, 31),
    "jumps": Plan(3, 200, 31),
    "finals": Plan(2, 200, 15),
    "trust": Plan(2, 120, 11),
}


@dataclass
class Rows:
    """Rows and labels gathered for one set of trees."""

    rows: list[Floats] = field(default_factory=list)
    labels: list[Ints] = field(default_factory=list)
    weights: list[Floats] = field(default_factory=list)

    def add(self, rows: Floats, labels: Ints, weights: Floats | None = None) -> None:
        """Take the rows whose label is known."""
        known = labels != UNKNOWN
        self.rows.append(rows[known])
        self.labels.append(labels[known])
        self.weights.append(np.ones(int(known.sum()), np.float32) if weights is None else weights[known])

    def fit(self, name: str, out: dict[str, Grown]) -> Model:
        """Grow the trees, put them into `out` as ONNX with their features' names and return them."""
        plan, began = PLANS[name], time.time()
        rows, labels, weights = (np.concatenate(parts) for parts in (self.rows, self.labels, self.weights))
        objective = (
            {"objective": "binary"}
            if plan.classes == 2
            else {"objective": "multiclass", "num_class": plan.classes}
        )
        data = lgb.Dataset(rows, labels, weight=weights)
        trees = lgb.train({**BOOST, **objective, "num_leaves": plan.leaves}, data, plan.rounds)
        inputs = [("rows", FloatTensorType([None, rows.shape[1]]))]
        onnx = convert_lightgbm(trees, initial_types=inputs, zipmap=False, target_opset=15)
        out[name] = (onnx.SerializeToString(), FEATURES[name])
        print(
            f"{name:10} {rows.shape} {np.bincount(labels)} {time.time() - began:.0f}s",
            file=sys.stderr,
            flush=True,
        )
        return lambda x: log_odds(trees.predict(x, num_threads=1))


def log_odds(found: npt.NDArray[np.float64]) -> Floats:
    """Predictions as `TreeClassifier` gives them."""
    both = np.stack([1 - found, found], axis=1) if found.ndim == 1 else found
    return np.log(np.maximum(both, 1e-6)).astype(np.float32)
