"""Forbid joins, whatever the models say: of whole sentences, table rows, verse, notes, articles of a law.

`forbidden` decides over seams; a new constraint is one more condition there and a case in
``tests/cases/repair/undamaged.toml``. `continues_paragraph` finds lines that end no paragraph,
`inside_phrases` seams at which none ends.
"""

import re

import numpy as np

from etl.repair.layout.chars import COLON, RUNNING
from etl.repair.layout.lines import OPEN, Bools, Floats, Index
from etl.repair.order.content import LONGEST_HEADING, Content, wrapped_line_ends
from etl.repair.order.shortcuts import paragraph_breaks
from etl.repair.scorer.scores import NEVER_ENDS
from etl.text.numbering import SERIES_KINDS

LONGEST_VERSE = 20  # characters of a line that may be verse or a cell; set by hand (docs/decisions/0035)
MARK = re.compile(r"[^\u3400-\u9fff]")
SHORTEST_BARE = 40  # ideographs of a line that is a paragraph of prose without marks
# Scores of the continuation model (log-odds) above which the looks of lines do not count: the rest of a cut
# sentence may look like an article, a turn of speech or a salutation (举一反|三、标本兼治). Of 3,400
# forbidden seams of the bench and of undamaged texts that were no cuts, none of prose scored more than 1.4,
# none of verse more than 2.7.
CONFIDENT = 2.0
CONFIDENT_IN_VERSE = 5.0  # between two lines as short as verse
CONFIDENT_IN_LIST = 6.0  # in a list on a wrapped page; set by hand on whole texts
# Scores of the continuation model (log-odds) by which a seam is inside a word or phrase: of 24,000 line ends
# of undamaged laws, orders and gazettes four are so, all of sentences torn there.
ONE_PHRASE = 8.0  # score of a seam in text that is not wrapped
ONE_WRAPPED = 6.0  # score of a seam in wrapped text
PHRASE_EDGES = -8.0  # sum of what its left side says for an end and its right side for a start


def forbidden(
    content: Content, ends: tuple[Index, Index], scores: Floats, wraps: Bools | None = None
) -> Bools:
    """Return which seams [n] may not be joined, such as those behind the end of a sentence or in a table.

    Args:
        content: the content lines.
        ends: the content lines before and behind each seam; [n] each.
        scores: log-odds [n] that the lines continue one another.
        wraps: which seams [n] are line ends inside wrapped text; None for none.
    """
    (left, right), lines = ends, content.lines
    a, b = content.line_index[left], content.line_index[right]
    wrapped, unmatched = content.stats.wrapped, content.unmatched[right]
    listed = content.listed[left] | content.listed[right]
    verse = (np.maximum(lines.size[a], lines.size[b]) <= LONGEST_VERSE) & (not wrapped)
    looks = content.alone[left] | content.fresh[right] | content.entries[right] | listed | verse
    out = content.closed[left] & ~unmatched & (True if wraps is None else ~wraps)
    if not wrapped:
        looks |= content.number[left] == SERIES_KINDS["bullet"]
        looks |= (lines.open_quotes[a] > 0) & ~unmatched & content.closed[right]
        out |= lines.end[a] == COLON  # a list or speech begins
        out |= np.array([_is_bare(lines.texts[k]) for k in a.tolist()], np.bool_)
    confident = (content.scores.ends[a] < NEVER_ENDS) & (wrapped & (scores > CONFIDENT_IN_LIST) | ~listed)
    confident &= scores > np.where(verse, CONFIDENT_IN_VERSE, CONFIDENT)
    shut = np.append(content.line_end_states != OPEN, False)
    out |= shut[left] | shut[right - 1] | looks & ~confident
    if (jumps := right > left + 1).any():
        own = np.append(0, np.cumsum(~content.alone))  # over bylines, dates, notes alone, which would move
        out |= jumps & (own[right] == own[np.minimum(left + 1, right)])
    return out


def _is_bare(text: str) -> bool:
    """Check whether a line is a paragraph of old prose, which has no marks, so that nothing tells its end."""
    return len(text) >= SHORTEST_BARE and not MARK.search(text)


def continues_paragraph(content: Content, left: Index) -> Bools:
    """Return which lines [left] end no paragraph: longer than a heading, they break off in mid-sentence."""
    lines, line = content.lines, content.line_index[left]
    out: Bools = (lines.size[line] > LONGEST_HEADING) & RUNNING[lines.end[line]]
    return out & (content.scores.ends[line] < NEVER_ENDS) & ~(content.fresh[left] | content.stats.wrapped)


def inside_phrases(content: Content, at: Index, scores: Floats) -> Bools:
    """Return which seams ``at`` [n] are inside a word or phrase, by their ``scores`` [n] (log-odds)."""
    edges = content.scores.ends[content.line_index[at]] + content.scores.starts[content.line_index[at + 1]]
    least = ONE_WRAPPED if content.stats.wrapped else ONE_PHRASE
    out: Bools = (scores > least) & (edges < PHRASE_EDGES)
    return out


def barred(content: Content, at: Index, scores: Floats) -> Bools:
    """Return which seams ``at`` [n] of the file may not be joined, by their ``scores`` as above."""
    wraps, breaks = wrapped_line_ends(content)[at], paragraph_breaks(content)[at]
    return forbidden(content, (at, at + 1), scores, wraps) | breaks
