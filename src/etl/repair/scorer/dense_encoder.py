"""The dense layers of the seam model, run by onnxruntime: it packs a matrix once, numpy does at every call.

Few rows are multiplied three times as fast, many twice, and on one thread, where those of numpy wait for each
other. The graph is written here as ONNX, a protocol buffer
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), for to import its tools takes as long as to load all
models. A further layer is a line in `ENCODER` or `PAIRS`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Floats = npt.NDArray[np.float32]
Node = tuple[str, tuple[str, ...], str]
QUIET = 3  # errors only
IR, OPERATORS, FLOAT = 8, 13, 1  # versions of the format and of its operators; a type of its tensors

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


class DenseEncoder:
    """DenseEncoder with their weights, by name."""

    def __init__(self, nodes: Sequence[Node], weights: Mapping[str, Floats]) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        graph = _graph(nodes, weights)
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def __call__(self, rows: Floats, seen: Floats) -> Floats:
        """The outputs of rows."""
        (found,) = self._session.run(None, {"rows": rows, "seen": seen})
        return np.asarray(found, np.float32)


def _graph(nodes: Sequence[Node], tensors: Mapping[str, Floats]) -> bytes:
    graph = b"".join(_field(1, _node(*node)) for node in nodes) + _field(2, b"layers")
    graph += b"".join(_field(5, _tensor(name, values)) for name, values in tensors.items())
    graph += _field(11, _value("rows")) + _field(11, _value("seen")) + _field(12, _value("found"))
    return _number(1, IR) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, OPERATORS))


def _node(operator: str, given: tuple[str, ...], made: str) -> bytes:
    names = b"".join(_field(1, name.encode()) for name in given)
    return names + _field(2, made.encode()) + _field(4, operator.encode())


def _tensor(name: str, values: Floats) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    raw = np.ascontiguousarray(values, "<f4").tobytes()
    return sizes + _number(2, FLOAT) + _field(8, name.encode()) + _field(9, raw)


def _value(name: str) -> bytes:
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, FLOAT)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, payload: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    """Seven bits a byte, the low ones first; the eighth says that more follow."""
    out = bytearray()
    while value > 127:  # noqa: PLR2004 - seven bits
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
