"""Part a turned page of a newspaper in its articles, by their headlines.

All places are those of the page held a quarter against the clock: what stands further right on the page as a
reader holds it is further up, and what stands lower is further right. Articles are set in rows, one row below
the other; on the turned page rows stand side by side, and the articles of a row one below the other.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from etl.read.pdf.page import LayoutItem, around

LARGE = 1.5  # of the size of the text: type of headlines
WIDER = 1.2  # of the white between lines: the white between articles of a row
CENTRED = 1.0  # of its size: how far the middle of a headline may be off that of its article
MOST_HEADLINES = 60  # of a page; one with more is none of a newspaper, and would cost their square
Items = list[LayoutItem]


def articles_of(items: Sequence[LayoutItem]) -> list[Items]:
    """Return the articles of a turned page in reading order; one where no two headlines part it."""
    return _articles(list(items), headline_size(items))


def headline_size(items: Sequence[LayoutItem]) -> float:
    """Return from which size on type is that of headlines."""
    sizes = [item.size for item in items if not item.solid]
    return LARGE * median(sizes) if sizes else math.inf


def _articles(items: Items, large: float) -> list[Items]:
    """Cut between rows, where a row begins with a headline, then between two headlines of a row."""
    heads = sorted((item for item in items if _is_headline(item, large)), key=lambda item: item.box.top)
    if not heads or len(heads) > MOST_HEADLINES:
        return [items]
    parts = _rows(items, heads) or _row_of(items, heads) or _headed(items, heads)
    return [one for part in parts for one in _articles(part, large)] if parts else [items]


def _is_headline(item: LayoutItem, large: float) -> bool:
    """Check whether an item is a line in large type, or several of them."""
    return bool(item.lines) and item.size >= large and all(line.role == "body" for line in item.lines)


def _rows(items: Items, heads: Items) -> tuple[Items, Items] | None:
    """Cut where white runs down between two rows of articles; None where none does.

    A headline that runs down stands in the middle of its row and so tells where the row ends; after one that
    runs across the next row does, for its own headline must stand in the middle of it, or at its begin.
    """
    white = _white([(item.box.x0, item.box.x1) for item in items])
    for begin, end in white:
        upper = [item for item in items if item.box.x1 <= begin]
        lower = [item for item in items if item.box.x0 >= end]
        ends = [(at, after) for at, after in white if at > end]
        if _is_across(upper, heads):
            parted = _is_across(lower, heads) or _is_centred(lower, heads, ends)
        else:
            parted = _is_centred(upper, heads, [(begin, end)]) and (
                _is_across(lower, heads) or _first(lower) in heads
            )
        if parted:
            return upper, lower
    return None


def _is_across(items: Items, heads: Items) -> bool:
    """Check whether a headline that runs across stands where these begin."""
    begin = min(item.box.x0 for item in items)
    begins = any(one.solid and one in heads and one.box.x0 - begin <= one.size for one in items)
    return begins and any(not one.solid for one in items)


def _is_centred(items: Items, heads: Items, ends: Sequence[tuple[float, float]]) -> bool:
    """Check whether a headline that runs down stands in the middle of these, up to white."""
    first, whole = _first(items), around([item.box for item in items])
    if first.solid or first not in heads:
        return False
    end, slack = first.box.x0 + first.box.x1 - whole.x0, 2 * CENTRED * first.size
    return any(a - slack <= end <= b + slack for a, b in (*ends, (whole.x1, whole.x1)))


def _first(items: Items) -> LayoutItem:
    """Return what stands furthest up."""
    return min(items, key=lambda item: item.box.top)


def _row_of(items: Items, heads: Items) -> tuple[Items, Items] | None:
    """Cut where white runs across a row between the begins of two headlines; None where none does."""
    gaps = _white([(item.box.top, item.box.bottom) for item in items])
    usual = median(b - a for a, b in gaps) if gaps else 0.0
    for above, below in pairwise(heads):
        between = [(b - a, a) for a, b in gaps if a > above.box.top and b <= below.box.top]
        width, y = max(between, default=(0.0, 0.0))
        if width > WIDER * usual:
            return [one for one in items if one.box.bottom <= y], [one for one in items if one.box.top > y]
    return None


def _headed(items: Items, heads: Items) -> tuple[Items, Items] | None:
    """Cut behind a headline that stands above all else; None where none does."""
    first = _first(items)
    rest = [item for item in items if item is not first]
    if first in heads and not first.solid and rest and all(item.box.top >= first.box.bottom for item in rest):
        return [first], rest
    return None


def _white(stretches: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return where nothing stands between stretches of a line."""
    out: list[tuple[float, float]] = []
    ordered = sorted(stretches)
    end = ordered[0][1] if ordered else 0.0
    for a, b in ordered:
        if a > end:
            out.append((end, a))
        end = max(end, b)
    return out
