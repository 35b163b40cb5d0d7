"""Find seams whose score overrides how their lines look, and lines that are too long to be headings.

`describe_seams` describes seams for `constraints`, `continues_paragraph` finds lines that end no paragraph,
`inside_phrases` finds seams at which no paragraph ends.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import RUNNING
from etl.repair.layout.lines import Bools, Floats
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

Index = npt.NDArray[np.intp]
# Scores of the continuation model (log-odds) by which a seam is inside a word or phrase: of 24,000 line ends
# of undamaged laws, orders and gazettes four are so, all of sentences torn there.
ONE_PHRASE = 8.0  # score of a seam in text that is not wrapped
ONE_WRAPPED = 6.0  # score of a seam in wrapped text
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
        scores: log-odds [seams] that the lines continue one another.
        wraps: which seams [seams] are line ends inside wrapped text; None for none.
    """
    left, right = ends
    verse = between_short_lines(content.constraints, left, right)
    confident = is_confident(scores, content.scores.ends[content.line_index[left]], verse=verse)
    confident &= may_be_confident(content, ends) & ((scores > CONFIDENT_IN_LIST) | ~listed(content, ends))
    return Seams(left, right, confident, np.zeros(len(left), np.bool_) if wraps is None else wraps)


def listed(content: Content, ends: tuple[Index, Index]) -> Bools:
    """Return which seams [seams] have a line of a list or table at one side; ``ends`` are both [seams]."""
    left, right = ends
    out: Bools = content.constraints.listed[left] | content.constraints.listed[right]
    return out


def may_be_confident(content: Content, ends: tuple[Index, Index]) -> Bools:
    """Return at which seams [seams] a score can override looks: not in lists, unless the text is wrapped."""
    return listed(content, ends) <= content.stats.wrapped


def barred(content: Content, scores: Floats, *, confident: bool = False) -> Bools:
    """Return which seams [n - 1] of the file may not be joined, by their ``scores`` [n - 1] (log-odds).

    ``confident`` asks for those that may not be joined whatever their scores are.
    """
    n, wraps = np.arange(len(scores)), wrapped_line_ends(content)
    seams = describe_seams(content, (n, n + 1), scores, wraps)
    if confident:
        seams = replace(seams, confident=may_be_confident(content, (n, n + 1)))
    return forbidden(content.constraints, seams) | paragraph_breaks(content)


def joinable(content: Content, asked: Bools) -> Bools:
    """Return which of the seams ``asked`` [n - 1] may be joined; no more lines are encoded than needed."""
    unknown, last = np.zeros(len(asked), np.float32), content.line_index[:-1]
    out = asked & ~barred(content, unknown, confident=True)
    unlikely = barred(content, unknown)
    content.scores.encode(last[out & unlikely], last[:0])
    out &= ~unlikely | (content.scores.ends[last] < NEVER_ENDS)
    scores = features.seam_scores(content, np.flatnonzero(out))
    return out & ~barred(content, scores * out)
