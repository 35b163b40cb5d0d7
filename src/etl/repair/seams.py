"""How likely one stretch of text continues another, for all pairs of a report at once.

Every figure of the model is learned by ``benchmarks/train_seams.py`` and shipped in
``models/seams.npz``. To add a crossing n-gram, put its split in ``SPLITS`` and train again; to add a fold of
characters, put it in the script's table, for the model carries its own alphabet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from etl.repair.ngrams import Bytes, Ids, Keys, edge_hashes, look_up, mix, power, running_keys

CONTEXT = 24
"""Characters without spaces that the model sees on each side of a seam."""

NEAR = 12
"""Of these, so many keep their exact place; the farther ones are averaged by `FAR_POOL`."""

FAR_POOL = 4

SPLITS = (
    *((1, 1), (1, 2), (2, 1), (1, 3), (2, 2), (3, 1), (1, 4), (2, 3), (3, 2), (4, 1)),
    *((2, 4), (3, 3), (4, 2)),
)
"""The n-grams that cross a seam, as characters taken from its left and from its right."""

MOST = 4  # characters that a split takes from one side
MEMORY_ORDERS = (2, 3, 4, 5)
"""Lengths of the n-grams that are remembered of the report itself."""

MODEL = Path(__file__).parent.parent / "models" / "seams.npz"
TEXTS_AT_ONCE = 256
PAIRS_AT_ONCE = 8192  # a block of this many pairs stays in the second-level cache
LEVELS = 7

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Side:
    """Text ends (or starts) encoded once, to be met with many partners.

    Attributes:
        hashes: of the characters nearest the seam, by how many.
        additive, dotted: what the pair network adds and multiplies, [n, dim].
        edge: log-odds that the text ends (or begins) a paragraph here, [n].
    """

    hashes: list[Keys]
    additive: Floats
    dotted: Floats
    edge: Floats


Reading = tuple[Floats, Keys]
"""The row that the network makes of one end or start, and its hashes."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Ends and starts of one report that were encoded before: it is gone over more than once."""

    left: dict[str, Reading] = field(default_factory=dict)
    right: dict[str, Reading] = field(default_factory=dict)


class SeamModel:
    """Scores of seams between stretches of one report; built once a process by `load`."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._alphabet = np.asarray(arrays["alphabet"], np.int64)
        self._table = np.asarray(arrays["table"], np.uint8)
        skip = ("alphabet", "table")
        self._net = {name: np.asarray(a, np.float32) for name, a in arrays.items() if name not in skip}
        for side in ("left", "right"):  # convolution and embedding in one: a look-up for each of its taps
            embedding = self._net.pop(f"{side}.embedding")
            for k, tap in enumerate(self._net.pop(f"{side}.kernel")):
                self._net[f"{side}.tap{k}"] = embedding @ tap
            self._net[f"{side}.tap1"] += self._net.pop(f"{side}.kernel_bias")

    @classmethod
    def load(cls, path: Path = MODEL) -> "SeamModel":
        """Read the model file.

        Raises:
            FileNotFoundError: the package was installed without its model.
        """
        with np.load(path) as arrays:
            return cls({name: arrays[name] for name in arrays.files})

    def report(
        self, texts: Sequence[str], known: Sequence[str] = (), read: Readings | None = None
    ) -> "Encoded":
        """Encode the ends and starts of stretches of a report once, to ask about any of them.

        Args:
            texts: the stretches.
            known: the whole report where ``texts`` is only a part of it.
            read: what was read of the same report before; it is added to.
        """
        return self._between((texts, texts), known or texts, read)

    def pairs(self, lefts: Sequence[str], rights: Sequence[str], report: Sequence[str] = ()) -> Floats:
        """Scores [len(lefts), len(rights)] that `rights[j]` continues `lefts[i]`; above 0 is likely.

        Args:
            lefts: stretches that may have been cut at their end; the last `CONTEXT` characters count.
            rights: stretches that may have been cut at their start; the first `CONTEXT` count.
            report: all stretches of the report, whose words and names then count as known.
        """
        return self._between((lefts, rights), report).pairs(np.arange(len(lefts)), np.arange(len(rights)))

    def seams(self, lefts: Sequence[str], rights: Sequence[str], report: Sequence[str] = ()) -> Floats:
        """Scores [n] that `rights[k]` continues `lefts[k]`, on the scale of `pairs`."""
        return self._between((lefts, rights), report).seams(np.arange(len(lefts)), np.arange(len(rights)))

    def starts(self, texts: Sequence[str]) -> Floats:
        """Log-odds [n] that each text begins a paragraph, and is not the rest of a cut sentence."""
        return self._encode(texts, "right", {}).edge

    def ends(self, texts: Sequence[str]) -> Floats:
        """Log-odds [n] that each text ends a paragraph, and is not cut."""
        return self._encode(texts, "left", {}).edge

    def near(self, texts: Sequence[str], side: str) -> Ids:
        """Character ids [n, CONTEXT] from the seam outward, 0 where the text is over."""
        return self._near([_edge(text, side) for text in texts])

    def _near(self, edges: Sequence[str]) -> Ids:
        codes = np.frombuffer("".join(edges).encode("utf-32-le", "surrogatepass"), np.uint32)
        ids = self._alphabet[np.minimum(codes, len(self._alphabet) - 1)]
        return ids.reshape(len(edges), CONTEXT)

    def ids(self, text: str) -> Ids:
        """Character ids of a text without its spaces."""
        codes = np.frombuffer("".join(text.split()).encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._alphabet[np.minimum(codes, len(self._alphabet) - 1)]

    def _between(
        self, texts: tuple[Sequence[str], Sequence[str]], report: Sequence[str], read: Readings | None = None
    ) -> "Encoded":
        read = read or Readings()
        text = "\0".join("".join(piece.split()) for piece in report)
        memory = remember(self.ids(text)) if report else np.zeros(1, np.uint8)
        left, right = self._encode(texts[0], "left", read.left), self._encode(texts[1], "right", read.right)
        return Encoded(left, right, (self._table, memory), self._net)

    def _encode(self, texts: Sequence[str], side: str, known: dict[str, Reading]) -> Side:
        """Encode each text that is not known, in blocks, so that memory grows with the rows alone."""
        edges = [_edge(text, side) for text in texts]
        fresh = [edge for edge in dict.fromkeys(edges) if edge not in known]
        for top in range(0, len(fresh), TEXTS_AT_ONCE):
            block = fresh[top : top + TEXTS_AT_ONCE]
            known.update(zip(block, self._encode_block(block, side), strict=True))
        width, columns = self._net["pair.grams"].shape[1], len(self._net[f"{side}.out_bias"])
        out = np.array([known[edge][0] for edge in edges], np.float32).reshape(-1, columns)
        hashes = np.array([known[edge][1] for edge in edges], np.uint64).reshape(-1, MOST + 1)
        return Side(list(hashes.T), out[:, :width], out[:, width:-1], out[:, -1])

    def _encode_block(self, edges: Sequence[str], side: str) -> Iterator[Reading]:
        net, near = self._net, self._near(edges)
        padded = np.pad(near, ((0, 0), (1, 1)))
        hidden = net[f"{side}.tap1"].take(near, axis=0)
        hidden += net[f"{side}.tap0"].take(padded[:, :-2], axis=0)
        hidden += net[f"{side}.tap2"].take(padded[:, 2:], axis=0)
        np.maximum(hidden, 0, out=hidden)
        deep = pooled(hidden) @ net[f"{side}.deep"] + net[f"{side}.deep_bias"]
        hashes = edge_hashes(near, MOST, leftward=side == "left")
        seen = np.concatenate([np.maximum(deep, 0), self._own_counts(hashes)], axis=1)
        return zip(seen @ net[f"{side}.out"] + net[f"{side}.out_bias"], np.stack(hashes, axis=1), strict=True)

    def _own_counts(self, hashes: list[Keys]) -> Floats:
        levels = [look_up(self._table, mix(hashes[n], n)) for n in (2, 3, 4)]
        return np.stack(levels, axis=1).astype(np.float32) / np.float32(LEVELS)


@dataclass(frozen=True)
class Encoded:
    """The ends and starts of a report's stretches, each encoded once.

    Attributes:
        left, right: the ends and the starts; `seams` and `pairs` take indexes into them.
        tables: levels of the n-grams of the corpus, and those that stand in the report.
        net: the arrays of the pair network.
    """

    left: Side
    right: Side
    tables: tuple[Bytes, Bytes]
    net: Mapping[str, Floats]

    @property
    def ends(self) -> Floats:
        """Log-odds [n] that each stretch ends a paragraph."""
        return self.left.edge

    @property
    def starts(self) -> Floats:
        """Log-odds [n] that each stretch begins a paragraph."""
        return self.right.edge

    def seams(self, i: Ids, j: Ids) -> Floats:
        """Scores [n] that stretch `j[k]` continues stretch `i[k]`."""
        blocks = range(0, len(i), PAIRS_AT_ONCE)
        parts = [self._meet(i[top : top + PAIRS_AT_ONCE], j[top : top + PAIRS_AT_ONCE]) for top in blocks]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def pairs(self, i: Ids, j: Ids) -> Floats:
        """Scores [len(i), len(j)] that each stretch of `j` continues each of `i`."""
        return self.seams(np.repeat(i, len(j)), np.tile(j, len(i))).reshape(len(i), len(j))

    def _meet(self, i: Ids, j: Ids) -> Floats:
        net, left, right = self.net, self.left, self.right
        hidden = crossing(left.hashes, right.hashes, (i, j), self.tables) @ net["pair.grams"]
        hidden += left.additive[i]
        hidden += right.additive[j]
        np.maximum(hidden, 0, out=hidden)
        second = hidden @ net["pair.second"] + net["pair.second_bias"]
        np.maximum(second, 0, out=second)
        score = hidden @ net["pair.first_out"] + second @ net["pair.second_out"] + net["pair.bias"]
        score += np.einsum("nd,nd->n", left.dotted[i], right.dotted[j])
        return np.asarray(score, np.float32)


def pooled(hidden: Floats) -> Floats:
    """Positions [n, CONTEXT, c] as a row a text: the nearest as they are, farther ones as means."""
    n, _, channels = hidden.shape
    far = sum(hidden[:, NEAR + k :: FAR_POOL] for k in range(FAR_POOL)) * np.float32(1 / FAR_POOL)
    near = hidden[:, :NEAR].reshape(n, NEAR * channels)
    return np.concatenate([near, far.reshape(n, (CONTEXT - NEAR) // FAR_POOL * channels)], axis=1)


def remember(ids: Ids) -> Bytes:
    """One byte a hash, set for each n-gram of a text of character ids."""
    size = 1 << min(24, max(18, (len(ids) * 64).bit_length()))
    memory = np.zeros(size, np.uint8)
    for length in MEMORY_ORDERS:
        memory[(running_keys(ids, length) & np.uint64(size - 1)).astype(np.int64)] = 1
    return memory


def crossing(
    left: list[Keys], right: list[Keys], index: tuple[Ids, Ids], tables: tuple[Bytes, Bytes]
) -> Floats:
    """What is known of the n-grams that cross each seam: [pairs, 3 * len(SPLITS) + 1].

    A level (0 to 1), whether it is known at all, whether the report has it, and a last column that
    says whether the report was given.
    """
    (i, j), (table, memory) = index, tables
    found = np.zeros((len(i), 3 * len(SPLITS) + 1), np.float32)
    last = np.uint64(len(memory) - 1)
    for k, (a, b) in enumerate(SPLITS):
        keys = mix((left[a] * power(b))[i] + right[b][j], a + b)
        level = look_up(table, keys)
        found[:, 3 * k] = level / np.float32(LEVELS)
        found[:, 3 * k + 1] = level > 0
        if len(memory) > 1 and a + b in MEMORY_ORDERS:
            found[:, 3 * k + 2] = memory[(keys & last).astype(np.int64)]
    found[:, -1] = len(memory) > 1
    return found


def _edge(text: str, side: str) -> str:
    """The `CONTEXT` characters at a seam without spaces, the nearest first, padded with NUL."""
    if side == "right":
        return "".join(text[: 3 * CONTEXT].split())[:CONTEXT].ljust(CONTEXT, "\0")
    return "".join(text[-3 * CONTEXT :].split())[: -CONTEXT - 1 : -1].ljust(CONTEXT, "\0")
