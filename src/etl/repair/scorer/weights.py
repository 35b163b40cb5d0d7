"""Read and write the one file of models that repair ships: the continuation model and the tree classifiers.

`arrays` and `trees` read it, `put` writes it; beside each tree classifier stand the names of the features
that it was trained on, in their order, under the prefix ``signs.``. Another kind of model is another prefix.
"""

import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parents[2] / "models" / "joins.npz"
TREES, FEATURE_NAMES = "trees.", "signs."
WORTH_PACKING = 0.8

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


def put(path: Path, seams: Arrays, models: Mapping[str, tuple[bytes, Sequence[str]]]) -> None:
    """Write a file of models; no array's name may begin with `TREES` or `FEATURE_NAMES`.

    What packing makes smaller by less than a fifth stays as it is, as unpacking takes longer than reading.
    """
    payloads = {TREES + name: np.frombuffer(payload, np.uint8) for name, (payload, _) in models.items()}
    features = {FEATURE_NAMES + name: np.array(names) for name, (_, names) in models.items()}
    with ZipFile(path, "w") as archive:  # of a fixed day: the same models are the same file
        for name, array in {**seams, **payloads, **features}.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            content = member.getvalue()
            packs = len(zlib.compress(content)) < WORTH_PACKING * len(content)
            archive.writestr(ZipInfo(f"{name}.npy"), content, ZIP_DEFLATED if packs else ZIP_STORED)
