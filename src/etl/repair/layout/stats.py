"""Measure how a report was set: its width, the gaps between its lines, its indents and numbering.

`measure_layout` measures all lines together; a new habit of printers is one more field of `LayoutStats`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import COLON, DASH, ELLIPSIS, RUNNING
from etl.repair.layout.lines import Bools, Floats, Ints, Lines, page_width
from etl.structure import is_row
from etl.text.expressions import compiled
from etl.text.numbering import SERIES, SERIES_KINDS

# Set by hand on whole texts and printed pages (docs/decisions/0035); the trees were trained with the first.
FULL_SLACK = 2.5  # characters that a full line may lack
SHORTEST_CUT = 20  # characters of a line of running text that a page may cut, where lines are not wrapped
NARROWEST = 10  # characters in a column of print; cells of tables have fewer
MOSTLY = 0.5  # share of indented lines beyond which the text is set with indents
WIDEST_WRAPPED = 80  # characters of a wrapped line; longer ones are paragraphs, each of which ends itself
LEAST_RUNNING = 3  # sure wraps beyond which they alone say how wide the usual gap is
WIDEST = 300.0  # characters of the width that is told; no printed line is as long
LEAST_FULL = 0.35  # share of full lines in wrapped text
# Or, in wrapped text with lists, verse or speech between, of lines that are near as long as full ones:
NEAR_FULL = 0.7  # share of the width from which on a line is so
LEAST_FILLED = 0.5  # share of full lines among them
FEWEST_FULL = 6  # full lines
FEW_OVER = 0.05  # share of lines longer than the page
MOST_OVER = 0.2  # share of lines longer than the page in wrapped text: 2,209 printed texts have at most 0.15
LONGEST_MEAN = 60  # characters of a line of wrapped text, on average
LEAST_LINES = 5  # lines of wrapped text, one of which need not be full
LONGEST_HANG = 4.0  # characters that a line may lack by which hanging indents are measured
UNKNOWN_HANG = -9.0  # characters; what is told where no paragraph surely begins
UNKNOWN_SHARE = 0.5  # what is told of seams of which there are none: neither yes nor no
OPEN_SHARE = 0.4  # share of full lines of prose that end in mid-sentence
MARKED_SHARE = 0.5  # share of full lines of prose with a mark inside
LONGER_THAN_VERSE = 15  # characters of a line of prose without marks
EVEN_SHARE = 0.8  # share of such lines that are equally long
FEWEST_EVEN = 10  # such lines
OTHER_SHARE = 0.6  # share of them that begin, and end, with another character
ROW_SHARE = 0.25  # share of full lines of prose that may be rows of a table
LOOKED_AT = 40  # lines of which marks and rows are counted, so that long texts take no longer
OPENING = compiled(  # of an entry: a label, a word and a blank, a cell, a word and a dash
    r"(?P<label>[^\s，。、；：:]{1,12}[：:])|(?P<word>[^\s，。、；：:]{2,8}[ \u3000]+(?!\S{1,2}[ \u3000]))"
    r"|(?P<cell>[^／/|｜，。；]{0,12}[／/|｜])|(?P<dash>[^—，。；]{1,12}——)"
    r"|(?P<figure>[0-9][-0-9:：./ ]{0,20}[ \u3000]|[①-⑳])|(?P<code>[A-Z]{1,3}[0-9]{3})"
)
INNER_MARK = re.compile(r"[，。；、：？！].")


@dataclass(frozen=True, slots=True)
class LayoutStats:
    """Measures of how a whole report was set; lengths are in characters.

    Attributes:
        width: length of a full line.
        full: share of lines that are full; near 0.8 where lines are hard-wrapped, near 0 elsewhere.
        over: share of lines that are longer, as no wrapped line is; not those beside one as long, such as a
            lead set wider.
        gap: the most common number of line breaks between lines.
        closed_gap: the same after lines that end a sentence before the margin.
        indented: share of lines that are indented.
        indented_closed: the same after lines that end a sentence before the margin.
        mean: mean length of a line.
        blank_style: how many more line breaks stand behind lines that end a paragraph than behind full lines.
        told_breaks: share of the certain paragraph ends at which the layout says so.
        told_joins: share of the certain wraps at which the layout says so.
        hanging_indent: by how many characters lines that surely begin a paragraph fall short of wrapped ones;
            -9 where not known.
        prose: full lines mostly end in mid-sentence and hold marks, as lines of verse and tables do not.
        filled: most of the lines that are near as long as full ones are full, and none is longer.
        even: wrapped lines of prose without marks, equally long; nothing but their length tells what ends.
    """

    width: float
    full: float
    over: float
    gap: int
    closed_gap: int
    indented: float
    indented_closed: float
    mean: float
    blank_style: int = 0
    told_breaks: float = 0.0
    told_joins: float = 0.0
    hanging_indent: float = UNKNOWN_HANG
    prose: bool = False
    filled: bool = False
    even: bool = False

    @property
    def wrapped(self) -> bool:
        """Whether the file holds wrapped lines of running text, not paragraphs, rows of a table or verse."""
        set_in_lines = (self.full > LEAST_FULL or self.filled) and self.mean < LONGEST_MEAN
        return self.prose and set_in_lines and self.over <= MOST_OVER


def measure_layout(lines: Lines, kept: npt.NDArray[np.intp]) -> LayoutStats:
    """Measure how the lines `kept` (indexes in file order) were set."""
    size = lines.size[kept]
    width = page_width(size)
    full = np.abs(size - width) <= FULL_SLACK
    gaps, indents = lines.gap[kept[1:]], lines.indent[kept[1:]] > 0
    closed, running = _certain_seams(lines, kept, width)
    gap = _mode(gaps[running] if np.count_nonzero(running) > LEAST_RUNNING else gaps)
    closed_gap = _mode(gaps[closed] if closed.any() else gaps)
    share, mean, over = _share(full), float(size.mean()), _over(size, width)
    filled = over <= FEW_OVER and _is_filled(size, width, full)
    set_in_lines = (share > LEAST_FULL or filled) and mean < LONGEST_MEAN and width >= NARROWEST
    even = set_in_lines and _is_even([lines.texts[k] for k in kept[full]])
    stats = LayoutStats(
        min(width, WIDEST), share, over, gap, closed_gap,
        _share(indents, 0.0), _share(indents[closed], 0.0), mean,
        blank_style=closed_gap - gap,
        hanging_indent=_hanging_indent(size[1:], width, closed, running),
        prose=set_in_lines and _prose(lines, kept[full], even=even),
        filled=filled,
        even=even,
    )  # fmt: skip
    told = layout(stats, gaps, lines.indent[kept[1:]])
    return replace(stats, told_breaks=_share(told[closed] > 0), told_joins=_share(told[running] < 0))


def cut_lines(lines: Lines, stats: LayoutStats) -> Bools:
    """Return which lines [lines] a page may have cut: full or, unwrapped, long ones in mid-sentence."""
    least = stats.width - FULL_SLACK if stats.wrapped else SHORTEST_CUT
    out: Bools = RUNNING[lines.end] & (lines.size >= least)
    return out


def _certain_seams(lines: Lines, kept: npt.NDArray[np.intp], width: float) -> tuple[Bools, Bools]:
    """Return behind which lines a paragraph surely ends, and which are surely wrapped; [kept - 1] each."""
    size, end = lines.size[kept[:-1]], lines.end[kept[:-1]]
    closed = end <= ELLIPSIS
    if width <= WIDEST_WRAPPED:
        closed = closed & (size < width - FULL_SLACK)
    return closed, (end > COLON) & (size >= width - FULL_SLACK)


def _share(told: Bools, none: float = UNKNOWN_SHARE) -> float:
    """Return the share of true entries (0 to 1); ``none`` of no entries."""
    return np.count_nonzero(told) / len(told) if len(told) else none


def _over(size: Floats, width: float) -> float:
    """Return the share of lines longer than the page, those left out that stand beside one as long."""
    over = size > width + FULL_SLACK
    twins = over[1:] & over[:-1] & (np.abs(np.diff(size)) <= FULL_SLACK)
    over[1:] &= ~twins
    over[:-1] &= ~twins
    return _share(over)


def _is_filled(size: Floats, width: float, full: Bools) -> bool:
    """Check whether most of the lines [lines] that are near as long as full ones are full."""
    count = np.count_nonzero(full)
    return bool(count >= FEWEST_FULL and count >= LEAST_FILLED * np.count_nonzero(size > NEAR_FULL * width))


def _hanging_indent(after: Floats, width: float, closed: Bools, running: Bools) -> float:
    """Return by how many characters lines behind a sure paragraph end are shorter than those behind a wrap.

    ``after`` [seams] are the lengths of the lines behind the seams; `UNKNOWN_HANG` where either is missing.
    """
    full = after >= width - LONGEST_HANG
    first, inner = after[full & closed], after[full & running]
    return float(np.median(inner) - np.median(first)) if len(first) and len(inner) else UNKNOWN_HANG


def _prose(lines: Lines, full: npt.NDArray[np.intp], *, even: bool) -> bool:
    """Check whether the full lines are wrapped sentences: most end in mid-sentence and have marks inside.

    Old texts have no marks; then they are equally long, and longer than lines of verse.
    """
    if len(full) < LEAST_LINES - 1 or np.mean(lines.end[full] > DASH) < OPEN_SHARE:
        return False
    looked = full[:: max(1, len(full) // LOOKED_AT)]
    marked = sum(bool(INNER_MARK.search(lines.texts[k])) for k in looked)
    rows = sum(is_row(lines.raw[lines.starts[k] : lines.ends[k]]) for k in looked)
    return bool((even or marked >= MARKED_SHARE * len(looked)) and rows <= ROW_SHARE * len(looked))


def _is_even(texts: Sequence[str]) -> bool:
    """Check whether lines have no marks, are equally long, longer than verse, and unlike titles."""
    if not texts or 2 * sum(bool(INNER_MARK.search(text)) for text in texts) > len(texts):
        return False
    length, count = Counter(map(len, texts)).most_common(1)[0]
    ends = (len({text[0] for text in texts}), len({text[-1] for text in texts}))
    even = length >= LONGER_THAN_VERSE and count >= EVEN_SHARE * len(texts)
    return even and len(texts) >= FEWEST_EVEN and min(ends) >= OTHER_SHARE * len(texts)


def layout(stats: LayoutStats, gaps: Ints, indents: Ints) -> Ints:
    """Return what gap and indent say of each seam: 1 paragraph, -1 wrap, 0 nothing, 2 a larger gap."""
    out = np.zeros(len(gaps), np.int32)
    if stats.indented_closed > MOSTLY:
        if stats.indented < stats.indented_closed:
            out[gaps <= stats.gap] = -1
        out[gaps > max(stats.gap, stats.closed_gap)] = 2
        out[indents > 0] = 1
        return out
    if stats.blank_style > 0:
        out[gaps <= stats.gap] = -1
        out[gaps > stats.gap] = 1
    out[gaps > max(stats.gap, stats.closed_gap)] = 2
    return out


def _mode(values: Ints) -> int:
    """Return the most common value; 1 of no values."""
    return int(np.bincount(values).argmax()) if len(values) else 1


def numbering(text: str) -> int:
    """Return the kind of number or bullet that a line starts with, a value of `SERIES_KINDS`; 0 for none."""
    found = SERIES.match(text)
    return SERIES_KINDS[found.lastgroup] if found and found.lastgroup else 0


def opening(line: str) -> str:
    """Return what a line opens with as entries do, the name of a group of `OPENING`; "" for nothing."""
    found = OPENING.match(line)
    return str(found.lastgroup) if found else ""
