"""What is never joined, whatever the models say: whole sentences, rows, verse, notes, articles of a law.

`guard` answers for lines, `barred` for seams. A new guard is one more condition there and a case in
``tests/cases/repair/undamaged.toml``.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.chars import LETTER_CLASS, classes
from etl.repair.kinds import ALONE, SPEAKER
from etl.repair.lines import LONGEST_VERSE, Bools, Ints, Lines
from etl.repair.sheet import FULL_SLACK, Sheet
from etl.structure import ends_sentence, is_article, is_numbered, is_speaker, stands_alone

Index = npt.NDArray[np.intp]
SENTENCE, QUOTED, BRACKETED = classes(0, 1), 2, 7
LONGEST_ALONE = 160
BEYOND, LONGEST_NAME = 4, 30
OPEN_MARKS, INNER_MARK, LONGEST_TITLE, CLAUSES = "，、；：（《“", re.compile("[，、；]"), 30, 4
SENTENCE_MARK = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class Guard:
    """For each content line: does it end a sentence, does it stand for itself, may it begin in mid-sentence?

    Attributes:
        closed: it ends a sentence, also inside closing quotes.
        alone: it continues nothing and nothing continues it.
        fresh: it begins something of its own, such as an article of a law or a turn of speech.
        short: no longer than a line of verse.
        wanted: it closes a quote or bracket that it did not open.
        opened: it leaves a quote open.
        latin, capital: it is short and ends in a Latin letter; it begins with a capital one.
        overlong: it is longer than the lines of the page, so it was not wrapped.
    """

    closed: Bools
    alone: Bools
    fresh: Bools
    short: Bools
    wanted: Bools
    opened: Bools
    latin: Bools
    capital: Bools
    overlong: Bools
    wrapped: bool

    @property
    def whole(self) -> bool:
        """Whether nothing continues any line, whatever its neighbours: so nothing moves either."""
        return not self.wrapped and bool((self.closed | self.alone).all() and not self.wanted.any())


def guard(lines: Lines, sheet: Sheet, kept: Index, kinds: Ints) -> Guard:
    """Ask the questions of the content lines `kept`; in wrapped text only of those whose kind is known."""
    end, size = lines.end[kept], lines.size[kept]
    closed = SENTENCE[end]
    for k in np.flatnonzero((end == QUOTED) | (end == BRACKETED)).tolist():
        closed[k] = ends_sentence(lines.line(kept[k]))
    alone, fresh = np.zeros((2, len(kept)), np.bool_)
    asked = (kinds > 0) | (size <= LONGEST_ALONE) & (not sheet.wrapped)
    for k in np.flatnonzero(asked).tolist():
        line, kind = lines.line(kept[k]), int(kinds[k])
        alone[k] = kind in ALONE if kind else stands_alone(line)
        fresh[k] = alone[k] or kind == SPEAKER or _begins(line, asked=kind > 0)
    if sheet.wrapped:
        alone &= sheet.width - size > FULL_SLACK
    else:
        alone[0] |= _titles(lines.texts[kept[0]])
    wanted = (lines.wanted[kept] > 0) | (lines.bracket_wanted[kept] > 0)
    return Guard(
        closed=closed,
        alone=alone,
        fresh=fresh,
        short=size <= LONGEST_VERSE,
        wanted=wanted,
        opened=lines.opened[kept] > 0,
        latin=(end == LETTER_CLASS) & (size <= LONGEST_NAME),
        capital=np.array(["A" <= lines.texts[k][0] <= "Z" for k in kept.tolist()]),
        overlong=size > sheet.width + BEYOND,
        wrapped=sheet.wrapped,
    )


def _titles(text: str) -> bool:
    """Whether the first line is most likely the title: no sentence, and not one that goes on."""
    return (
        SENTENCE_MARK.search(text) is None
        and text[-1] not in OPEN_MARKS
        and (len(text) <= LONGEST_TITLE or len(INNER_MARK.findall(text)) < CLAUSES)
    )


def _begins(line: str, *, asked: bool) -> bool:
    """Whether the line begins an article, an item or, unless that was asked before, a turn of speech."""
    return is_article(line) or is_numbered(line) or (not asked and is_speaker(line))


def jumps_barred(found: Guard, left: Index, right: Index) -> Bools:
    """Which jumps may not join: those `barred`, and those over nothing but bylines, dates and notes."""
    own = np.append(0, np.cumsum(~found.alone))
    first, last = np.minimum(left + 1, right), right
    over = (right > left + 1) & (own[last] == own[first])
    out: Bools = over | barred(found, left, right, np.zeros(len(left), np.bool_))
    return out


def barred(found: Guard, left: Index, right: Index, wrap: Bools) -> Bools:
    """Which seams may not be joined; `wrap` says which are plain line ends of wrapped text."""
    ends = found.closed[left] & ~found.wanted[right] & ~wrap
    out: Bools = ends | found.alone[left] | found.fresh[right]
    if found.wrapped:
        return out | found.overlong[left] | found.overlong[right]
    verse = found.short[left] & found.short[right]
    unclosed = found.opened[left] & ~found.wanted[right] & found.closed[right]
    return out | verse | unclosed | (found.latin[left] & found.capital[right])
