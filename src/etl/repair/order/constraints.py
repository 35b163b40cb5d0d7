"""Forbid joins, whatever the models say: of whole sentences, table rows, verse, notes, articles of a law.

`describe_constraints` describes lines, `forbidden` decides over seams. A new constraint is one more condition
there and a case in ``tests/cases/repair/undamaged.toml``.
"""

import re
from dataclasses import dataclass

import numpy as np

from etl.repair.layout.cells import in_list
from etl.repair.layout.chars import (
    CLOSING_BRACKET,
    CLOSING_QUOTE,
    COLON,
    ELLIPSIS,
    OTHER_CLASS,
    POINT,
    RUNNING,
    STOP,
    classes,
)
from etl.repair.layout.kinds import ALONE, SPEAKER
from etl.repair.layout.lines import Bools, Floats, Index, Ints, Lines
from etl.repair.layout.stats import FULL_SLACK, LayoutStats
from etl.repair.scorer.scores import NEVER_ENDS
from etl.structure import (
    ends_sentence,
    is_article,
    is_numbered,
    is_speaker,
    stands_alone,
)
from etl.text.numbering import SERIES_BULLETS

SENTENCE = classes(STOP, ELLIPSIS)
CLOSING = classes(CLOSING_QUOTE, CLOSING_BRACKET, OTHER_CLASS)
OPEN_MARKS, INNER_MARK = "，、；：（《“", re.compile("[，、；]")
# Lengths set by hand on whole texts (docs/decisions/0035).
LONGEST_ALONE = 160  # characters of what may stand alone in text that is not wrapped
LONGEST_HEADING = (
    45  # characters; a longer line that ends in mid-sentence is no heading (docs/decisions/0022)
)
LONGEST_VERSE = 20  # characters of a line that may be verse or a cell
OVERLONG = 4  # characters beyond the width of the page from which on a line is a paragraph put together
SHORT_TITLE = 30  # characters up to which a first line is a title whatever marks of clauses it has
CLAUSE_MARKS = 4  # marks of clauses from which on a longer first line is no title
# Scores of the continuation model (log-odds); how the first two were measured stands at `is_confident`.
CONFIDENT = 2.0  # score of a seam above which looks do not count
CONFIDENT_IN_VERSE = 5.0  # the same between two lines as short as verse
CONFIDENT_IN_LIST = 6.0  # the same in a list on a wrapped page; set by hand on whole texts
SENTENCE_MARK = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class LineConstraints:
    """What content lines look like, as far as it forbids joins; arrays have one entry a content line.

    Attributes:
        closed: it ends a sentence, also inside closing quotes.
        alone: it continues no line, and no line continues it.
        fresh: it begins something new, such as an article of a law or a turn of speech.
        short: no longer than a line of verse.
        unmatched: it closes a quote or bracket that it did not open.
        open_quote: it leaves a quote open.
        overlong: it is longer than the lines of the page: a paragraph, or lines that an earlier pass joined.
        shut: the format knows the line end behind it.
        bullet: it begins with a bullet.
        colon: it ends with a colon, behind which a list or a speech begins.
        listed: it stands in a list or table, see `in_list`.
        open: it is alone by its kind, yet long and ends in mid-sentence, as a note that a page cut.
    """

    closed: Bools
    alone: Bools
    fresh: Bools
    short: Bools
    unmatched: Bools
    open_quote: Bools
    overlong: Bools
    shut: Bools
    bullet: Bools
    colon: Bools
    listed: Bools
    open: Bools
    wrapped: bool

    @property
    def is_closed(self) -> bool:
        """Whether no line may be continued, by its neighbour or by any other, so that nothing moves."""
        if self.wrapped and not self.shut[:-1].all():
            return False
        apart = self.closed | self.alone & ~self.open | self.shut
        return bool(apart.all() and not (self.unmatched[1:] & ~self.shut[:-1]).any())


def describe_constraints(
    lines: Lines, stats: LayoutStats, content: tuple[Index, Ints, Bools]
) -> LineConstraints:
    """Describe content lines for `forbidden`; in wrapped text only lines of a known kind can stand alone.

    ``content`` are the lines' indexes [n], their kinds [n], and whether the format settles each seam [n - 1].
    """
    kept, kinds, settled = content
    end, size = lines.end[kept], lines.size[kept]
    alone, fresh = _shapes(lines, stats, kept, kinds)
    return LineConstraints(
        closed=_closed(lines, kept),
        alone=alone,
        fresh=fresh,
        short=size <= LONGEST_VERSE,
        unmatched=(lines.unmatched_quotes[kept] > 0) | (lines.unmatched_brackets[kept] > 0),
        open_quote=lines.open_quotes[kept] > 0,
        overlong=size > stats.width + OVERLONG,
        shut=np.append(settled, False),
        bullet=np.array([lines.texts[k][0] in SERIES_BULLETS for k in kept.tolist()], np.bool_),
        colon=end == COLON,
        listed=in_list(lines, stats, kept),
        open=alone & RUNNING[end] & (size > LONGEST_HEADING),
        wrapped=stats.wrapped,
    )


def _closed(lines: Lines, kept: Index) -> Bools:
    """Return which of the lines ``kept`` [kept] end a sentence, also inside closing quotes or brackets."""
    end = lines.end[kept]
    closed = SENTENCE[end]
    for k in np.flatnonzero(CLOSING[end]).tolist():
        closed[k] = ends_sentence(lines.line(kept[k]))
    for k in np.flatnonzero(end == POINT).tolist():  # speech that breaks off
        closed[k] = lines.texts[kept[k]].endswith("...")
    return closed


def _shapes(lines: Lines, stats: LayoutStats, kept: Index, kinds: Ints) -> tuple[Bools, Bools]:
    """Return which lines ``kept`` stand alone, and which begin something new; [kept] each."""
    size, wrapped = lines.size[kept], stats.wrapped
    alone, fresh = np.zeros((2, len(kept)), np.bool_)
    asked = (kinds > 0) | (size <= LONGEST_ALONE) & (not wrapped)
    for k in np.flatnonzero(asked).tolist():
        line, kind = lines.line(kept[k]), int(kinds[k])
        alone[k] = kind in ALONE if kind else stands_alone(line)
        fresh[k] = kind == SPEAKER or _begins(line, asked=kind > 0)
    if wrapped:
        alone &= stats.width - size > FULL_SLACK
    if not wrapped or size[0] > stats.width + OVERLONG:
        alone[0] |= _may_be_title(lines.texts[kept[0]]) and not _ends_page(lines, kept)
    return alone, fresh | alone


def _ends_page(lines: Lines, kept: Index) -> bool:
    """Check whether a page ends behind the first line, as the format says or furniture behind it shows."""
    first, behind = kept[0], kept[min(1, len(kept) - 1)]
    return bool(lines.feed[first + 1 : behind + 1].any() or behind > first + 1)


def _may_be_title(text: str) -> bool:
    """Check whether the first line may be the title: no full stop, no open end, if long few commas."""
    return (
        SENTENCE_MARK.search(text) is None
        and text[-1] not in OPEN_MARKS
        and (len(text) <= SHORT_TITLE or len(INNER_MARK.findall(text)) < CLAUSE_MARKS)
    )


def _begins(line: str, *, asked: bool) -> bool:
    """Check whether the line begins an article, an item or, unless ``asked`` already, a turn of speech."""
    return is_article(line) or is_numbered(line) or (not asked and is_speaker(line))


@dataclass(frozen=True, slots=True)
class Seams:
    """Seams between content lines, with what is known of them before `forbidden` decides.

    Attributes:
        left, right: [n] the content lines that end and begin at each seam.
        confident: [n] the score is so high that the looks of the lines do not count, see `is_confident`.
        plain_wraps: [n] it is a line end inside wrapped text by its gap and indent.
    """

    left: Index
    right: Index
    confident: Bools
    plain_wraps: Bools


def is_confident(seam: Floats, ends: Floats, *, verse: Bools) -> Bools:
    """Return which seams [n] score so high that the looks of their lines do not count.

    The rest of a cut sentence may look like an article, a turn of speech or a salutation (举一反|三、标本
    兼治). Of 3,400 forbidden seams of the bench and of undamaged texts that were no cuts, none of prose
    scored more than 1.4, none of verse more than 2.7.

    Args:
        seam: log-odds [n] that the lines continue one another.
        ends: log-odds [n] that the lines before the seams end a paragraph; 0 where that is not known.
        verse: which seams [n] are between two lines as short as verse.
    """
    out: Bools = (seam > np.where(verse, CONFIDENT_IN_VERSE, CONFIDENT)) & (ends < NEVER_ENDS)
    return out


def between_short_lines(found: LineConstraints, left: Index, right: Index) -> Bools:
    """Return which seams [n] of unwrapped text are between two lines no longer than a line of verse."""
    out: Bools = found.short[left] & found.short[right] & (not found.wrapped)
    return out


def forbidden_jumps(found: LineConstraints, seams: Seams) -> Bools:
    """Return which jumps [n] may not join: those `forbidden`, and those over bylines, dates, notes alone.

    A jump leads from a line to one that is not the next, whose lines between would have to move.
    """
    left, right = seams.left, seams.right
    own = np.append(0, np.cumsum(~found.alone))
    first, last = np.minimum(left + 1, right), right
    over = (right > left + 1) & (own[last] == own[first])
    out: Bools = over | forbidden(found, seams)
    return out


def forbidden(found: LineConstraints, seams: Seams) -> Bools:
    """Return which seams [n] may not be joined, such as those behind the end of a sentence or in a table."""
    left, right = seams.left, seams.right
    ends = found.closed[left] & ~found.unmatched[right]
    ends &= ~seams.plain_wraps | found.overlong[left] | found.overlong[right]
    ends |= (found.colon[left] & (not found.wrapped)) | found.shut[left] | found.shut[right - 1]
    looks = found.alone[left] | found.fresh[right] | found.listed[left] | found.listed[right]
    if found.wrapped:
        return ends | looks & ~seams.confident
    looks |= between_short_lines(found, left, right) | found.bullet[left]
    looks |= found.open_quote[left] & ~found.unmatched[right] & found.closed[right]
    return ends | looks & ~seams.confident
