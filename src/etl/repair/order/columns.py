"""Take apart columns that were written in turns: a line of the first, one of the second, and so on.

Programs that read a page from top to bottom write them so. `part_columns` is asked where too many sentences
break off to meet every piece with every other; it only looks a few lines ahead.
"""

from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from etl.repair.layout.lines import Floats, Index
from etl.repair.layout.stats import FULL_SLACK
from etl.repair.order.content import Content

# Set by hand on pages of two to four columns that pdfminer read (docs/decisions/0124); gains are log-odds.
FEWEST_OPEN = 16  # open seams of columns in turns; 4 in 1,000 damaged articles with one column have as many
AHEAD = 12  # lines within which the next one of a column stands
MOST_COLUMNS = 5  # columns of a page
STATES = 40  # partitions that are kept from line to line
MOST = 5.0  # what one succession may gain at most
NO_JOIN = -9.0  # gain of a succession at which no sentence goes on
NEW_COLUMN = -6.0  # gain of a further column
UNEVEN = -1.0  # gain of each line by which a column's next line is too early or too late
LEAST_GAIN = 2.0  # by how much the columns of a page must gain over the order given, a line that moves
LEAST_MOVED = 0.25  # share of a page's lines that must move and break off in mid-sentence
PARTED = 0.8  # probability that a line so moved follows the right one

Rows = Sequence[Sequence[float]]
Tails = tuple[int, ...]
Way = tuple[int, "Way | None"]
"""The column of a line, and the way to the line before."""


class Partition(NamedTuple):
    """A partition of the lines so far: what it gains, the heads of its columns, and how it came about."""

    gain: float
    heads: Tails
    way: Way | None


def part_columns(content: Content) -> list[int] | None:
    """Return the content lines column after column of each page; None where they do not take turns."""
    if not content.stats.wrapped:
        return None
    gains, order, broken = _gains_ahead(content), list[int](), [*content.broken.tolist(), False]
    for first, end in _pages(content):
        columns, gain = _columns(content, gains, (first, end))
        page = [k for column in columns for k in column]
        moved = sum(a + 1 != b and broken[a] for a, b in pairwise(page))
        gain -= sum(gains[k][0] for k in range(first, end - 1))
        in_turns = moved >= LEAST_MOVED * (end - first) and gain >= LEAST_GAIN * moved
        order += page if in_turns else range(first, end)
    return order if order != [*range(len(order))] else None


def _pages(content: Content) -> Iterator[tuple[int, int]]:
    """Yield the first line of each page and that of the next; without form feeds, furniture parts pages."""
    ends = content.feed[1:] > 0
    cuts = (np.flatnonzero(ends if ends.any() else ~content.quiet) + 1).tolist()
    yield from zip([0, *cuts], [*cuts, len(content)], strict=True)


def _gains(content: Content, left: Index, right: Index) -> Floats:
    """Return what the lines ``right`` gain as successors of ``left`` in a column, joined or not; [n]."""
    a, b, scores = content.line_index[left], content.line_index[right], content.scores
    join = scores.seams(a, b)
    join[(content.right_margin[left] > FULL_SLACK) | content.closed[left]] = NO_JOIN
    apart = (np.minimum(scores.ends[a], MOST) + np.minimum(scores.starts[b], MOST)) / 2
    return np.maximum(np.minimum(join, MOST), apart)


def _gains_ahead(content: Content) -> list[list[float]]:
    """Return what each line gains as the predecessor of each of the next `AHEAD` ones; [n, AHEAD]."""
    n = len(content)
    left = np.repeat(np.arange(n), AHEAD)
    right = left + np.tile(np.arange(1, AHEAD + 1), n)
    out, inside = np.full(n * AHEAD, NO_JOIN, np.float32), right < n
    out[inside] = _gains(content, left[inside], right[inside])
    found: list[list[float]] = out.reshape(n, AHEAD).tolist()
    return found


def _columns(content: Content, gains: Rows, page: tuple[int, int]) -> tuple[list[list[int]], float]:
    """Return the lines of a page by column, in the partition that gains most, and what it gains."""
    first, end = page
    states: dict[Tails, Partition] = {(first,): Partition(0.0, (first,), None)}
    for line in range(first + 1, end):
        found: dict[Tails, Partition] = {}
        for tails, state in states.items():
            for column, more in _choices(gains, tails, line):
                key, gain = (*tails[:column], line, *tails[column + 1 :]), state.gain + more
                if key not in found or found[key].gain < gain:
                    heads = state.heads if column < len(tails) else (*state.heads, line)
                    found[key] = Partition(gain, heads, (column, state.way))
        states = dict(nlargest(STATES, found.items(), key=lambda item: item[1].gain))
    turns = {tails: _gain_of_turns(content, (tails, state.heads), end) for tails, state in states.items()}
    best = max(states.items(), key=lambda item: item[1].gain + turns[item[0]])[1]
    out: list[list[int]] = [[] for _ in best.heads]
    way = best.way
    for line in range(end - 1, first, -1):
        column, way = way or (0, None)
        out[column].append(line)
    out[0].append(first)
    return [column[::-1] for column in out], best.gain


def _gain_of_turns(content: Content, ends: tuple[Tails, Tails], end: int) -> float:
    """Return what it gains that columns, by their last and first lines, go on at the next, or next page."""
    tails, heads = ends
    more = (*heads[1:], end) if end < len(content) else heads[1:]
    return float(_gains(content, np.array(tails[: len(more)], np.intp), np.array(more, np.intp)).sum())


def _choices(gains: Rows, tails: Tails, line: int) -> Iterator[tuple[int, float]]:
    """Yield the columns that a line may continue, the last one a new column, with what that gains."""
    near = sum(line - tail <= AHEAD for tail in tails)
    for column, tail in enumerate(tails):
        if (ahead := line - tail) <= AHEAD:
            yield column, gains[tail][ahead - 1] + UNEVEN * abs(ahead - near)
    if len(tails) < MOST_COLUMNS:
        yield len(tails), NEW_COLUMN
