"""Read the sentences that the network is sure of with the network, the others with a slower one, too.

The network reads every text. In a sentence in which it is unsure of a name, what the recurrent network says
counts as much as the network (docs/decisions/0136).
"""

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.answers import Answer, decode
from etl.extraction.network.outputs import OF_NAMES
from etl.extraction.network.recurrent import RecurrentReader
from etl.extraction.network.tagger import NetworkTagger
from etl.extraction.resources.batches import Piece
from etl.extraction.resources.tagger import Tagged, Word, split_pieces

# A sentence is sure where the network says of each character with at least this probability that it stands in
# no name, or where in one of which kind; times and sums are none (docs/decisions/0134).
SURE = 0.7

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
        doubts = [doubtful(*both) for both in zip(texts, told, strict=True)]
        sentences = [
            text[start:end] for text, pieces in zip(texts, doubts, strict=True) for start, end in pieces
        ]
        mixed = _mixed(told, doubts, self._reader.answer_all(sentences))
        return tuple(decode(*both) for both in zip(texts, mixed, strict=True))


def doubtful(text: str, answer: Answer) -> list[Piece]:
    """Return the sentences in which the network is unsure of a name."""
    pieces = list(split_pieces(text))
    if not pieces:
        return []
    names = answer.entities[:, OF_NAMES]
    surest = np.maximum(_greatest(names), 1 - names.sum(axis=1))
    least = np.minimum.reduceat(surest, [start for start, _ in pieces])
    return list(compress(pieces, (least < SURE).tolist()))


def _mixed(told: Sequence[Answer], doubts: Sequence[Sequence[Piece]], again: Answer) -> Iterator[Answer]:
    """Yield for each text the mean of both in its sentences in doubt; ``again`` has those of all texts."""
    passed = 0
    for one, pieces in zip(told, doubts, strict=True):
        if not pieces:
            yield one
            continue
        places = np.concatenate([np.arange(start, end) for start, end in pieces])
        yield one.mixed(again.part(passed, passed + len(places)), places)
        passed += len(places)


def _greatest(rows: Floats) -> Floats:
    """Return the greatest number of each row, much sooner than ``max`` does for short rows."""
    found: Floats = np.maximum.reduce(np.ascontiguousarray(rows.T))
    return found
