"""Read words and names off what a network says of each character."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.names import BREAK, apart_of, find_names
from etl.extraction.network.outputs import ENTITY_TAGS, OUTSIDE, WORD_TAGS
from etl.extraction.resources.batches import Piece
from etl.extraction.resources.tagger import NAMES, Tagged, Word, split_pieces, words_of

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
TAGS = np.array(WORD_TAGS, dtype=object)


class Answer(NamedTuple):
    """What a network says of each character.

    Attributes:
        starts: for a word that begins there, against; above 0 it does.
        words: for each of `WORD_TAGS`, as logarithms.
        names: the chance of each of `NAMES` by the tags of words.
        entities: the chance of each of `ENTITY_TAGS`.
    """

    starts: Floats
    words: Floats
    names: Floats
    entities: Floats

    def mixed(self, other: "Answer", places: Whole) -> "Answer":
        """Return this one with the mean of both at some places, of which alone the other one speaks."""
        both = [mine.copy() for mine in self]
        for column, theirs in zip(both, other, strict=True):
            column[places] = (column[places] + theirs) / 2
        return Answer(*both)

    def part(self, start: int, end: int) -> "Answer":
        """Return what is said of the characters of a span."""
        return Answer(*(column[start:end] for column in self))


def nothing_said(size: int) -> Answer:
    """Return that all characters are outside of names, for a network to write into."""
    outside = np.tile(np.eye(1, len(ENTITY_TAGS), OUTSIDE, dtype=np.float32), (size, 1))
    words, names = (np.zeros((size, len(tags)), dtype=np.float32) for tags in (WORD_TAGS, NAMES))
    return Answer(np.zeros(size, dtype=np.float32), words, names, outside)


def decode(text: str, answer: Answer) -> Tagged:
    """Return the words of a text, the names in it, and the probabilities of each character."""
    if not text:
        return Tagged((), {name: np.zeros(0, dtype=np.float32) for name in NAMES})
    apart = apart_of(text)
    shares = np.where((apart == BREAK)[:, None], np.float32(0), answer.names)
    entities = _without_breaks(answer.entities, apart == BREAK)
    return Tagged(
        _words(answer, apart > 0, split_pieces(text)),
        {name: shares[:, k] for k, name in enumerate(NAMES)},
        tuple(find_names(entities, apart == BREAK)),
        entities,
    )


def _words(answer: Answer, apart: NDArray[np.bool_], pieces: Iterable[Piece]) -> tuple[Word, ...]:
    """Cut where a word or a sentence begins and around blanks; a word's tag is what its characters favor."""
    begins = answer.starts > 0
    begins |= apart
    begins[1:] |= apart[:-1]
    begins[[start for start, _ in pieces]] = True
    begins[0] = True
    starts = np.flatnonzero(begins)
    tags = TAGS[np.add.reduceat(answer.words, starts, axis=0).argmax(axis=1)]
    ends = np.append(starts[1:], len(apart))
    kept = ~apart[starts]
    return words_of(starts[kept].tolist(), ends[kept].tolist(), tags[kept].tolist())


def _without_breaks(probabilities: Floats, breaks: NDArray[np.bool_]) -> Floats:
    """Let no name reach over what none may hold, so that the one before it surely ends there."""
    return np.where(
        breaks[:, None], np.eye(1, probabilities.shape[1], OUTSIDE, dtype=np.float32), probabilities
    )
