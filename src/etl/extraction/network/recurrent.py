"""Read whole sentences with the recurrent network: LAC's layers, which were taught our names.

Slower than `etl.extraction.network.tagger` and surer where words are rare; it says nothing of words.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.outputs import ENTITY_TAGS, OUTSIDE
from etl.extraction.resources.batches import batches
from etl.extraction.resources.lac_model import GRAPH, IDS, numbers_of_all
from etl.extraction.resources.tagger import split_pieces
from etl.onnx_session import open_session
from etl.text.code_points import code_points

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "reader.zip"
# Sentences that it reads fastest at once: beyond that, more are padded to one length.
BATCH_SIZE = 6

Floats = NDArray[np.float32]


class RecurrentReader:
    """The network, on one thread, in padded batches that answer as if each sentence stood alone."""

    def __init__(self) -> None:
        with ZipFile(SHIPPED) as archive:
            self._ids = numbers_of_all(np.load(io.BytesIO(archive.read(IDS))))
            self._session = open_session(archive.read(GRAPH))

    def read_all(self, texts: Sequence[str]) -> tuple[Floats, ...]:
        """Return the probability of each of `ENTITY_TAGS` for each character, of each text."""
        # A line break is in no piece, so that none reaches from one text into the next.
        whole = "\n".join(texts)
        codes = code_points(whole)
        found = np.tile(np.eye(1, len(ENTITY_TAGS), OUTSIDE, dtype=np.float32), (len(codes), 1))
        for batch in batches(codes, tuple(split_pieces(whole)), BATCH_SIZE):
            real = batch.real.T[:, :, None].astype(np.float32)
            feed = {"ids": self._ids[batch.codes], "turned": batch.turned(), "real": real}
            found[batch.places] = self._session.run(None, feed)[0].swapaxes(0, 1)[batch.real]
        ends = np.cumsum([len(text) + 1 for text in texts])
        return tuple(found[end - len(text) - 1 : end - 1] for text, end in zip(texts, ends, strict=True))
