"""Settle seams without a model: line ends in mid-sentence, ends of sentences where paragraphs end.

Most seams of an undamaged report are plain; `Restorer` asks the models about the others.
"""

from dataclasses import dataclass

import numpy as np

from etl.repair.layout.chars import (
    CLOSING_QUOTE,
    COLON,
    ELLIPSIS,
    POINT,
    RUNNING,
    SEMICOLON,
    STOP,
    classes,
)
from etl.repair.layout.kinds import FIRST, KINDS
from etl.repair.layout.lines import ENDED, JOINED, OPEN, Bools, Floats, Ints
from etl.repair.layout.stats import FULL_SLACK, layout
from etl.repair.order.content import Content

# Set by hand on whole texts (`make bench-harm`), damaged articles (`make bench-repair`) and printed pages
# (docs/decisions/0035).
SURE_SEAM, SURE_START = 1.0, 0.5  # scores (log-odds) above which a wrap, and a new paragraph, is not doubted
STOPS = classes(STOP, ELLIPSIS, CLOSING_QUOTE, SEMICOLON, COLON, POINT)
LEAST_STOPS = 2  # ends of sentences before blank lines that show that all paragraphs end so
SHORTEST_WRAP = 20  # characters of a line that may break off within its paragraph
LONG_SHARE = 0.5  # of the width; shorter lines end something
NARROW_SHARE = 0.7  # of the width; items of a list are set narrower
WIDEST_SHARE = 1.5  # of the width; narrow letters and marks let a line of print have more
TOLD_BREAKS, TOLD_JOINS = 0.8, 0.95  # shares of sure ends and wraps at which the layout must say the same


@dataclass(frozen=True, slots=True)
class Plain:
    """For each seam of the file: is it plainly a wrap, plainly the end of a paragraph?"""

    wraps: Bools
    ends: Bools

    @property
    def others(self) -> Bools:
        """The seams that are neither."""
        return ~(self.wraps | self.ends)


def plain_seams(content: Content) -> Plain:
    """Read wraps and ends from layout and punctuation alone."""
    kept, lines, stats = content.kept, content.lines, content.stats
    gap, guard = content.gap[1:], content.guard
    told = layout(stats, gap, lines.indent[kept[1:]])
    quiet = (content.feed[1:] == 0) & (content.dropped[1:] == 0)
    ends = guard.closed[:-1] & ~guard.wanted[1:] & quiet & (content.opened[:-1] == 0)
    if not stats.wrapped:
        none, ends = np.zeros(len(gap), np.bool_), ends & (gap <= max(stats.gap, stats.closed_gap))
        return _with_settled(content, none, ends)
    full = (content.slack[:-1] <= FULL_SLACK) & RUNNING[lines.end[kept[:-1]]]
    head = FIRST + len(KINDS) - 1
    alike = (
        ((content.kind[:-1] <= 1) | (content.kind[:-1] == head))
        & (content.kind[1:] <= 1)
        & (content.number[1:] == 0)
        & ~guard.fresh[1:]
    )
    wraps = (told < 0) & full & alike & quiet
    return _with_settled(content, wraps | running_on(content), ends & (told == 1))


def parted(content: Content) -> Bools:
    """Seams that join nothing, where blank lines or indents part all paragraphs of wrapped text.

    A page or column is cut behind a full line that ends in mid-sentence; other lines end where they seem to.
    """
    whole = (content.slack[:-1] > FULL_SLACK) | ~RUNNING[content.lines.end[content.kept[:-1]]]
    out: Bools = (_told(content) > 0) & whole
    return out if content.stats.told_joins >= TOLD_JOINS else np.zeros_like(out)


def running_on(content: Content) -> Bools:
    """Seams inside a paragraph of text as in `parted`: no blank line, and a full or long line."""
    guard, left = content.guard, content.kept[:-1]
    full, running = content.slack[:-1] <= FULL_SLACK, RUNNING[content.lines.end[left]]
    long = running & (content.lines.size[left] >= LONG_SHARE * content.stats.width)
    whole = guard.alone[:-1] | guard.alone[1:] | guard.fresh[1:]
    size = np.maximum(content.lines.size[left], content.lines.size[content.kept[1:]])
    outside = (size > WIDEST_SHARE * content.stats.width) | guard.label[1:]
    filled = guard.closed[:-1] & _fills_block(content)[:-1]
    out: Bools = (_told(content) < 0) & (full & running | (full | long | filled) & ~whole) & ~outside
    stats = content.stats
    sure = stats.blank_style > 0 and stats.told_breaks >= TOLD_BREAKS and stats.told_joins >= TOLD_JOINS
    return out if sure else np.zeros_like(out)


def _fills_block(content: Content) -> Bools:
    """Which lines are as long as those of their item, where another breaks off at that length.

    An item ends at a blank line; its first line, which has its number, may be longer.
    """
    size, end = content.lines.size[content.kept], content.lines.end[content.kept]
    starts = np.append(True, _told(content) >= 0)
    block = np.cumsum(starts) - 1
    width = np.maximum.reduceat(np.where(starts, 0, size), np.flatnonzero(starts))[block]
    near = width - size <= FULL_SLACK
    broken = np.bincount(block, near & RUNNING[end] & ~starts) >= 1
    out: Bools = near & broken[block] & (width >= content.stats.width * NARROW_SHARE)
    return out


def in_blocks(content: Content) -> Bools:
    """Seams inside paragraphs that blank lines part, where too few lines are full to show how wide they were.

    Every end of a sentence or clause stands before a blank line; long lines break off in mid-sentence inside
    a block that ends with a sentence. Of wrapped text only lines longer than its width are asked about.
    """
    end, single, guard = content.lines.end[content.kept], content.gap[1:] == 1, content.guard
    inner = single & (content.settled == OPEN)
    stops = STOPS[end[:-1]] & (content.settled == OPEN)
    out: Bools = np.zeros_like(single)
    if not inner.any() or (stops & single).any() or stops.sum() < LEAST_STOPS:
        return out
    long = (content.lines.size[content.kept[:-1]] >= SHORTEST_WRAP) & RUNNING[end[:-1]]
    alone = guard.alone[:-1] & (np.arange(len(single)) > 0)  # the first line is taken for a title
    quiet = (content.feed[1:] == 0) & (content.dropped[1:] == 0)
    broken = single & (~(long | (content.settled == JOINED)) | alone | guard.fresh[1:] | ~quiet)
    block = np.cumsum(~single)  # of the line behind each seam
    last = np.append(~single, True)[1:]
    spoilt = set(block[broken].tolist()) | set(block[last & ~STOPS[end[1:]]].tolist())
    out[inner] = [b not in spoilt for b in block[inner].tolist()]
    if guard.wrapped:
        out &= guard.overlong[:-1] | guard.overlong[1:]
    return out


def _told(content: Content) -> Ints:
    """What layout says of each seam of wrapped text, see `layout`; 0 where a page may end."""
    if not content.stats.wrapped:
        return np.zeros(len(content) - 1, np.int32)
    told = layout(content.stats, content.gap[1:], content.lines.indent[content.kept[1:]])
    return np.where((content.feed[1:] == 0) & (content.dropped[1:] == 0), told, 0).astype(np.int32)


def _with_settled(content: Content, wraps: Bools, ends: Bools) -> Plain:
    """What layout says, and over it what the format knows."""
    joined, ended = content.settled == JOINED, content.settled == ENDED
    return Plain((wraps | joined) & ~ended, (ends | ended) & ~joined)


def confirmed(content: Content, plain: Plain, seam: Floats) -> Plain:
    """Keep the plain seams that the seam model does not doubt; for reports that show some damage.

    ``seam`` are its scores [seams] that the lines continue one another.
    """
    starts = content.scores.starts[content.kept[1:]]
    settled = content.settled != OPEN
    sure = settled | running_on(content)
    return Plain(plain.wraps & ((seam > SURE_SEAM) | sure), plain.ends & ((starts > SURE_START) | settled))


def closed_off(content: Content) -> Plain | None:
    """Call every seam plain at which no join is possible; None for wrapped text, of which that says little.

    What is left over are the lines that may go on, and those that may begin in mid-sentence. If nothing is
    missing at any of them, nothing can come from elsewhere: the other seams need not be looked at.
    """
    guard = content.guard
    apart = guard.closed | guard.alone & ~guard.open
    if guard.wrapped or content.bound or not apart[-1]:
        return None
    return Plain(np.zeros(len(content) - 1, np.bool_), apart[:-1] & ~guard.wanted[1:] | guard.shut[:-1])
