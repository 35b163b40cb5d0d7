"""Describe the content lines of a report, furniture left out, each by itself.

`read_content` is called once a report. A new figure of a line is a field of `Content`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import CLOSING_QUOTE
from etl.repair.layout.kinds import kind_of
from etl.repair.layout.lines import JOINED, OPEN, Bools, Floats, Ints, Lines
from etl.repair.layout.stats import FULL_SLACK, MOSTLY, LayoutStats, layout, numbering
from etl.repair.order.constraints import LONGEST_HEADING, LineConstraints, guard
from etl.repair.overrides import UNBOUND, Bound
from etl.repair.scorer.scores import Scores

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Content:
    """The content lines of a report and what was found of each; arrays have one entry a content line.

    Attributes:
        kept: indices of the content lines in `Lines`.
        spans: where they start and end in the raw text.
        gap: line breaks before the line, furniture left out; `feed` and `dropped` say what else is there.
        opened, wanted: quotes left open at the end of the paragraph so far, and closed in the rest of it.
        slack: how much of the full width the line leaves.
        kind: what a short line looks like by itself, see `kind_of`; 0 for a line of running text.
        bound: what people decided about these lines.
        settled: [n - 1] what the format knows of each seam, see `Lines.settled`.
        rank: how few of the gaps in the report are as wide as the one before the line, 0 to 1.
    """

    lines: Lines
    stats: LayoutStats
    scores: Scores
    kept: Index
    spans: Sequence[tuple[int, int]]
    gap: Ints
    feed: Ints
    dropped: Ints
    opened: Ints
    wanted: Ints
    b_opened: Ints
    b_wanted: Ints
    slack: Floats
    number: Ints
    kind: Ints
    rank: Floats
    settled: Ints
    guard: LineConstraints
    bound: Bound = UNBOUND

    def __len__(self) -> int:
        return len(self.kept)

    @property
    def whole(self) -> bool:
        """Whether nothing continues any line, whatever its neighbours: so nothing moves either."""
        return self.guard.whole and not (self.settled == JOINED).any()


def read_content(lines: Lines, stats: LayoutStats, scores: Scores, furniture: Bools) -> Content:
    """Describe the content lines; `furniture` [lines] marks those that are left out."""
    kept = np.flatnonzero(~furniture)
    gap = _over(lines.gap, kept)
    feed, dropped = _over(lines.feed, kept), np.diff(np.append(-1, kept)).astype(np.int32) - 1
    slack = stats.width - lines.size[kept]
    runs_on = _runs_on(lines, stats, kept, gap)
    opened, wanted = _carry(lines.opened[kept], lines.wanted[kept], runs_on)
    b_opened, b_wanted = _carry(lines.bracket_opened[kept], lines.bracket_wanted[kept], runs_on)
    number = np.array([numbering(lines.texts[k]) for k in kept.tolist()], np.int32)
    kinds = _kinds(lines, kept, _asked(lines, stats, kept, gap), scores.read.kinds)
    spans = [(lines.starts[k], lines.ends[k]) for k in kept.tolist()]
    order = np.sort(gap[1:])
    rank = 1 - np.searchsorted(order, gap, side="left") / max(1, len(order))
    settled = np.minimum.reduceat(lines.settled, kept)[:-1]  # an open line end between makes the seam open
    return Content(
        lines, stats, scores, kept, spans, gap, feed, dropped,
        opened, wanted, b_opened, b_wanted, slack, number, kinds,
        rank.astype(np.float32), settled, guard(lines, stats, (kept, kinds, settled != OPEN)),
    )  # fmt: skip


def _over(values: Ints, kept: Index) -> Ints:
    """The largest value from behind the content line before up to each content line."""
    edges = np.append(0, kept[:-1] + 1)
    out: Ints = np.maximum.reduceat(values, edges)
    return out


def _asked(lines: Lines, stats: LayoutStats, kept: Index, gap: Ints) -> Bools:
    """Short lines; in wrapped text only those that leave space or stand off."""
    out = lines.size[kept] <= LONGEST_HEADING
    if stats.wrapped:
        off = (gap > stats.gap) | (lines.indent[kept] > 0)
        out &= (stats.width - lines.size[kept] > FULL_SLACK) | off | np.append(off[1:], True)
    return out


def _kinds(lines: Lines, kept: Index, asked: Bools, known: dict[str, int]) -> Ints:
    """The kind of each line asked; `known` ones are looked up, and the others put there."""
    out = np.zeros(len(kept), np.int32)
    for k in np.flatnonzero(asked).tolist():
        line = lines.line(kept[k])
        if line not in known:
            known[line] = kind_of(line)
        out[k] = known[line]
    return out


def _runs_on(lines: Lines, stats: LayoutStats, kept: Index, gap: Ints) -> list[bool]:
    """For each content line, whether the next probably belongs to its paragraph; to follow quotes."""
    if not stats.wrapped:
        return [False] * len(kept)
    short = (stats.width - lines.size[kept] > FULL_SLACK) & (lines.end[kept] <= CLOSING_QUOTE)
    wide = (gap > stats.gap) | ((lines.indent[kept] > 0) & (stats.indented < MOSTLY))
    out = ~short
    out[:-1] &= ~wide[1:]
    out[-1] = False
    return [bool(v) for v in out]


def _carry(opened: Ints, wanted: Ints, runs_on: list[bool]) -> tuple[Ints, Ints]:
    """Marks open and missing over whole paragraphs: openings carried forward, closings backward."""
    if not any(runs_on) or not (opened.any() or wanted.any()):
        return opened, wanted
    forward, back = opened.tolist(), wanted.tolist()
    for k in range(1, len(forward)):
        if runs_on[k - 1]:
            forward[k] += max(0, forward[k - 1] - int(wanted[k]))
    for k in range(len(back) - 2, -1, -1):
        if runs_on[k]:
            back[k] += max(0, back[k + 1] - int(opened[k]))
    return np.array(forward, np.int32), np.array(back, np.int32)


def plain_wraps(content: Content) -> Bools:
    """Which seams of the file are line ends inside wrapped text, by their gap and indent."""
    if not content.stats.wrapped:
        return np.zeros(len(content) - 1, np.bool_)
    out: Bools = layout(content.stats, content.gap[1:], content.lines.indent[content.kept[1:]]) <= 0
    return out
