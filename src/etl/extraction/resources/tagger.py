"""Say what a tagger tells of a text, its words and names, and in which stretches it reads.

To try another tagger, give a class with the methods of `Reader`; a new limit on a piece is a constant here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from etl.extraction.resources.batches import Piece

# Characters that a model reads at once at most: bounds memory (docs/decisions/0040).
MAX_PIECE_LENGTH = 400
# No code point beyond it is a blank.
LAST_BLANK = 0x3000

# A piece ends after a sentence; what can never stand inside a name (line breaks, emoji, controls,
# private use, lone surrogates) belongs to no piece.
BREAK_RANGES = (
    ("\x00", "\x1f"), ("\x7f", "\x9f"), ("\u200b", "\u200f"), ("\u2028", "\u202f"), ("\u2060", "\u206f"),
    ("\u20e3", "\u20e3"), ("\u2600", "\u27bf"), ("\u2b00", "\u2bff"), ("\ud800", "\udfff"),
    ("\ue000", "\uf8ff"), ("\ufe00", "\ufe0f"), ("\ufeff", "\ufeff"), ("\ufff0", "\uffff"),
    ("\U0001f000", "\U0001faff"), ("\U000e0000", "\U0010ffff"),
)  # fmt: skip
BREAKS = re.compile(f"[{''.join(map('-'.join, BREAK_RANGES))}]+")
SENTENCE_END = re.compile("[。！？；!?;]+[”’」』）)]*")
CLAUSE_END = re.compile("[，、：,:]")

# Tags whose probabilities are kept beside the words.
NAMES = ("PER", "LOC", "ORG")


class Word(NamedTuple):
    """``text[start:end]`` is one word; ``tag`` is one of LAC's: PER, LOC, ORG, TIME, n, v, m ..."""

    start: int
    end: int
    tag: str


class Name(NamedTuple):
    """``text[start:end]`` is one whole PER, ORG, LOC, TIME or MONEY."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """The words of a text, and for each character the probability of each kind of name.

    Attributes:
        probabilities: for each tag of `NAMES`, one number from 0 to 1 a character.
        names: whole names, by taggers that know them beside words.
        tag_probabilities: by the same, of each tag of a name for each character.
    """

    words: tuple[Word, ...]
    probabilities: Mapping[str, NDArray[np.float32]]
    names: tuple[Name, ...] = ()
    tag_probabilities: NDArray[np.float32] | None = None


class Reader(Protocol):
    """A tagger: what `etl.extraction` asks of one."""

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""

    def read(self, text: str) -> Tagged:
        """Return the words of ``text`` with the probabilities of each character."""

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; together they take less time."""


def words_of(starts: Iterable[int], ends: Iterable[int], tags: Iterable[str]) -> tuple[Word, ...]:
    """Return words by their columns, without a call of Python for each."""
    return tuple(map(partial(tuple.__new__, Word), zip(starts, ends, tags, strict=True)))


def split_pieces(text: str) -> Iterator[Piece]:
    """Yield stretches that the tagger reads one by one: sentences, no longer than `MAX_PIECE_LENGTH`."""
    position = 0
    for gap in BREAKS.finditer(text):
        yield from _sentences(text, position, gap.start())
        position = gap.end()
    yield from _sentences(text, position, len(text))


def _sentences(text: str, start: int, end: int) -> Iterator[Piece]:
    position = start
    for stop in SENTENCE_END.finditer(text, start, end):
        yield from _capped(text, position, stop.end())
        position = stop.end()
    yield from _capped(text, position, end)


def _capped(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield one sentence, cut after its last comma within the limit where it is too long."""
    while end - start > MAX_PIECE_LENGTH:
        commas = [
            m.end()
            for m in CLAUSE_END.finditer(text, start + MAX_PIECE_LENGTH // 2, start + MAX_PIECE_LENGTH)
        ]
        cut = commas[-1] if commas else start + MAX_PIECE_LENGTH
        yield (start, cut)
        start = cut
    if start < end:
        yield (start, end)
