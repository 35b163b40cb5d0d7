"""Read the sentences that the network is sure of with the network, the others with slower ones, too.

The network reads every text. In a sentence in which it is unsure of a name LAC's words stand, and what the
recurrent network says of names counts as much as the network (docs/decisions/0125-asked-where-in-doubt.md,
0135-a-second-reader.md).
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.names import BREAK, Floats, apart_of, find_names
from etl.extraction.network.outputs import OF_NAMES
from etl.extraction.network.recurrent import RecurrentReader
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

    def settled(self, again: Tagged, names: Floats) -> Tagged:
        """Return the words of who read a sentence last, and the names that both networks say.

        Args:
            again: what LAC says where the mask is set.
            names: what the recurrent network says there.
        """
        mask, told = self.mask.tolist(), self.tagged.tag_probabilities
        sure = (word for word in self.tagged.words if not mask[word.start])
        words: list[Word] = sorted([*sure, *again.words], key=itemgetter(0))
        shares = {
            name: np.where(self.mask, again.probabilities[name], self.tagged.probabilities[name])
            for name in NAMES
        }
        if told is None or not self.mask.any():
            return Tagged(tuple(words), shares, self.tagged.names, told)
        mixed = np.where(self.mask[:, None], (told + names) / 2, told)
        return Tagged(tuple(words), shares, tuple(find_names(mixed, apart_of(self.text) == BREAK)), mixed)


class CascadeTagger:
    """The network, and two slower readers for the sentences of which it is unsure: of words, and of names."""

    def __init__(self, network: NetworkTagger, words: Reader, names: RecurrentReader) -> None:
        self._network = network
        self._words = words
        self._names = names

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return the words of ``text``."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return words and probabilities of who read a sentence, and the network's names."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; the slower readers read them together."""
        told = [doubtful(text, self._network.read(text)) for text in texts]
        left = [one.left() for one in told]
        again = zip(self._words.read_all(left), self._names.read_all(left), strict=True)
        return tuple(one.settled(*both) for one, both in zip(told, again, strict=True))


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
