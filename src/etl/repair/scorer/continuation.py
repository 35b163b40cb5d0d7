"""Score how likely one stretch of text continues another, for all pairs at once: the continuation model.

All weights of the model are trained by ``benchmarks/train_seams.py``; ``weights.py`` reads the file.
To fold more characters, add them to the script's table: the model carries its own alphabet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from etl.repair.scorer.dense_encoder import DenseEncoder
from etl.repair.scorer.ngrams import (
    SPLITS,
    Bytes,
    Floats,
    Ids,
    Keys,
    crossing,
    edge_hashes,
    own_levels,
    remember,
    side_keys,
)
from etl.repair.scorer.weights import MODEL, Arrays, arrays

CONTEXT = 24
"""Characters without spaces that the model sees on each side of a seam."""

NEAR = 12
"""Of these, so many keep their exact place; the farther ones are averaged by `FAR_POOL`."""

FAR_POOL = 4
"""Characters that one mean of the farther ones takes together."""

TEXTS_AT_ONCE = 96  # what is computed of them stays in the second-level cache
PAIRS_AT_ONCE = 8192  # a block of this many pairs stays in the second-level cache


@dataclass(slots=True)
class EdgeCache:
    """Ends, or starts, that were encoded before: rows of network and keys, and where each edge stands."""

    place: dict[str, int] = field(default_factory=dict)
    rows: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    keys: Keys = field(default_factory=lambda: np.zeros((0, len(SPLITS)), np.uint64))

    def add(self, edges: Sequence[str], blocks: Sequence[tuple[Floats, Keys]]) -> None:
        """Append edges that were encoded in blocks."""
        if blocks:
            rows, keys = zip(*blocks, strict=True)
            self.place.update(zip(edges, range(len(self.place), len(self.place) + len(edges)), strict=True))
            self.rows = np.concatenate([self.rows.reshape(-1, rows[0].shape[1]), *rows])
            self.keys = np.concatenate([self.keys, *keys])


@dataclass(slots=True)
class ReportCache:
    """The parts of one report that were encoded, kept over the passes of repair.

    Attributes:
        left, right: ends and starts of lines that were encoded.
        texts, memory: the lines that were last remembered, and a table of their n-grams; see `remember`.
    """

    left: EdgeCache = field(default_factory=EdgeCache)
    right: EdgeCache = field(default_factory=EdgeCache)
    texts: Sequence[str] = ()
    memory: Bytes = field(default_factory=lambda: np.zeros(1, np.uint8))


class ContinuationScorer:
    """The continuation model, which scores seams between stretches of one report; loaded once a process."""

    def __init__(self, given: Arrays) -> None:
        self._alphabet = np.asarray(given["alphabet"], np.int64)
        self._table = np.asarray(given["table"], np.uint8)
        self._taps: dict[str, list[Floats]] = {}
        for side in ("left", "right"):  # convolution and embedding in one: a look-up for each of its taps
            embedding, kernel, bias = (
                np.asarray(given[f"{side}.{name}"], np.float32)
                for name in ("embedding", "kernel", "kernel_bias")
            )
            self._taps[side] = [embedding @ tap for tap in kernel]
            self._taps[side][1] += bias
        self._layers = {side: DenseEncoder(given[f"layers.{side}"].tobytes()) for side in ("left", "right")}
        self._pairs = DenseEncoder(given["layers.pair"].tobytes())

    @classmethod
    def load(cls, path: Path = MODEL) -> "ContinuationScorer":
        """Read the model file.

        Raises:
            FileNotFoundError: the package was installed without its model.
        """
        return cls(arrays(path))

    def edge_ids(self, edges: Sequence[str]) -> Ids:
        """Return character ids [n, CONTEXT + 2] of edges that `edge_of` cut, with a 0 on both sides."""
        return self._letters("".join(edges)).reshape(len(edges), CONTEXT + 2)

    def _letters(self, text: str) -> Ids:
        """Return the character ids [characters] of a text, white space included."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._alphabet[np.minimum(codes, len(self._alphabet) - 1)]

    def ids(self, text: str) -> Ids:
        """Return the character ids of a text without its white space."""
        return self._letters("".join(text.split()))

    def memory(self, report: Sequence[str]) -> Bytes:
        """Return the table of a report's n-grams for `seams`; one zero byte for a report without lines."""
        return remember(self.ids("\0".join(report))) if report else np.zeros(1, np.uint8)

    def encode_missing(self, texts: Sequence[str], side: str, known: EdgeCache) -> Ids:
        """Encode each text that is not in ``known``, in blocks, so that memory grows with the rows alone.

        Returns:
            The row of each text in ``known``; [texts].
        """
        edges = [edge_of(text, side) for text in texts]
        fresh = [edge for edge in dict.fromkeys(edges) if edge not in known.place]
        tops = range(0, len(fresh), TEXTS_AT_ONCE)
        known.add(fresh, [self._encode_block(fresh[top : top + TEXTS_AT_ONCE], side) for top in tops])
        return np.array([known.place[edge] for edge in edges], np.int64)

    def seams(self, read: ReportCache, i: Ids, j: Ids) -> Floats:
        """Score [n] the log-odds that the encoded start ``j[k]`` of a report continues its end ``i[k]``."""
        blocks = range(0, len(i), PAIRS_AT_ONCE)
        parts = [
            self._meet(read, i[top : top + PAIRS_AT_ONCE], j[top : top + PAIRS_AT_ONCE]) for top in blocks
        ]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _meet(self, read: ReportCache, i: Ids, j: Ids) -> Floats:
        """Score [n] one block of pairs; of the network's rows the last column is read by `Scores` alone."""
        left, right, added = read.left.rows[i], read.right.rows[j], self._pairs.seen
        told = crossing(read.left.keys[i], read.right.keys[j], (self._table, read.memory))
        score = self._pairs(told, left[:, :added] + right[:, :added])[:, 0]
        score += np.einsum("nd,nd->n", left[:, added:-1], right[:, added:-1])
        return score

    def _encode_block(self, edges: Sequence[str], side: str) -> tuple[Floats, Keys]:
        """Encode edges: rows of the network [n, found] and keys of n-grams [n, splits]."""
        (before, here, behind), padded = self._taps[side], self.edge_ids(edges)
        near = padded[:, 1:-1]
        hidden = here.take(near, axis=0)
        hidden += before.take(padded[:, :-2], axis=0)
        hidden += behind.take(padded[:, 2:], axis=0)
        np.maximum(hidden, 0, out=hidden)
        hashes = edge_hashes(near, leftward=side == "left")
        rows = self._layers[side](pooled(hidden), own_levels(hashes, self._table))
        return rows, side_keys(hashes, side)


def pooled(hidden: Floats) -> Floats:
    """Return the hidden states [n, CONTEXT, c] as rows: near positions as they are, far ones as means."""
    n, _, channels = hidden.shape
    pools = (CONTEXT - NEAR) // FAR_POOL
    far = hidden[:, NEAR:].reshape(n, pools, FAR_POOL, channels).sum(axis=2) * np.float32(1 / FAR_POOL)
    return np.concatenate([hidden[:, :NEAR].reshape(n, -1), far.reshape(n, -1)], axis=1)


def edge_of(text: str, side: str) -> str:
    """Return the `CONTEXT` characters of a text at a seam, nearest first, with NUL before and behind them."""
    far = text[: 3 * CONTEXT] if side == "right" else text[: -3 * CONTEXT - 1 : -1]
    near = "".join(far.split())[:CONTEXT]
    return f"\0{near:\0<{CONTEXT + 1}}"
