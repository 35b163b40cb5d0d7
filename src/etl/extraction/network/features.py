"""Turn a text into the rows of numbers that the network reads: one column a character, one row a table.

The rows name entries of the model's tables, so that a change here needs a model trained anew.
"""

import numpy as np
import rjieba
from numpy.typing import NDArray

from etl.extraction.resources.segmenter import without_surrogates
from etl.text.code_points import code_points
from etl.text.folding import extraction_folding

Codes = NDArray[np.uint32]
Rows = NDArray[np.int32]

# The common ideographs have an entry each, behind Latin and what shares the entries between them.
IDEOGRAPHS, FIRST_IDEOGRAPH, PLAIN, SHARED = 20992, 0x4E00, 768, 2816
CHARACTERS = PLAIN + SHARED + IDEOGRAPHS
PAIRS = TRIPLES = 1 << 17
WORDS = 1 << 16
# The dictionary's parts of speech; what is missing here has number 0.
PARTS = (
    "n", "x", "v", "m", "vn", "uj", "p", "d", "c", "ns", "r", "a", "zg", "nr", "f", "t", "l", "u", "b", "j",
    "nt", "nz", "q", "i", "ad", "ul", "s", "eng", "an", "ng", "nrt", "uv", "nrfg", "y", "vg", "k", "z", "vd",
    "ud", "g", "h", "mq", "uz", "ug",
)  # fmt: skip
PLACES_IN_WORD = 4
SHAPES = (len(PARTS) + 1) * PLACES_IN_WORD
# Entries of each table, in the order of the rows.
SIZES = (CHARACTERS, PAIRS, TRIPLES, WORDS, SHAPES)

_MIX, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_NUMBERS = {part: i for i, part in enumerate(PARTS, start=1)}
_ALIKE = np.arange(0x110000, dtype=np.uint32)
_ALIKE[ord("0") : ord("9") + 1] = ord("0")
for _first in "aA":
    _ALIKE[ord(_first) : ord(_first) + 26] = ord("a")


class Features:
    """Reads texts into rows; both scripts and both widths give the same ones."""

    def __init__(self) -> None:
        self._folding = extraction_folding()

    def read(self, text: str) -> Rows:
        """Return an array (tables, characters) of entries."""
        if not text:
            return np.zeros((len(SIZES), 0), dtype=np.int32)
        folded = self._folding.fold(text)
        codes = code_points(folded)
        alike = _ALIKE[codes].astype(np.uint64)
        pairs = _hash(_behind(alike, 1) * _MIX + alike)
        triples = _hash((_behind(alike, 2) * _MIX + _behind(alike, 1)) * _MIX + alike)
        words, shapes = self._words(folded, alike)
        rows = (_characters(codes), pairs % np.uint64(PAIRS), triples % np.uint64(TRIPLES), words, shapes)
        return np.stack([row.astype(np.int32) for row in rows])

    def _words(self, folded: str, alike: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return for each character its dictionary word, and its place in it with the part of speech."""
        tagged = rjieba.tag(without_surrogates(folded))
        lengths = np.fromiter((len(word) for word, _ in tagged), dtype=np.int64, count=len(tagged))
        parts = np.fromiter((_NUMBERS.get(part, 0) for _, part in tagged), dtype=np.int64, count=len(tagged))
        starts = np.cumsum(lengths) - lengths
        place = np.arange(len(folded)) - np.repeat(starts, lengths)
        sums = np.add.reduceat(_hash(alike * _MIX + place.astype(np.uint64)), starts)
        ends = place + 1 == np.repeat(lengths, lengths)
        where = np.where(place == 0, np.where(ends, 3, 0), np.where(ends, 2, 1))
        return np.repeat(_hash(sums) % np.uint64(WORDS), lengths), np.repeat(
            parts, lengths
        ) * PLACES_IN_WORD + where


def _characters(codes: Codes) -> NDArray[np.int64]:
    wide = codes.astype(np.int64)
    ideograph = wide - FIRST_IDEOGRAPH
    shared = PLAIN + (_hash(wide.astype(np.uint64)) % np.uint64(SHARED)).astype(np.int64)
    known = (ideograph >= 0) & (ideograph < IDEOGRAPHS)
    return np.where(known, ideograph + PLAIN + SHARED, np.where(wide < PLAIN, wide, shared))


def _behind(values: NDArray[np.uint64], steps: int) -> NDArray[np.uint64]:
    """Return for each character the value so many characters before; 0 before the text."""
    out = np.zeros_like(values)
    out[steps:] = values[:-steps]
    return out


def _hash(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter whole numbers; the low digits of the answer are as good as the high ones."""
    mixed = (values ^ (values >> np.uint64(29))) * _SPREAD
    return mixed ^ (mixed >> np.uint64(32))
