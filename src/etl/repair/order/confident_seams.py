"""Find seams whose score overrides how their lines look, and lines that are too long to be headings.

`describe_seams` describes seams for `constraints`, `continues_paragraph` finds lines that end no paragraph,
`inside_phrases` finds seams at which no paragraph ends.
"""

import numpy as np

from etl.repair.layout.chars import RUNNING
from etl.repair.layout.lines import Bools, Floats, Index
from etl.repair.order import features
from etl.repair.order.constraints import (
    CONFIDENT_IN_LIST,
    LONGEST_HEADING,
    Seams,
    between_short_lines,
    forbidden,
    is_confident,
)
from etl.repair.order.content import Content, wrapped_line_ends
from etl.repair.order.shortcuts import paragraph_breaks
from etl.repair.scorer.scores import NEVER_ENDS

# Scores of the continuation model (log-odds) by which a seam is inside a word or phrase: of 24,000 line ends
# of undamaged laws, orders and gazettes four are so, all of sentences torn there.
ONE_PHRASE = 8.0  # score of a seam in text that is not wrapped
ONE_WRAPPED = 6.0  # score of a seam in wrapped text
HIGHEST = np.float32(np.inf)
PHRASE_EDGES = -8.0  # sum of what its left side says for an end and its right side for a start


def continues_paragraph(content: Content, left: Index) -> Bools:
    """Return which lines [left] end no paragraph: longer than a heading, they break off in mid-sentence."""
    lines, line = content.lines, content.line_index[left]
    out: Bools = (lines.size[line] > LONGEST_HEADING) & RUNNING[lines.end[line]]
    return (
        out
        & (content.scores.ends[line] < NEVER_ENDS)
        & ~(content.constraints.fresh[left] | content.stats.wrapped)
    )


def inside_phrases(content: Content, scores: Floats) -> Bools:
    """Return which seams [n - 1] are inside a word or phrase, by their ``scores`` [n - 1] (log-odds)."""
    edges = content.scores.ends[content.line_index[:-1]] + content.scores.starts[content.line_index[1:]]
    least = ONE_WRAPPED if content.stats.wrapped else ONE_PHRASE
    out: Bools = (scores > least) & (edges < PHRASE_EDGES)
    return out


def describe_seams(
    content: Content, ends: tuple[Index, Index], scores: Floats, wraps: Bools | None = None
) -> Seams:
    """Describe seams for `constraints`.

    Args:
        content: the content lines.
        ends: the content lines before and behind each seam; [seams] each.
        scores: log-odds [seams] that the lines continue one another; `HIGHEST`: as much as can be.
        wraps: which seams [seams] are line ends inside wrapped text; None for none.
    """
    left, right = ends
    verse = between_short_lines(content.constraints, left, right)
    ending = np.where(scores == HIGHEST, -HIGHEST, content.scores.ends[content.line_index[left]])
    listed = content.constraints.listed[left] | content.constraints.listed[right]
    confident = is_confident(scores, ending, verse=verse)
    confident &= content.stats.wrapped & (scores > CONFIDENT_IN_LIST) | ~listed
    return Seams(left, right, confident, np.zeros(len(left), np.bool_) if wraps is None else wraps)


def barred(content: Content, scores: Floats) -> Bools:
    """Return which seams [n - 1] of the file may not be joined, by their ``scores`` as above."""
    n = np.arange(len(scores))
    seams = describe_seams(content, (n, n + 1), scores, wrapped_line_ends(content))
    return forbidden(content.constraints, seams) | paragraph_breaks(content)


def joinable(content: Content, asked: Bools) -> Bools:
    """Return which of the seams ``asked`` [n - 1] may be joined; no more lines are encoded than needed."""
    unknown, last = np.zeros(len(asked), np.float32), content.line_index[:-1]
    out, unlikely = asked & ~barred(content, unknown + HIGHEST), barred(content, unknown)
    content.scores.encode(last[out & unlikely], last[:0])
    out &= ~unlikely | (content.scores.ends[last] < NEVER_ENDS)
    scores = features.seam_scores(content, np.flatnonzero(out))
    return out & ~barred(content, scores * out)
