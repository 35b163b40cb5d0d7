"""Find whole names in the probabilities of tags, none over what no name may hold."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.outputs import ENTITY_TYPES, OUTSIDE
from etl.extraction.network.paths import mended
from etl.extraction.resources.tagger import BREAK_RANGES, LAST_BLANK, Name
from etl.text.code_points import code_points

Floats = NDArray[np.float32]

BLANK, BREAK = 1, 2


def find_names(probabilities: Floats, breaks: NDArray[np.bool_]) -> Iterator[Name]:
    """Yield the names of the best possible tags.

    Args:
        probabilities: of each of `ENTITY_TAGS`, for each character.
        breaks: where a character stands that no name may hold.
    """
    best = probabilities.argmax(axis=1)
    best[breaks] = OUTSIDE
    tags = mended(best, probabilities, breaks)
    kinds = (tags + 1) // 2
    inside = tags != OUTSIDE
    starts = np.flatnonzero(tags % 2 == 1)
    goes_on = inside & (tags % 2 == 0)
    ends = np.flatnonzero(inside & ~np.append(goes_on[1:], False)) + 1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield Name(ENTITY_TYPES[int(kinds[start]) - 1], start, end)


def apart_of(text: str) -> NDArray[np.uint8]:
    """Return for each character `BLANK` for a blank, `BREAK` for what no name may hold, else 0."""
    return _apart()[code_points(text)]


@cache
def _apart() -> NDArray[np.uint8]:
    """Return for each code point whether it is a blank, or what no name may hold, or neither."""
    table = np.zeros(0x110000, dtype=np.uint8)
    table[[code for code in range(LAST_BLANK + 1) if chr(code).isspace()]] = BLANK
    for first, last in BREAK_RANGES:
        table[ord(first) : ord(last) + 1] = BREAK
    return table
