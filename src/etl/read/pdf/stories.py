"""Find where one row of articles ends and another begins, their columns being others.

A page of a newspaper in lines from left to right has such rows; `articles` has those from top to bottom.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from etl.read.pdf.page import LayoutItem

LARGE = 1.5  # of the size of the text: type of headlines
BAND = 1.0  # of the size of the text: white across all columns above a headline
RIVER = 0.7  # of the size: the least white between two columns
FEWEST_LINES = 4  # of a row of articles: what is less has no columns to be compared


def row_begins(items: Sequence[LayoutItem]) -> list[int]:
    """Return the indexes of the headlines with which a row of articles begins, other columns being above.

    ``items`` are sorted from top to bottom.
    """
    sizes = [item.size for item in items if not item.solid]
    if not sizes:
        return []
    size = median(sizes)
    found = [k for k in _below_white(items, BAND * size) if _is_headline(items[k], size)]
    bounds = [0, *found, len(items)]
    return [
        k
        for (begin, k), (_, end) in pairwise(pairwise(bounds))
        if _differ(_rivers(items[begin:k], size), _rivers(items[k:end], size), size)
    ]


def _is_headline(item: LayoutItem, size: float) -> bool:
    return not item.solid and item.size >= LARGE * size


def _below_white(items: Sequence[LayoutItem], least: float) -> Iterator[int]:
    """Yield the indexes of items above which nothing stands for at least so many points."""
    lowest = items[0].box.bottom
    for k, item in enumerate(items[1:], 1):
        if item.box.top - lowest >= least:
            yield k
        lowest = max(lowest, item.box.bottom)


def _rivers(items: Sequence[LayoutItem], size: float) -> list[tuple[float, float]] | None:
    """Return the white between the columns of text of some items; None where there is too little text."""
    text = sorted((item.box.x0, item.box.x1) for item in items if not item.solid and item.size < LARGE * size)
    if len(text) < FEWEST_LINES:
        return None
    out, end = [], text[0][1]
    for x0, x1 in text:
        if x0 - end >= RIVER * size:
            out.append((end, x0))
        end = max(end, x1)
    return out


def _differ(
    above: Sequence[tuple[float, float]] | None, below: Sequence[tuple[float, float]] | None, size: float
) -> bool:
    """Check whether a river does not go on in the other row, neither row being without columns."""
    if not above or not below:
        return False
    return any(
        all(min(a[1], b[1]) - max(a[0], b[0]) < RIVER * size for b in others)
        for own, others in ((above, below), (below, above))
        for a in own
    )
