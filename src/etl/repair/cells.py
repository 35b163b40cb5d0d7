"""Lines among which most are short and end no sentence: cells of tables, lists of names, addresses, verse.

`in_list` is asked by furniture and guards: nothing there continues anything, no number there counts pages.
"""

import numpy as np

from etl.repair.chars import classes
from etl.repair.lines import Bools, Lines
from etl.repair.sheet import Sheet

REACH, SHARE, LONGEST, WRAPPED_SHARE, FEWEST = 4, 0.8, 30, 0.6, 5
"""Lines looked at on each side, how many of them must be short, up to what length or share of the width of
wrapped text, and in how long a list."""
SENTENCE = classes(0, 1, 3)


def in_list(lines: Lines, sheet: Sheet) -> Bools:
    """Which lines stand in a list; in wrapped text, whose lines are all short, they leave much room."""
    count = len(lines)
    if count < FEWEST:
        return np.zeros(count, np.bool_)
    longest = WRAPPED_SHARE * sheet.width if sheet.wrapped else LONGEST
    short = (lines.size <= longest) & ~SENTENCE[lines.end]
    sums = np.append(0, np.cumsum(short))
    low, high = np.maximum(np.arange(count) - REACH, 0), np.minimum(np.arange(count) + REACH + 1, count)
    dense = (sums[high] - sums[low]) >= SHARE * (high - low)
    out: Bools = short & dense
    return out
