"""Open a graph with the engine that the settings name; another engine is an entry in `ENGINES`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Session(Protocol):
    """A model that an engine has opened."""

    def run(self, outputs: None, feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[np.float32]]:
        """Return all outputs of the model for these inputs."""


class Engine(NamedTuple):
    """What runs a model.

    Attributes:
        open: makes a session of a graph.
        batch_size: sentences that it reads fastest at once: beyond that, more are padded to one length.
    """

    open: Callable[[bytes], Session]
    batch_size: int


def _onnxruntime(graph: bytes) -> Session:
    from etl.onnx_session import open_session  # noqa: PLC0415 - only the engine that is used is loaded

    session: Session = open_session(graph)
    return session


def _openvino(graph: bytes) -> Session:
    from etl.openvino_session import OpenvinoSession  # noqa: PLC0415 - as above

    return OpenvinoSession(graph)


ENGINES: Mapping[str, Engine] = {"onnxruntime": Engine(_onnxruntime, 6), "openvino": Engine(_openvino, 64)}
