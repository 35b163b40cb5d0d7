"""What is never joined, whatever the models say: whole sentences, rows, verse, notes, articles of a law.

`guard` answers for lines, `barred` for seams. A new guard is one more condition there and a case in
``tests/cases/repair/undamaged.toml``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.lines import LONGEST_VERSE, Lines
from etl.repair.sheet import Sheet
from etl.structure import ends_sentence, is_article, is_numbered, is_speaker, stands_alone

Bools = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]
SENTENCE, QUOTED, BRACKETED = (0, 1), 2, 7
LONGEST_ALONE = 160


@dataclass(frozen=True, slots=True)
class Guard:
    """For each content line: does it end a sentence, does it stand for itself, may it begin in mid-sentence?

    Attributes:
        closed: it ends a sentence, also inside closing quotes.
        alone: it continues nothing and nothing continues it.
        fresh: it begins something of its own, such as an article of a law or a turn of speech.
        short: no longer than a line of verse.
        wanted: it closes a quote that it did not open.
    """

    closed: Bools
    alone: Bools
    fresh: Bools
    short: Bools
    wanted: Bools
    wrapped: bool


def guard(lines: Lines, sheet: Sheet, kept: Index, asked: Bools) -> Guard:
    """Ask the questions of the content lines `kept`; in wrapped text only of those `asked`."""
    end = lines.end[kept]
    closed = np.isin(end, SENTENCE)
    for k in np.flatnonzero((end == QUOTED) | (end == BRACKETED)):
        closed[k] = ends_sentence(lines.line(int(kept[k])))
    alone, fresh = np.zeros(len(kept), np.bool_), np.zeros(len(kept), np.bool_)
    for k in np.flatnonzero(asked | (lines.size[kept] <= LONGEST_ALONE) & (not sheet.wrapped)):
        line = lines.line(int(kept[k]))
        alone[k] = stands_alone(line)
        fresh[k] = alone[k] or is_article(line) or is_speaker(line) or is_numbered(line)
    wanted = (lines.wanted[kept] > 0) | (lines.bracket_wanted[kept] > 0)
    return Guard(closed, alone, fresh, lines.size[kept] <= LONGEST_VERSE, wanted, sheet.wrapped)


def barred(found: Guard, left: Index, right: Index, wrap: Bools) -> Bools:
    """Which seams may not be joined; `wrap` says which are plain line ends of wrapped text."""
    ends = found.closed[left] & ~found.wanted[right] & ~wrap
    verse = found.short[left] & found.short[right] & (not found.wrapped)
    out: Bools = ends | verse | found.alone[left] | found.fresh[right]
    return out
