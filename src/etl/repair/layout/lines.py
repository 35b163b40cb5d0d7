"""Cut a report into lines, and describe them by arrays: where they stand, how they begin and end, how long.

`read_lines` is called once a report and everything later reads its arrays. A new property of a line is a new
field of `Lines`, filled in `read_lines`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.model.report import LineEnd
from etl.repair.layout.chars import (
    BLANK,
    BREAK,
    FEED,
    KIND,
    MARGIN,
    NEWLINE,
    OTHER_CLASS,
    THIN,
    WIDE,
    Kinds,
    kinds,
)
from etl.repair.layout.forms import join_forms, part_marks, turns
from etl.text.folding import widen_marks

OPEN, ENDED, JOINED = 0, 1, 2
STATES: tuple[LineEnd, ...] = ("open", "end", "join")

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]
Offsets = npt.NDArray[np.int64]

QUOTES = re.compile("[“”「」『』]")
BRACKETS = re.compile("[（）《》【】〈〉]")
OPENERS = frozenset("“「『（《【〈")
# Set by hand on printed pages (docs/decisions/0035).
CROWDED = 1.5  # characters by which lines that are about as long as the longest may differ from them
NARROWEST_LINE = 8  # characters of the narrowest width that lines share
WIDEST_LINE = 90  # characters from which on lines share no width
COMMON = 0.4  # share of lines that must be about as long for theirs to be the width
BAND = (1.0,) * 5  # weights of the lengths, two characters to each side, that count as one width
TENTH_SHARE = 0.9  # share of lines that are no longer than the width where no length is common


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a report that are not blank, in file order; arrays have one entry a line.

    Attributes:
        raw: the raw text.
        starts, ends: offsets in the raw text, white space at both ends left out.
        texts: lines without spaces, punctuation full width.
        gap: line breaks since the line before (0 for the first).
        feed: a form feed, or a page end that the format told of, stands before the line.
        indent: leading spaces, an ideographic one counts two.
        size: characters, and room that blanks leave; or half widths for ASCII where that measures better.
        end, start: classes of the last and first character.
        open_quotes, unmatched_quotes: quotes that the line leaves open, and that it closes without opening.
        open_brackets, unmatched_brackets: the same of brackets.
        line_end_states: what the format or a form tells of the line end behind: `OPEN`, `ENDED` or `JOINED`.
    """

    raw: str
    starts: Sequence[int]
    ends: Sequence[int]
    texts: Sequence[str]
    gap: Ints
    feed: Ints
    indent: Ints
    size: Floats
    end: Ints
    start: Ints
    open_quotes: Ints
    unmatched_quotes: Ints
    open_brackets: Ints
    unmatched_brackets: Ints
    line_end_states: Ints

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def settled(self) -> Bools:
        """Which lines [lines] stand between two line ends that are known, so that the page printed none."""
        known: Bools = self.line_end_states != OPEN
        known[1:] &= known[:-1].copy()
        return known

    def line(self, k: int) -> str:
        """Return line ``k`` as it stands in the raw text, without the white space around it."""
        return self.raw[self.starts[k] : self.ends[k]]


def read_lines(text: str, breaks: Sequence[int], line_ends: Sequence[LineEnd] = ()) -> Lines:
    """Cut a raw text into its lines that are not blank, and describe them.

    Args:
        text: the raw text.
        breaks: offsets at which the format says that a page ends.
        line_ends: what the format knows of each line end of the text; empty where it knows nothing.
    """
    folded = widen_marks(text)
    found = kinds(folded)
    kind = found & KIND
    starts, ends, parted = part_marks(folded, *_spans(kind))
    texts = ["".join(folded[a:b].split()) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    gaps, feeds, indents = _margins(kind, starts, ends)
    feeds |= _fed(breaks, starts, ends)
    open_quotes, unmatched_quotes = _balances(QUOTES, texts)
    open_brackets, unmatched_brackets = _balances(BRACKETS, texts)
    start, end = kind[starts].astype(np.int32), kind[ends - 1].astype(np.int32)
    out = Lines(
        text, starts.tolist(), ends.tolist(), texts, gaps, feeds, indents,
        _sizes(found, texts, (starts, ends)),
        end, start, open_quotes, unmatched_quotes, open_brackets, unmatched_brackets,
        _read_line_end_states(text, line_ends, (starts, ends)),
    )  # fmt: skip
    inside, states = join_forms(out), out.line_end_states
    states[inside[states[inside] == OPEN]] = JOINED
    states[parted] = JOINED
    before = turns(out) - 1
    states[before[states[before] == OPEN]] = ENDED
    return out


def _spans(kind: Kinds) -> tuple[Offsets, Offsets]:
    """Return start and end [lines] of each line that is not blank, without the blanks at both ends."""
    seen = np.flatnonzero(kind <= OTHER_CLASS)
    line = np.cumsum((kind >= NEWLINE) & (kind <= BREAK))[seen]
    first = np.ones(len(seen) + 1, np.bool_)  # of its line; and what stands behind the last line
    np.not_equal(line[1:], line[:-1], out=first[1 : len(seen)])
    return seen[first[: len(seen)]], seen[first[1:]] + 1


def _within(values: npt.NDArray[Any], starts: Offsets, ends: Offsets) -> Offsets:
    """Return the sums [lines] of the values [characters] from each start to each end."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    out: Offsets = sums[ends] - sums[starts]
    return out


def _margins(kind: Kinds, starts: Offsets, ends: Offsets) -> tuple[Ints, Ints, Ints]:
    """Return line breaks, page ends (0 or 1) and leading spaces before each line; [lines] each."""
    before, (feeds, indents) = np.zeros_like(starts), np.zeros((2, len(starts)), np.int32)
    before[1:] = ends[:-1]
    gaps = _within(kind == NEWLINE, before, starts).astype(np.int32)
    gaps[:1] = 0
    if (fed := kind == FEED).any():
        feeds = (_within(fed, before, starts) > 0).astype(np.int32)
        gaps[1:] = np.maximum(gaps[1:], feeds[1:])
    off = np.flatnonzero(starts - before > np.maximum(gaps, 1))
    if len(off):  # there is more than line breaks
        breaks = np.append(-1, np.flatnonzero((kind >= NEWLINE) & (kind <= BREAK)))
        margins = breaks[np.searchsorted(breaks, starts[off]) - 1] + 1
        indents[off] = _within(MARGIN[kind], margins, starts[off])
    return gaps, feeds, indents


def _fed(breaks: Sequence[int], starts: Offsets, ends: Offsets) -> Ints:
    """Return 1 for lines before which the format says that a page ends, else 0; [lines]."""
    out = np.zeros(len(starts), np.int32)
    for page in breaks:
        k = int(np.searchsorted(starts, page))
        if k < len(starts) and page >= (ends[k - 1] if k else 0):
            out[k] = 1
    return out


def _read_line_end_states(text: str, line_ends: Sequence[LineEnd], spans: tuple[Offsets, Offsets]) -> Ints:
    """Return what the format knows of the end of each line [lines]; of several ends, ended wins."""
    starts, ends = spans
    out = np.zeros(len(starts), np.int32)
    if not line_ends or not len(starts):
        return out
    at = np.array([found.start() for found in re.finditer("\n", text)], np.int64)
    first, last = np.searchsorted(at, ends), np.searchsorted(at, np.append(starts[1:], len(text)))
    for state in (JOINED, OPEN, ENDED):
        marked = np.append(0, np.cumsum([end == STATES[state] for end in line_ends]))
        out[marked[last] > marked[first]] = state
    return out


def _blank_runs(kind: Kinds) -> Kinds:
    """Return the half widths [characters] of blanks that stand beside another blank; 0 for all else."""
    blank = (kind == BLANK) | (kind == WIDE)
    beside = np.zeros_like(blank)
    beside[1:] |= blank[:-1]
    beside[:-1] |= blank[1:]
    return np.where(blank & beside, np.where(kind == WIDE, 2, 1), 0).astype(np.uint16)


def _sizes(found: Kinds, texts: Sequence[str], spans: tuple[Offsets, Offsets]) -> Floats:
    """Return lengths [lines] in characters, or in columns of print where more lines are equally long by them.

    ``found`` [characters] are entries of the table of `kinds`.
    """
    kind, (starts, ends) = found & KIND, spans
    plain = np.array([len(text) for text in texts], np.float32)
    if (kind >= BLANK).any():
        plain += _within(_blank_runs(kind), starts, ends).astype(np.float32) / np.float32(2)
    thin = _within(THIN[found], starts, ends).astype(np.float32) / np.float32(2)
    printed: Floats = plain - np.clip(thin, 0, plain) / np.float32(2)
    return printed if crowd(printed) > crowd(plain) else plain


def crowd(sizes: Floats) -> float:
    """Return the share of lines (0 to 1) whose length differs at most by `CROWDED` from the page's width."""
    if len(sizes) == 0:
        return 0.0
    top = page_width(sizes)
    return np.count_nonzero(np.abs(sizes - top) <= CROWDED) / len(sizes)


def page_width(sizes: Floats) -> float:
    """Return the length in characters that most lines share; else that which nine of ten do not exceed."""
    tenth = int(TENTH_SHARE * (len(sizes) - 1))
    longest = float(np.partition(sizes, tenth)[tenth])
    counts = np.bincount(np.minimum(sizes, WIDEST_LINE).astype(np.int64), minlength=WIDEST_LINE + 1).astype(
        float
    )
    counts[:NARROWEST_LINE] = counts[WIDEST_LINE:] = 0
    near = np.convolve(counts, BAND, mode="same") + counts
    best = int(near.argmax())
    return float(best) if near[best] - counts[best] >= COMMON * len(sizes) else longest


def _balances(marks: re.Pattern[str], texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Count the marks that each line leaves open, and that it closes without opening; [lines] each."""
    counts = np.array([_balance(marks.findall(text)) for text in texts], np.int32).reshape(-1, 2)
    return counts[:, 0], counts[:, 1]


def _balance(marks: Sequence[str]) -> tuple[int, int]:
    """Count the marks of a line that are left open, and those that close without having been opened."""
    opened = unmatched = 0
    for mark in marks:
        if mark in OPENERS:
            opened += 1
        elif opened:
            opened -= 1
        else:
            unmatched += 1
    return opened, unmatched
