"""Restore lost indents, which the first lines of paragraphs show by being two characters shorter than others.

`read_indents` is called once a report. It needs wrapped text in which enough paragraphs surely begin, behind
a line that ended a sentence before the margin.
"""

from dataclasses import replace

import numpy as np

from etl.repair.layout.chars import ELLIPSIS
from etl.repair.layout.lines import Lines
from etl.repair.layout.stats import LayoutStats, measure_layout

# Set by hand on printed pages (docs/decisions/0035, 0027).
LEAST_STARTS = 4  # paragraphs that surely begin
LEAST_SHORT = 0.6  # share of their first lines that are short
LEAST_FULL = 0.75  # share of other full lines that are longer than these
LONGEST_GAP = 4.0  # characters that a full line may lack
LEAST_INDENT = 1.5  # characters by which first lines are shorter where an indent of two was lost
MOST_INDENT = 2.8  # the same, at most
INDENT = 2  # characters that are told of a lost indent


def read_indents(lines: Lines, stats: LayoutStats) -> tuple[Lines, LayoutStats]:
    """Return lines and stats with the indents that the lengths of lines show; unchanged if none do."""
    if not stats.wrapped or lines.indent.any() or stats.blank_style > 0:
        return lines, stats
    size, closed = lines.size, lines.end <= ELLIPSIS
    full = size >= stats.width - LONGEST_GAP
    short = size < stats.width - LONGEST_GAP
    start, inner = np.zeros((2, len(lines)), np.bool_)
    start[1:] = full[1:] & closed[:-1] & short[:-1]
    inner[1:] = full[1:] & ~closed[:-1] & full[:-1]
    if start.sum() < LEAST_STARTS or not inner.any():
        return lines, stats
    indent = float(np.median(size[inner]) - np.median(size[start]))
    if not LEAST_INDENT <= indent <= MOST_INDENT:
        return lines, stats
    edge = float(np.median(size[inner])) - indent / 2
    if np.mean(size[start] < edge) < LEAST_SHORT or np.mean(size[inner] > edge) < LEAST_FULL:
        return lines, stats
    told = lines.indent.copy()
    behind = np.append(False, closed[:-1])
    told[behind & full & (size < edge) | start] = INDENT
    found = replace(lines, indent=told)
    return found, measure_layout(found, np.arange(len(lines)))
