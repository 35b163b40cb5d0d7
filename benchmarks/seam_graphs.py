"""Export the dense layers of the continuation model as ONNX graphs, which the product runs as they are.

`exported` makes what is shipped of what is trained, `trained` the other way round, so that training can go on
where it ended. A further layer is a line in `ENCODER` or `PAIRS`. As a program it exports the layers of a
file whose arrays are still those of training.

    python benchmarks/seam_graphs.py FILE [--out FILE]
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from write_models import put

from etl.repair.scorer.weights import MODEL, Arrays, arrays, trees

Floats = npt.NDArray[np.float32]
Node = tuple[str, tuple[str, ...], str]
IR, OPERATORS = 8, 13  # versions of the format and of its operators
SIDES = ("left", "right")
LAYERS = "layers."
HALF = "_16"

ENCODER: Sequence[Node] = (
    ("Gemm", ("rows", "deep", "deep_bias"), "sum"),
    ("Relu", ("sum",), "hidden"),
    ("Gemm", ("seen", "low", "out_bias"), "base"),
    ("Gemm", ("hidden", "high", "base"), "found"),
)
"""A hidden layer of rows, and an output layer that is also given what is ``seen`` besides."""

PAIRS: Sequence[Node] = (
    ("Gemm", ("rows", "grams", "seen"), "sum"),
    ("Relu", ("sum",), "hidden"),
    ("Gemm", ("hidden", "second", "second_bias"), "deeper"),
    ("Relu", ("deeper",), "deep"),
    ("Gemm", ("hidden", "first_out", "bias"), "base"),
    ("Gemm", ("deep", "second_out", "base"), "found"),
)
"""Two hidden layers of n-grams across seams and what is ``seen`` of both sides, and a score of both."""


def encoder(weights: Mapping[str, Floats]) -> bytes:
    """The graph of an encoder with these weights by name."""
    deep, low, high = (weights[name].shape for name in ("deep", "low", "high"))
    return graph(ENCODER, weights, (deep[0], low[0], high[1]))


def pairs(weights: Mapping[str, Floats]) -> bytes:
    """The graph of the pair network with these weights by name."""
    return graph(PAIRS, weights, (*weights["grams"].shape, 1))


def graph(nodes: Sequence[Node], weights: Mapping[str, Floats], widths: tuple[int, int, int]) -> bytes:
    """A graph of layers over any number of rows; ``widths`` are those of ``rows``, ``seen`` and ``found``.

    Weights are stored with 16 bits and cast to 32, which onnxruntime does once, when it loads.
    """
    rows, seen, found = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])
        for name, width in zip(("rows", "seen", "found"), widths, strict=True)
    )
    halves = [numpy_helper.from_array(np.asarray(weights[name], np.float16), name + HALF) for name in weights]
    made = [helper.make_node("Cast", [name + HALF], [name], to=TensorProto.FLOAT) for name in weights]
    made += [helper.make_node(operator, given, [name]) for operator, given, name in nodes]
    whole = helper.make_graph(made, "layers", [rows, seen], [found], halves)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPERATORS)], ir_version=IR)
    return bytes(model.SerializeToString())


def exported(given: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """The arrays that are shipped: those of training, the dense layers as graphs."""
    left = dict(given)
    out: Arrays = {}
    for side in SIDES:
        weights = {name: left.pop(f"{side}.{name}") for name in ("deep", "deep_bias", "out", "out_bias")}
        weights["high"], weights["low"] = np.split(weights.pop("out"), [len(weights["deep_bias"])])
        out[LAYERS + side] = np.frombuffer(encoder(weights), np.uint8)
    names = ("grams", "second", "second_bias", "first_out", "second_out", "bias")
    weights = {name: left.pop(f"pair.{name}") for name in names}
    weights |= {name: weights[name].reshape(-1, 1) for name in ("first_out", "second_out", "bias")}
    out[LAYERS + "pair"] = np.frombuffer(pairs(weights), np.uint8)
    return left | out


def trained(given: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """The arrays of training that `exported` made ``given`` of."""
    out = {name: values for name, values in given.items() if not name.startswith(LAYERS)}
    for side in SIDES:
        weights = tensors(given[LAYERS + side])
        weights["out"] = np.concatenate([weights.pop("high"), weights.pop("low")])
        out |= {f"{side}.{name}": values for name, values in weights.items()}
    weights = tensors(given[LAYERS + "pair"])
    weights |= {name: weights[name].reshape(-1) for name in ("first_out", "second_out")}
    weights["bias"] = weights["bias"].reshape(())
    return out | {f"pair.{name}": values for name, values in weights.items()}


def tensors(payload: npt.NDArray[np.uint8]) -> dict[str, Floats]:
    """The weights of a graph by name."""
    model = onnx.load_model_from_string(payload.tobytes())
    return {
        one.name.removesuffix(HALF): np.array(numpy_helper.to_array(one)) for one in model.graph.initializer
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    args = parser.parse_args()
    put(args.out, exported(arrays(args.file)), trees(args.file))
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
