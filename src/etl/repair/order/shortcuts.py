"""Decide seams without a model, where blank lines or indents show what belongs to one paragraph."""

import numpy as np

from etl.repair.layout.chars import HAN_CLASS, RUNNING, STOPS
from etl.repair.layout.lines import JOINED, OPEN, Bools, Ints
from etl.repair.layout.stats import FULL_SLACK
from etl.repair.order.content import OVERLONG, Content

# Set by hand on whole texts (`make bench-harm`), damaged articles (`make bench-repair`) and printed pages
# (docs/decisions/0035).
LEAST_STOPS = 2  # ends of sentences before blank lines that show that all paragraphs end so
SHORTEST_WRAP = 20  # characters of a line that may break off within its paragraph
LONG_SHARE = 0.5  # share of the width; shorter lines end something
NARROW_SHARE = 0.7  # share of the width; items of a list are set narrower
TOLD_BREAKS = 0.8  # share of sure ends of paragraphs at which the layout must say the same
TOLD_JOINS = 0.95  # share of sure wraps at which the layout must say the same
SURE_START = 0.5  # score (log-odds) of a start from which a paragraph that layout ends is not doubted


def ends_of_paragraphs(content: Content, unknown: Bools, *, in_order: bool) -> Bools:
    """Return seams [n - 1] of unwrapped text at which a paragraph ends with its sentence, no wider apart.

    Unless the order of the text stands (``in_order``), the next line must surely begin one, too. Starts at
    other ``unknown`` seams [n - 1] are encoded at once with these, since these seams are scored next.
    """
    out: Bools = content.closed[:-1] & ~content.unmatched[1:] & content.quiet
    out &= (content.gap[1:] <= content.stats.gap) & (not content.stats.wrapped)
    out &= content.lines.open_quotes[content.line_index[:-1]] == 0
    read = (out | unknown) & (not in_order and out.any())
    content.scores.encode(content.line_index[:0], content.line_index[1:][read])
    return out & (in_order | (content.scores.starts[content.line_index[1:]] > SURE_START))


def paragraph_breaks(content: Content) -> Bools:
    """Return seams [n - 1] that join nothing, where blank lines or indents part all paragraphs.

    Not those behind a full line that ends in mid-sentence, where a page or column may have cut it.
    """
    if content.stats.told_joins < TOLD_JOINS:
        return np.zeros(len(content) - 1, np.bool_)
    out: Bools = (_told(content) > 0) & ~content.broken
    return out


def inside_paragraphs(content: Content) -> Bools:
    """Return seams [n - 1] inside a paragraph, where blank lines part all: behind a full or a long line."""
    left, stats = content.line_index[:-1], content.stats
    if stats.told_breaks < TOLD_BREAKS or stats.told_joins < TOLD_JOINS or stats.blank_style <= 0:
        return np.zeros(len(left), np.bool_)
    full, running = content.right_margin[:-1] <= FULL_SLACK, RUNNING[content.lines.end[left]]
    long = running & (content.lines.size[left] >= LONG_SHARE * stats.width)
    whole = content.alone[:-1] | content.alone[1:] | content.fresh[1:]
    filled = content.closed[:-1] & _fills_block(content)[:-1]
    out: Bools = (_told(content) < 0) & (full & running | (full | long | filled) & ~whole)
    return out


def _fills_block(content: Content) -> Bools:
    """Return which lines [n] are as long as those of their item, where another breaks off at that length.

    An item ends at a blank line; its first line, which has its number, may be longer.
    """
    size, end = content.lines.size[content.line_index], content.lines.end[content.line_index]
    starts = np.append(True, _told(content) >= 0)
    block = np.cumsum(starts) - 1
    width = np.maximum.reduceat(np.where(starts, 0, size), np.flatnonzero(starts))[block]
    near = width - size <= FULL_SLACK
    broken = np.bincount(block, near & RUNNING[end] & ~starts) >= 1
    out: Bools = near & broken[block] & (width >= content.stats.width * NARROW_SHARE)
    return out


def inside_even_prose(content: Content) -> Bools:
    """Return seams [n - 1] of prose without marks behind a full line, unless layout begins a paragraph."""
    if not content.stats.even:
        return np.zeros(len(content) - 1, np.bool_)
    full = np.abs(content.right_margin) < 1
    plain = (content.lines.end[content.line_index] == HAN_CLASS) & ~content.fresh
    out: Bools = full[:-1] & plain[:-1] & plain[1:] & (_told(content) <= 0)
    return out


def inside_blocks(content: Content) -> Bools:
    """Return seams [n - 1] inside paragraphs that blank lines part, where too few lines show the width.

    Each end of a sentence or clause must be before a blank line, and long lines break off in mid-sentence in
    a block that ends with a sentence. In wrapped text only lines longer than its width are considered.
    """
    kept, single = content.line_index, content.gap[1:] == 1
    out: Bools = np.zeros_like(single)
    if not single.any():
        return out
    end, size = content.lines.end[kept], content.lines.size[kept]
    inner = single & (content.line_end_states == OPEN)
    stops = STOPS[end[:-1]] & (content.line_end_states == OPEN)
    if not inner.any() or (stops & single).any() or stops.sum() < LEAST_STOPS:
        return out
    long = (size[:-1] >= SHORTEST_WRAP) & RUNNING[end[:-1]]
    alone = content.alone[:-1] & (np.arange(len(single)) > 0)  # the first line is taken for a title
    broken = ~(long | (content.line_end_states == JOINED)) | alone | content.fresh[1:] | ~content.quiet
    broken &= single
    block = np.cumsum(~single)  # of the line behind each seam
    last = np.append(~single, True)[1:]
    spoilt = set(block[broken].tolist()) | set(block[last & ~STOPS[end[1:]]].tolist())
    out[inner] = [b not in spoilt for b in block[inner].tolist()]
    if content.stats.wrapped:
        out &= np.maximum(size[:-1], size[1:]) > content.stats.width + OVERLONG
    return out


def _told(content: Content) -> Ints:
    """Return what layout tells of each seam [n - 1] of wrapped text, see `layout`; 0 where a page may end."""
    return content.told * (content.quiet & content.stats.wrapped)
