"""Decide whether pieces of a report may move: not in laws, lists and talk, nor where no end meets a start."""

from collections import Counter

import numpy as np

from etl.repair.layout.lines import Index
from etl.repair.order.constraints import Seams, forbidden_jumps
from etl.repair.order.content import Content
from etl.repair.order.seam_odds import SeamOdds
from etl.repair.scorer.classifier import BREAK, JOIN
from etl.structure import is_article, is_speaker

# Set by hand on the development sets, judged by `make bench-repair` and `make bench-harm`
# (docs/decisions/0035).
MOST_OPEN = 40  # open seams; where there are more, nobody can say what belongs where
MOST_LISTED = 0.3  # share of lines in lists and tables from which on the order of a text stands
ORDERED = 3  # turns of speech, or articles of a law, from which on the order of a text stands
LONGEST_NAMED = 24  # characters within which the colon of a turn of speech stands


def are_too_many(seams: Index) -> bool:
    """Check whether more than `MOST_OPEN` seams are open, too many to say which piece belongs where."""
    return len(seams) > MOST_OPEN


def may_move(content: Content) -> bool:
    """Check whether pieces of a report may be out of order: not in records of talk, lists and laws."""
    lines = [content.lines.line(k) for k in content.line_index.tolist()]
    speakers = Counter(
        line.split("：")[0] for line in lines if "：" in line[:LONGEST_NAMED] and is_speaker(line)
    )
    turns = sum(count for count in speakers.values() if count > 1)
    articles = sum(line[0] == "第" and is_article(line) for line in lines)
    return max(turns, articles) < ORDERED and not content.constraints.listed.mean() > MOST_LISTED


def nothing_moves(content: Content, first: SeamOdds) -> bool:
    """Check whether no piece can move: none may be joined to a piece that is not its neighbour.

    False where people decided something, or where the trees would rather join neighbours at an open seam.
    """
    seams = np.flatnonzero(first.open)
    if content.overrides or (first.odds[seams, JOIN] > first.odds[seams, BREAK]).any():
        return False
    left, right = np.append(seams, len(content) - 1), seams + 1
    i, j = np.nonzero(np.arange(len(right)) - np.arange(len(left))[:, None] != 0)
    i, j = i[i != j + 1], j[i != j + 1]  # that would be a piece behind itself
    unknown, wraps = np.ones(len(i), np.bool_), np.zeros(len(i), np.bool_)
    return bool(forbidden_jumps(content.constraints, Seams(left[i], right[j], unknown, wraps)).all())
