"""Look up what the network says of spans of a text: whether each is a whole name, and of which type."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.outputs import ENTITY_TAGS


class SpanShares(NamedTuple):
    """What the network says of one span; each list has a probability for each of `ENTITY_TYPES`.

    Attributes:
        whole: that the span is a whole name: of its least sure character or end.
        begins: that a name begins with its first character.
        ends: that none goes on behind its last one.
    """

    whole: list[float]
    begins: list[float]
    ends: list[float]


def read_shares(
    probabilities: NDArray[np.float32], spans: Collection[tuple[int, int]]
) -> dict[tuple[int, int], SpanShares]:
    """Return what the network says of each span.

    Args:
        probabilities: of each of `ENTITY_TAGS`, for each character.
        spans: none empty, in any order.
    """
    if not spans:
        return {}
    # In order, so that what lies between them is gone over once.
    ordered = sorted(spans)
    starts, ends = np.array(ordered, dtype=np.int64).T
    # No name goes on behind the text.
    inside = np.zeros((len(probabilities) + 1, len(ENTITY_TAGS) // 2), dtype=np.float32)
    inside[:-1] = probabilities[:, 2::2]
    begins = probabilities[starts, 1::2].astype(np.float64)
    stops = 1.0 - inside[ends].astype(np.float64)
    edges = np.stack([starts + 1, ends], axis=1).ravel()
    inner = np.minimum.reduceat(inside, edges, axis=0)[::2]
    inner[ends - starts == 1] = 1.0
    whole = np.minimum(np.minimum(inner, begins), stops)
    return dict(zip(ordered, map(SpanShares, whole.tolist(), begins.tolist(), stops.tolist()), strict=True))
