"""Read the words of the sentences that the network is sure of with the network, those of the others with LAC.

The network reads every text, for its names; a sentence in which it is unsure of a name is read by the slower
tagger, too, whose words then stand (docs/decisions/0125-asked-where-in-doubt.md).
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.outputs import OF_NAMES
from etl.extraction.network.tagger import NetworkTagger
from etl.extraction.resources.best_tags import greatest
from etl.extraction.resources.tagger import NAMES, Reader, Tagged, Word, split_pieces
from etl.text.code_points import code_points, from_code_points

# A sentence is sure where the network says of each character with at least this probability that it stands in
# no name, or where in one of which kind; times and sums are none (docs/decisions/0134).
SURE = 0.7

Mask = NDArray[np.bool_]


class Doubtful(NamedTuple):
    """What the network says of a text, and the characters of its sentences that are read again."""

    text: str
    tagged: Tagged
    mask: Mask

    def left(self) -> str:
        """Return the text with line breaks in the place of sentences that are sure: no tagger reads these."""
        codes = code_points(self.text).copy()
        codes[~self.mask] = ord("\n")
        return from_code_points(codes)

    def settled(self, again: Tagged) -> Tagged:
        """Return the names of the network, and beside them words and probabilities of who read a sentence."""
        mask = self.mask.tolist()
        sure = (word for word in self.tagged.words if not mask[word.start])
        words: list[Word] = sorted([*sure, *again.words], key=itemgetter(0))
        shares = {
            name: np.where(self.mask, again.probabilities[name], self.tagged.probabilities[name])
            for name in NAMES
        }
        return Tagged(tuple(words), shares, self.tagged.names, self.tagged.tag_probabilities)


class CascadeTagger:
    """The network, and a slower tagger for the sentences of which it is unsure."""

    def __init__(self, network: NetworkTagger, slower: Reader) -> None:
        self._network = network
        self._slower = slower

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return the words of ``text``."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return words and probabilities of who read a sentence, and the network's names."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; the slower tagger reads them together."""
        told = [doubtful(text, self._network.read(text)) for text in texts]
        again = self._slower.read_all([one.left() for one in told])
        return tuple(one.settled(tagged) for one, tagged in zip(told, again, strict=True))


def doubtful(text: str, tagged: Tagged) -> Doubtful:
    """Mark the sentences in which the network is unsure of a name."""
    mask = np.zeros(len(text), dtype=np.bool_)
    pieces = tuple(split_pieces(text))
    if pieces and tagged.tag_probabilities is not None:
        names = tagged.tag_probabilities[:, OF_NAMES]
        surest = np.maximum(greatest(names), 1 - names.sum(axis=1))
        starts = np.array([start for start, _ in pieces], dtype=np.int64)
        for (start, end), least in zip(pieces, np.minimum.reduceat(surest, starts).tolist(), strict=True):
            mask[start:end] = least < SURE
    return Doubtful(text, tagged, mask)
