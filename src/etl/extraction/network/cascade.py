"""Read the sentences that the network is sure of with the network, the others with a slower one, too.

The network reads every text. In a sentence in which it is unsure of a name, what the recurrent network says
counts as much as the network (docs/decisions/0136).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.answers import Answer, decode
from etl.extraction.network.outputs import OF_NAMES
from etl.extraction.network.recurrent import RecurrentReader
from etl.extraction.network.tagger import NetworkTagger
from etl.extraction.resources.tagger import Tagged, Word, split_pieces
from etl.text.code_points import code_points, from_code_points

# A sentence is sure where the network says of each character with at least this probability that it stands in
# no name, or where in one of which kind; times and sums are none (docs/decisions/0134).
SURE = 0.7

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


class CascadeTagger:
    """The network, and a slower one for the sentences of which it is unsure."""

    def __init__(self, network: NetworkTagger, reader: RecurrentReader) -> None:
        self._network = network
        self._reader = reader

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return the words of ``text``."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return words and names by what both say."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; the slower network reads them together."""
        told = [self._network.answer(text) for text in texts]
        masks = [doubtful(*both) for both in zip(texts, told, strict=True)]
        again = self._reader.answer_all([_left(*both) for both in zip(texts, masks, strict=True)])
        mixed = (one.mixed(other, mask) for one, other, mask in zip(told, again, masks, strict=True))
        return tuple(decode(*both) for both in zip(texts, mixed, strict=True))


def doubtful(text: str, answer: Answer) -> Mask:
    """Mark the characters of the sentences in which the network is unsure of a name."""
    mask = np.zeros(len(text), dtype=np.bool_)
    pieces = tuple(split_pieces(text))
    if pieces:
        names = answer.entities[:, OF_NAMES]
        surest = np.maximum(_greatest(names), 1 - names.sum(axis=1))
        starts = np.array([start for start, _ in pieces], dtype=np.int64)
        for (start, end), least in zip(pieces, np.minimum.reduceat(surest, starts).tolist(), strict=True):
            mask[start:end] = least < SURE
    return mask


def _left(text: str, mask: Mask) -> str:
    """Return a text with line breaks in the place of sentences that are sure: no network reads these."""
    codes = code_points(text).copy()
    codes[~mask] = ord("\n")
    return from_code_points(codes)


def _greatest(rows: Floats) -> Floats:
    """Return the greatest number of each row, much sooner than ``max`` does for short rows."""
    found: Floats = np.maximum.reduce(np.ascontiguousarray(rows.T))
    return found
