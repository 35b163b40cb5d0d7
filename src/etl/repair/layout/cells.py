"""Find lists and tables: stretches most of whose lines are short and end no sentence (cells, names, verse).

Furniture and constraints ask `in_list`: no line of a list continues another, no number in one counts
pages.
"""

import re

import numpy as np

from etl.repair.layout.chars import ENTRY_END
from etl.repair.layout.lines import Bools, Index, Lines
from etl.repair.layout.stats import LayoutStats

# Set by hand on whole texts (docs/decisions/0035).
LIST_REACH = 4  # lines looked at on each side
LIST_SHARE = 0.8  # share of them that are short in a list
LONGEST_ENTRY = 30  # characters of a short line in text that is not wrapped
WRAPPED_SHARE = 0.6  # share of the width up to which a line of wrapped text is short
SHORTEST_LIST = 5  # lines of a text that may have a list
LONGEST_BARE = 60  # characters of an entry without any mark of a clause; set on forms (docs/decisions/0034)
CLAUSE = re.compile("[，。；！？,;!?]")


def in_list(lines: Lines, stats: LayoutStats, kept: Index | None = None) -> Bools:
    """Return which lines [lines], or which of ``kept`` [kept], are short among short ones, as in lists."""
    at = np.arange(len(lines)) if kept is None else kept
    count, size, open_end = len(at), lines.size[at], ~ENTRY_END[lines.end[at]]
    if count < SHORTEST_LIST:
        return np.zeros(count, np.bool_)
    longest = WRAPPED_SHARE * stats.width if stats.wrapped else LONGEST_ENTRY
    short = (size <= longest) & open_end
    if not stats.wrapped:
        bare = open_end & (size <= LONGEST_BARE)
        bare[bare] = [not CLAUSE.search(lines.texts[k]) for k in at[bare].tolist()]
        short |= bare
    if not short.any():
        return short
    sums = np.append(0, np.cumsum(short))
    low = np.maximum(np.arange(count) - LIST_REACH, 0)
    high = np.minimum(np.arange(count) + LIST_REACH + 1, count)
    out: Bools = short & (sums[high] - sums[low] >= LIST_SHARE * (high - low))
    return out
