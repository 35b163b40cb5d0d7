"""The one file of models that repair ships: the arrays of the seam model, and the trees of the combiners.

`arrays` and `trees` read it, `put` writes into it; with each set of trees the names of the signs that it was
trained on, in their order. Another kind of model is another prefix.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parents[2] / "models" / "joins.npz"
TREES, SIGNS = "trees.", "signs."

Arrays = dict[str, npt.NDArray[Any]]


def arrays(path: Path = MODEL) -> Arrays:
    """The arrays of the seam model by name.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        return {name: found[name] for name in found.files if not name.startswith((TREES, SIGNS))}


def trees(path: Path = MODEL) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """The trees of the combiners (ONNX) by name, each with the names of its signs.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        names = [name.removeprefix(TREES) for name in found.files if name.startswith(TREES)]
        return {
            name: (found[TREES + name].tobytes(), tuple(found.get(SIGNS + name, np.array([], str)).tolist()))
            for name in names
        }


def put(path: Path, seams: Arrays, grown: Mapping[str, tuple[bytes, Sequence[str]]]) -> None:
    """Write a file of models, in which no name of an array may begin as those of trees and signs do."""
    payloads = {TREES + name: np.frombuffer(payload, np.uint8) for name, (payload, _) in grown.items()}
    signs = {SIGNS + name: np.array(signs) for name, (_, signs) in grown.items()}
    np.savez_compressed(path, allow_pickle=False, **seams, **payloads, **signs)
