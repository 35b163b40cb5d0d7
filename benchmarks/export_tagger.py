"""Write a trained tagger as the file that `etl.extraction.network` runs: whole numbers inside, at most 15 MB.

usage: export_tagger.py CHECKPOINT LABELS --out FILE [--temperature T]

Tables become one byte a number, weights seven bits, so that the sums are exact on any processor. How wide the
numbers between the layers are is measured on some texts of LABELS. The temperature divides the scores of the
entities; ``finish_tagger.py`` measures it. Needs torch and onnx.
"""

import argparse
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tagger_data import labelled
from tagger_net import STEPS, Net
from torch import Tensor

from etl.extraction.network.features import SIZES, Features
from etl.extraction.network.outputs import ENTITY_TAGS, WORD_TAGS
from etl.extraction.network.tagger import MEMBER
from etl.extraction.resources.tagger import NAMES

Floats = NDArray[np.float32]
BYTE, SEVEN_BITS, MIDDLE = 255, 63, 128
# Beyond these shares of all numbers, in percent, a number is cut; some room is left above.
MEASURED_TEXTS, WIDEST, HIGHEST, ROOM = 60, 99.995, 99.999, 1.1
OPSET, RUNTIME = 17, "com.microsoft"


@dataclass
class Graph:
    """Nodes and constants of a model under construction."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Keep a value under a name; the name."""
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:  # noqa: ANN401 - as onnx
        """Add a step with one result; the result's name."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def shifted(self, x: str, step: int, empty: int) -> str:
        """Put each character beside those ``step`` before and behind it; ``empty`` stands beyond the ends."""
        pads = self.constant(f"{x}.pads", np.array([step, 0, step, 0]))
        zero = self.constant(f"{x}.empty", np.array(empty, np.uint8))
        padded = self.node("Pad", [x, pads, zero], f"{x}.padded")
        parts = []
        for i, bounds in enumerate(((0, -2 * step), (step, -step), (2 * step, np.iinfo(np.int64).max))):
            names = [self.constant(f"{x}.{i}.{k}", np.array([bound])) for k, bound in enumerate((*bounds, 0))]
            parts.append(self.node("Slice", [padded, *names], f"{x}.{i}"))
        return self.node("Concat", parts, f"{x}.wide", axis=1)

    def product(self, x: str, weights: Floats, bias: Floats, scale: Floats, middle: int = 0) -> str:
        """Multiply whole numbers; ``weights`` are (inputs, outputs), ``scale`` is that of each input."""
        real = weights * scale[:, None]
        unit = np.abs(real).max(axis=0) / SEVEN_BITS
        values = {
            "weights": np.rint(real / unit).astype(np.int8),
            "one": np.array(1.0, np.float32),
            "unit": unit.astype(np.float32),
            "middle": np.array(middle, np.uint8),
            "zero": np.zeros(len(unit), np.int8),
            "bias": bias,
        }
        inputs = [x, *(self.constant(f"{x}.{name}", value) for name, value in values.items())]
        return self.node("MatMulIntegerToFloat", inputs, f"{x}.sum", domain=RUNTIME)


def columns(weight: Tensor) -> Floats:
    """Return the weights of a convolution as (inputs of all places, outputs)."""
    return np.asarray(weight.permute(2, 1, 0).reshape(-1, weight.shape[0]), dtype=np.float32)


def widths(net: Net, labels: Path) -> list[float]:
    """Return the widest number that goes into each layer but the first, but for a few in a million."""
    features = Features()
    seen: list[list[float]] = []
    with labels.open(encoding="utf-8") as lines, torch.no_grad():
        for text in itertools.islice(labelled(lines), MEASURED_TEXTS):
            rows = torch.from_numpy(features.read(text.text).astype(np.int64))[None]
            seen.append([float(np.percentile(one.numpy(), WIDEST)) for one in net.inner(rows)])
    return [float(width) * ROOM for width in np.median(seen, axis=0)]


def build(net: Net, widest: list[float], temperature: float) -> onnx.ModelProto:
    """Return the model in whole numbers."""
    graph = Graph()
    x, scale = _entries(graph, net)
    first = net.state("first")
    wide = graph.shifted(x, 1, MIDDLE)
    x = graph.node(
        "Relu", [graph.product(wide, columns(first[0]), first[1], np.tile(scale, 3), MIDDLE)], "layer"
    )
    for i, step in enumerate(STEPS):
        more = graph.node("Relu", [_layer(graph, x, net.state(f"layers.{i}"), step, widest[i])], f"more{i}")
        x = graph.node("Add", [x, more], f"layer{i}")
    return _answers(graph, _layer(graph, x, net.state("last"), 0, widest[-1]), temperature)


def _entries(graph: Graph, net: Net) -> tuple[str, Floats]:
    """Look the rows up in the tables; also what one step of each number is worth."""
    entries, units = [], []
    for i, values in enumerate(net.entries()):
        unit = float(np.percentile(np.abs(values), HIGHEST)) / (MIDDLE - 1)
        whole = np.clip(np.rint(values / unit) + MIDDLE, 0, BYTE).astype(np.uint8)
        row = graph.node("Gather", ["rows", graph.constant(f"row{i}", np.array(i))], f"row{i}.chosen", axis=0)
        entries.append(graph.node("Gather", [graph.constant(f"table{i}", whole), row], f"entries{i}", axis=0))
        units += [unit] * values.shape[1]
    return graph.node("Concat", entries, "entries", axis=1), np.array(units, np.float32)


def _layer(graph: Graph, x: str, state: tuple[Tensor, Floats], step: int, widest: float) -> str:
    """Add a convolution over whole numbers; with step 0 it reads each character alone."""
    unit = widest / BYTE
    inputs = [x, graph.constant(f"{x}.step", np.array(unit, np.float32))]
    inputs.append(graph.constant(f"{x}.zero", np.array(0, np.uint8)))
    whole = graph.node("QuantizeLinear", inputs, f"{x}.whole")
    weight = columns(state[0])
    scale = np.full(len(weight), unit, np.float32)
    return graph.product(graph.shifted(whole, step, 0) if step else whole, weight, state[1], scale)


def _answers(graph: Graph, scores: str, temperature: float) -> onnx.ModelProto:
    """Divide the scores into what the tagger asks."""
    lengths = graph.constant("lengths", np.array([1, len(WORD_TAGS), len(ENTITY_TAGS)]))
    graph.nodes.append(helper.make_node("Split", [scores, lengths], ["start", "words", "kinds"], axis=1))
    graph.node("Squeeze", ["start", graph.constant("column", np.array([1]))], "starts")
    chosen = graph.constant("chosen", np.array([WORD_TAGS.index(name) for name in NAMES]))
    graph.node("Gather", [graph.node("Softmax", ["words"], "shares", axis=1), chosen], "names", axis=1)
    cooled = graph.node(
        "Mul", ["kinds", graph.constant("cold", np.array(1 / temperature, np.float32))], "cooled"
    )
    graph.node("Softmax", [cooled], "entities", axis=1)
    sizes: dict[str, list[int]] = {
        "starts": [], "words": [len(WORD_TAGS)], "names": [len(NAMES)], "entities": [len(ENTITY_TAGS)],
    }  # fmt: skip
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *size]) for name, size in sizes.items()
    ]
    rows = helper.make_tensor_value_info("rows", TensorProto.INT32, [len(SIZES), "n"])
    made = helper.make_graph(graph.nodes, "tagger", [rows], outputs, graph.constants)
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)], ir_version=9
    )
    onnx.checker.check_model(model)
    return model


def load(checkpoint: Path) -> Net:
    """Return the network of a checkpoint, for reading."""
    net = Net()
    net.load_state_dict(torch.load(checkpoint, weights_only=True)["net"])
    net.eval()
    return net


def export(net: Net, labels: Path, out: Path, temperature: float) -> None:
    """Measure the widths and write the file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    model = build(net, widths(net, labels), temperature).SerializeToString()
    # Of a fixed day: the same network is the same file. Packed it would be a sixth smaller and load later.
    with ZipFile(out, "w") as archive:
        archive.writestr(ZipInfo(MEMBER), model)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--temperature", type=float, default=1.0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    export(load(args.checkpoint), args.labels, args.out, args.temperature)


if __name__ == "__main__":
    main()
