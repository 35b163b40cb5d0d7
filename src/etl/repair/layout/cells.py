"""Find lists and tables: stretches most of whose lines are short and end no sentence (cells, names, verse).

Furniture and constraints ask `in_list`: no line of a list continues another, no number in one counts
pages.
"""

import re

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import ELLIPSIS, SEMICOLON, STOP, classes
from etl.repair.layout.lines import Bools, Lines
from etl.repair.layout.stats import LayoutStats

Index = npt.NDArray[np.intp]
REACH, SHARE, LONGEST, WRAPPED_SHARE, FEWEST = 4, 0.8, 30, 0.6, 5
"""Lines looked at on each side, how many of them must be short, up to what length or share of the width of
wrapped text, and in how long a list."""
LONGEST_CELL, LONGEST_BARE, FEWEST_CELLS = 12, 60, 4
"""How long a cell may be, how long a line without any mark of a clause, and how many cells make a row."""
SENTENCE, CLAUSE = classes(STOP, ELLIPSIS, SEMICOLON), re.compile("[，。；！？,;!?]")


def in_list(lines: Lines, stats: LayoutStats, kept: Index | None = None) -> Bools:
    """Which lines, or which of those kept, stand in a list; in wrapped text they leave much room."""
    at = np.arange(len(lines)) if kept is None else kept
    count, size, open_end = len(at), lines.size[at], ~SENTENCE[lines.end[at]]
    if count < FEWEST:
        return np.zeros(count, np.bool_)
    longest = WRAPPED_SHARE * stats.width if stats.wrapped else LONGEST
    short = (size <= longest) & open_end
    if not stats.wrapped:
        short |= _bare(lines, at, open_end & (size <= LONGEST_BARE))
    sums = np.append(0, np.cumsum(short))
    low, high = np.maximum(np.arange(count) - REACH, 0), np.minimum(np.arange(count) + REACH + 1, count)
    dense = (sums[high] - sums[low]) >= SHARE * (high - low)
    out: Bools = short & dense | _row(open_end & (size <= min(longest, LONGEST_CELL)))
    return out


def _bare(lines: Lines, at: Index, asked: Bools) -> Bools:
    """Which of the lines asked for hold no mark of a clause."""
    out = asked.copy()
    out[asked] = [not CLAUSE.search(lines.texts[k]) for k in at[asked].tolist()]
    return out


def _row(cells: Bools) -> Bools:
    """Which cells stand in a run of enough of them, as the head of a table whose columns were written out."""
    edges = np.flatnonzero(np.diff(np.append(np.append(False, cells), False)))
    out = np.zeros_like(cells)
    for first, end in edges.reshape(-1, 2).tolist():
        out[first:end] = end - first >= FEWEST_CELLS
    return out
