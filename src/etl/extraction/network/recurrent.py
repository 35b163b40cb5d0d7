"""Read whole sentences with the recurrent network: LAC's layers, which were taught our names.

Slower than `etl.extraction.network.tagger`, and surer where words are rare.
"""

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.answers import Answer, nothing_said
from etl.extraction.network.graph_engines import ENGINES
from etl.extraction.resources.batches import SentenceBatch, batches
from etl.text.code_points import code_points

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "reader.zip"
GRAPH, IDS = "graph.onnx", "ids.npy"
CODE_POINTS = 0x110000


class RecurrentReader:
    """The network, on one thread, in padded batches that answer as if each sentence stood alone.

    Args:
        batch_size: sentences that it reads at once; 0: as many as the engine reads fastest.
        engine: what runs it, one of `ENGINES`.
    """

    def __init__(self, batch_size: int = 0, engine: str = "onnxruntime") -> None:
        self._batch_size = batch_size or ENGINES[engine].batch_size
        with ZipFile(SHIPPED) as archive:
            self._ids = numbers_of_all(np.load(io.BytesIO(archive.read(IDS))))
            self._session = ENGINES[engine].open(archive.read(GRAPH))

    def answer_all(self, sentences: Sequence[str]) -> Answer:
        """Return what the network says of each character of all sentences, one after the other.

        Args:
            sentences: as `split_pieces` cuts them; those of like length are read together.
        """
        codes = code_points("".join(sentences))
        edges = np.cumsum([0, *map(len, sentences)]).tolist()
        said = nothing_said(len(codes))
        for batch in batches(codes, tuple(pairwise(edges)), self._batch_size):
            for column, values in zip(said, self._answer(batch), strict=True):
                column[batch.places] = values
        return said

    def _answer(self, batch: SentenceBatch) -> Answer:
        real = batch.real.T[:, :, None].astype(np.float32)
        feed: dict[str, NDArray[Any]] = {
            "ids": self._ids[batch.codes],
            "turned": batch.turned(),
            "real": real,
        }
        return Answer(*(column.swapaxes(0, 1)[batch.real] for column in self._session.run(None, feed)))


def numbers_of_all(known: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the number of every code point: those that a model knows, then that of all others."""
    numbers = np.full(CODE_POINTS, known[-1], dtype=np.int64)
    numbers[: len(known)] = known
    return numbers
