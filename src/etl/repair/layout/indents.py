"""Restore lost indents: where they were, first lines of paragraphs are two characters shorter than others.

`read_indents` is called once a report. It needs wrapped text in which enough paragraphs surely begin, behind
a line that ended a sentence before the margin.
"""

from dataclasses import replace

import numpy as np

from etl.repair.layout.chars import ELLIPSIS
from etl.repair.layout.lines import Lines
from etl.repair.layout.stats import LayoutStats, measure_layout

# Set by hand on printed pages (docs/decisions/0035): paragraphs that surely begin; shares of their first
# lines that are short and of others that are full; what a full line may lack; how many characters an
# indent is.
LEAST_STARTS, LEAST_SHORT, LEAST_FULL, LONGEST_GAP = 4, 0.6, 0.75, 4.0
LEAST_INDENT, MOST_INDENT = 1.5, 2.8


def read_indents(lines: Lines, stats: LayoutStats) -> tuple[Lines, LayoutStats]:
    """Return lines and stats with the indents that the lengths of lines show, if any."""
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
    told[behind & full & (size < edge) | start] = 2
    found = replace(lines, indent=told)
    return found, measure_layout(found, np.arange(len(lines)))
