"""Mend tags that cannot follow one another: the inside of a name without its beginning.

Most of a text needs nothing: where the best tag of each character makes a possible sequence, that is the best
sequence. Only the stretches where it does not are searched.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.outputs import ENTITY_TAGS, OUTSIDE

# A character this sure to be outside of all names divides what is searched.
SURE, LEAST = 0.98, 1e-9
INSIDES = range(2, len(ENTITY_TAGS), 2)


def mended(
    best: NDArray[np.int64], probabilities: NDArray[np.float32], breaks: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the most likely sequence of tags that is possible.

    Args:
        best: the most likely tag of each character.
        probabilities: of each of `ENTITY_TAGS`, for each character.
        breaks: characters that are outside of all names.
    """
    inside = (best > OUTSIDE) & (best % 2 == 0)
    before = np.concatenate([[OUTSIDE], best[:-1]])
    wrong = np.flatnonzero(inside & (before != best) & (before != best - 1))
    if not wrong.size:
        return best
    tags = best.copy()
    divides = (probabilities[:, OUTSIDE] > SURE) | breaks
    for start, end in _stretches(wrong.tolist(), np.flatnonzero(divides), len(best)):
        tags[start:end] = search(np.log(np.maximum(probabilities[start:end], LEAST)).tolist())
    return tags


def _stretches(wrong: Sequence[int], dividers: NDArray[np.int64], size: int) -> Iterator[tuple[int, int]]:
    """Yield what lies between dividers around each wrong tag, once."""
    last = -1
    for at in wrong:
        if at < last:
            continue
        i = int(np.searchsorted(dividers, at))
        start = int(dividers[i - 1]) + 1 if i else 0
        last = int(dividers[i]) if i < len(dividers) else size
        yield start, last


def search(logs: Sequence[Sequence[float]]) -> list[int]:
    """Return the most likely possible sequence: the inside of a name follows its beginning or its inside.

    Args:
        logs: of the probability of each of `ENTITY_TAGS`, for each character.
    """
    tags = range(len(ENTITY_TAGS))
    total = [log if tag % 2 or tag == OUTSIDE else -math.inf for tag, log in enumerate(logs[0])]
    back: list[list[int]] = []
    for row in logs[1:]:
        top = total.index(max(total))
        origins = [top] * len(tags)
        for inside in INSIDES:
            origins[inside] = inside - 1 if total[inside - 1] >= total[inside] else inside
        total = [total[origin] + log for origin, log in zip(origins, row, strict=True)]
        back.append(origins)
    path = [total.index(max(total))]
    for origins in reversed(back):
        path.append(origins[path[-1]])
    return path[::-1]
