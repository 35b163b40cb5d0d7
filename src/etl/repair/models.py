"""The one file of models that repair ships: the arrays of the seam model, and the trees of the combiners.

`arrays` and `trees` read it, `put` writes into it. Another kind of model is another prefix beside `TREES`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parent.parent / "models" / "joins.npz"
TREES = "trees."

Arrays = dict[str, npt.NDArray[Any]]


def arrays(path: Path = MODEL) -> Arrays:
    """The arrays of the seam model by name.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        return {name: found[name] for name in found.files if not name.startswith(TREES)}


def trees(path: Path = MODEL) -> dict[str, bytes]:
    """The trees of the combiners (ONNX) by name.

    Raises:
        FileNotFoundError: the package was installed without its models.
    """
    with np.load(path) as found:
        names = [name for name in found.files if name.startswith(TREES)]
        return {name.removeprefix(TREES): found[name].tobytes() for name in names}


def put(path: Path, seams: Arrays, grown: Mapping[str, bytes]) -> None:
    """Write a file of models, in which no name of an array may begin as those of trees do."""
    payloads = {f"{TREES}{name}": np.frombuffer(payload, np.uint8) for name, payload in grown.items()}
    np.savez_compressed(path, allow_pickle=False, **seams, **payloads)
