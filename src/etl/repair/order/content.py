"""Describe each content line of a report, that is, all lines but furniture and floats.

`read_content` is called once a report. A new property of a line is a field of `Content`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.repair.layout.chars import CLOSING_QUOTE, RUNNING
from etl.repair.layout.kinds import kind_of
from etl.repair.layout.lines import JOINED, OPEN, Bools, Floats, Index, Ints, Lines
from etl.repair.layout.stats import FULL_SLACK, MOSTLY, LayoutStats, layout, numbering
from etl.repair.order.constraints import LONGEST_HEADING, LineConstraints, describe_constraints
from etl.repair.overrides import NO_BOUND_OVERRIDES, BoundOverrides
from etl.repair.scorer.scores import Scores


@dataclass(frozen=True, slots=True)
class Content:
    """The content lines of a report and what was found of each; arrays have one entry a content line.

    Attributes:
        line_index: indices of the content lines in `Lines`.
        spans: where they start and end in the raw text.
        gap: line breaks before the line, furniture left out; `dropped` counts these lines, `feed` page ends.
        open_quotes: quotes left open at the end of the line, counted from the beginning of its paragraph.
        unmatched_quotes: quotes closed from the line to the end of its paragraph that are not opened there.
        open_brackets, unmatched_brackets: the same of brackets.
        right_margin: characters that the line lacks to the full width.
        kind: what a short line looks like by itself, see `kind_of`; 0 for a line of running text.
        overrides: what people decided about these lines.
        line_end_states: [n - 1] what the format knows of each seam, see `Lines.line_end_states`.
        told: [n - 1] what gap and indent say of each seam, see `layout`.
        rank: share (0 to 1) of the report's gaps that are at least as wide as the one before the line.
    """

    lines: Lines
    stats: LayoutStats
    scores: Scores
    line_index: Index
    spans: Sequence[tuple[int, int]]
    gap: Ints
    feed: Ints
    dropped: Ints
    open_quotes: Ints
    unmatched_quotes: Ints
    open_brackets: Ints
    unmatched_brackets: Ints
    right_margin: Floats
    number: Ints
    kind: Ints
    rank: Floats
    line_end_states: Ints
    told: Ints
    constraints: LineConstraints
    overrides: BoundOverrides = NO_BOUND_OVERRIDES

    def __len__(self) -> int:
        return len(self.line_index)

    @property
    def has_no_open_line(self) -> bool:
        """Whether no line may be continued, by its neighbour or by any other, so that nothing moves."""
        return self.constraints.is_closed and not (self.line_end_states == JOINED).any()

    @property
    def quiet(self) -> Bools:
        """At which seams [n - 1] neither a page ends nor a line was left out."""
        out: Bools = (self.feed[1:] == 0) & (self.dropped[1:] == 0)
        return out

    @property
    def broken(self) -> Bools:
        """Behind which lines [n - 1] a full line ends in mid-sentence."""
        out: Bools = (self.right_margin[:-1] <= FULL_SLACK) & RUNNING[self.lines.end[self.line_index[:-1]]]
        return out


def read_content(lines: Lines, stats: LayoutStats, scores: Scores, furniture: Bools) -> Content:
    """Describe the content lines; ``furniture`` [lines] marks the lines that are left out."""
    line_index = np.flatnonzero(~furniture)
    gap = _over(lines.gap, line_index)
    feed, dropped = _over(lines.feed, line_index), np.diff(np.append(-1, line_index)).astype(np.int32) - 1
    right_margin = stats.width - lines.size[line_index]
    runs_on = _runs_on(lines, stats, line_index, gap)
    open_quotes, unmatched_quotes = _carry(
        lines.open_quotes[line_index], lines.unmatched_quotes[line_index], runs_on
    )
    open_brackets, unmatched_brackets = _carry(
        lines.open_brackets[line_index], lines.unmatched_brackets[line_index], runs_on
    )
    number = np.array([numbering(lines.texts[k]) for k in line_index.tolist()], np.int32)
    kinds = _kinds(lines, line_index, _asked(lines, stats, line_index, gap), scores.cache.kinds)
    spans = [(lines.starts[k], lines.ends[k]) for k in line_index.tolist()]
    order = np.sort(gap[1:])
    rank = 1 - np.searchsorted(order, gap, side="left") / max(1, len(order))
    # an open line end between makes the seam open
    line_end_states = np.minimum.reduceat(lines.line_end_states, line_index)[:-1]
    return Content(
        lines, stats, scores, line_index, spans, gap, feed, dropped,
        open_quotes, unmatched_quotes, open_brackets, unmatched_brackets, right_margin, number, kinds,
        rank.astype(np.float32), line_end_states, layout(stats, gap[1:], lines.indent[line_index[1:]]),
        describe_constraints(lines, stats, (line_index, kinds, line_end_states != OPEN)),
    )  # fmt: skip


def _over(values: Ints, line_index: Index) -> Ints:
    """Return the largest of the values [lines] from behind the content line before up to each one; [n]."""
    edges = np.append(0, line_index[:-1] + 1)
    out: Ints = np.maximum.reduceat(values, edges)
    return out


def _asked(lines: Lines, stats: LayoutStats, line_index: Index, gap: Ints) -> Bools:
    """Return which lines [n] are short and, in wrapped text, not full or set off by a gap or indent."""
    out = lines.size[line_index] <= LONGEST_HEADING
    if stats.wrapped:
        off = (gap > stats.gap) | (lines.indent[line_index] > 0)
        out &= (stats.width - lines.size[line_index] > FULL_SLACK) | off | np.append(off[1:], True)
    return out


def _kinds(lines: Lines, line_index: Index, asked: Bools, known: dict[str, int]) -> Ints:
    """Return the kind [n] of each line ``asked`` about, 0 for others; ``known`` caches kinds by text."""
    out = np.zeros(len(line_index), np.int32)
    for k in np.flatnonzero(asked).tolist():
        line = lines.line(line_index[k])
        if line not in known:
            known[line] = kind_of(line)
        out[k] = known[line]
    return out


def _runs_on(lines: Lines, stats: LayoutStats, line_index: Index, gap: Ints) -> list[bool]:
    """Return [n] whether the next line probably belongs to the same paragraph, so that quotes stay open."""
    if not stats.wrapped:
        return [False] * len(line_index)
    short = (stats.width - lines.size[line_index] > FULL_SLACK) & (lines.end[line_index] <= CLOSING_QUOTE)
    wide = (gap > stats.gap) | ((lines.indent[line_index] > 0) & (stats.indented < MOSTLY))
    out = ~short
    out[:-1] &= ~wide[1:]
    out[-1] = False
    return [bool(v) for v in out]


def _carry(opened: Ints, unmatched: Ints, runs_on: list[bool]) -> tuple[Ints, Ints]:
    """Carry open marks forward and unmatched ones backward through each paragraph; [n] each."""
    if not any(runs_on) or not (opened.any() or unmatched.any()):
        return opened, unmatched
    forward, back = opened.tolist(), unmatched.tolist()
    for k in range(1, len(forward)):
        if runs_on[k - 1]:
            forward[k] += max(0, forward[k - 1] - int(unmatched[k]))
    for k in range(len(back) - 2, -1, -1):
        if runs_on[k]:
            back[k] += max(0, back[k + 1] - int(opened[k]))
    return np.array(forward, np.int32), np.array(back, np.int32)


def wrapped_line_ends(content: Content) -> Bools:
    """Return which seams [n - 1] are line ends inside wrapped text, by their gap and indent."""
    out: Bools = (content.told <= 0) & content.stats.wrapped
    return out
