"""Undo hanging indents: items whose number stands out to the left of the lines that go on with them.

`without_hanging` is called once a report. Elsewhere an indent begins a paragraph; here it goes on with one.
"""

from dataclasses import replace

import numpy as np

from etl.repair.layout.chars import Bools
from etl.repair.layout.lines import JOINED, OPEN, Lines
from etl.repair.layout.stats import LONGER_THAN_VERSE, numbering
from etl.text.expressions import compiled

REFERENCE = compiled(r"[\[［][0-9]{1,3}[\]］]")
# Set by hand on printed pages; the tests have a text on each side (docs/decisions/0141).
FEWEST_ITEMS = 2  # items with lines set in below them
FEWEST_SURE = 3  # the same, from which on full lines surely go on
SLACK = 3.0  # characters by which a line that goes on may end before the edge
LEAST_FULL = 0.8  # share of them that end there
LARGEST_HANG = 8  # half widths by which lines are set in at most


def without_hanging(lines: Lines) -> Lines:
    """Return the lines with those that hang below an item set where the item stands; as they are if none do.

    Where three items or more hang, one of them over three lines or more, full lines surely go on below.
    """
    if not lines.indent.any():
        return lines
    items = np.array([_is_item(text) for text in lines.texts], np.bool_)
    if np.count_nonzero(items) < FEWEST_ITEMS:
        return lines
    hangs, edges = _below(lines, items), lines.size + lines.indent / np.float32(2)
    before = edges[:-1][hangs[1:]]
    hanging, edge = np.count_nonzero(items[:-1] & hangs[1:]), np.median(before) if len(before) else 0.0
    if hanging < FEWEST_ITEMS or edge < LONGER_THAN_VERSE or np.mean(before >= edge - SLACK) < LEAST_FULL:
        return lines  # headings over paragraphs do not reach to the edge
    told, states = lines.indent.copy(), lines.line_end_states.copy()
    for k in np.flatnonzero(hangs).tolist():
        told[k] = told[k - 1]
    if hanging >= FEWEST_SURE and (hangs[:-1] & hangs[1:]).any():
        full = np.append(hangs[1:] & (edges[:-1] >= edge - SLACK), False)
        states[full & (states == OPEN)] = JOINED
    return replace(lines, indent=told, line_end_states=states)


def _is_item(text: str) -> bool:
    """Check whether a line begins an item: with a number of a series, or that of a reference."""
    return bool(numbering(text) or REFERENCE.match(text))


def _below(lines: Lines, items: Bools) -> Bools:
    """Return which lines [lines] are set in below an item, directly or behind others that are as far in."""
    out, item = np.zeros(len(lines), np.bool_), -1
    for k in range(len(lines)):
        if items[k]:
            item = k
        elif item >= 0 and lines.gap[k] <= 1 and _is_set_in(lines, item, k):
            out[k] = True
        else:
            item = -1
    return out


def _is_set_in(lines: Lines, item: int, k: int) -> bool:
    """Check whether line ``k`` is further in than the item, by as much as the first line below it."""
    further = lines.indent[k] - lines.indent[item]
    return bool(0 < further <= LARGEST_HANG and lines.indent[k] == lines.indent[item + 1])
