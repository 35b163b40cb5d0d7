"""Read the one file of models that repair ships: the continuation model and the tree classifiers.

``benchmarks/write_models.py`` writes it; beside each tree classifier stand the names of the features that it
was trained on, in their order, under the prefix ``signs.``. Another kind of model is another prefix.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parents[2] / "models" / "joins.npz"
TREES, FEATURE_NAMES = "trees.", "signs."

Arrays = dict[str, npt.NDArray[Any]]


def arrays(path: Path = MODEL) -> Arrays:
    """Read the arrays of the continuation model by name.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        return {name: found[name] for name in found.files if not name.startswith((TREES, FEATURE_NAMES))}


def trees(path: Path = MODEL) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Read the tree classifiers (ONNX) by name, each with the names of its features.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        names = [name.removeprefix(TREES) for name in found.files if name.startswith(TREES)]
        return {
            name: (
                found[TREES + name].tobytes(),
                tuple(found.get(FEATURE_NAMES + name, np.array([], str)).tolist()),
            )
            for name in names
        }
