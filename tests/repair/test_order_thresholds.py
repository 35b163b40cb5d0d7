"""Every number by which repair tells seams and finds the order of pieces has a case on each side of it.

See `test_thresholds`, which has those of layout and of what is never joined.
"""

from dataclasses import replace

import numpy as np
import pytest
from tests.repair.edges import END, LAYOUT, UNWRAPPED, han, model
from tests.thresholds import Edges, divides

from etl.model.report import Marked
from etl.repair import apply
from etl.repair.given import in_given_order
from etl.repair.layout.lines import Bools, read_lines
from etl.repair.layout.stats import LayoutStats
from etl.repair.order import path_solver, restorer, seam_odds
from etl.repair.order.confidence import Odds, best_order, probabilities_right
from etl.repair.order.content import Content, read_content
from etl.repair.order.seam_odds import SeamOdds
from etl.repair.order.shortcuts import (
    _fills_block,
    ends_of_paragraphs,
    inside_blocks,
    inside_paragraphs,
)
from etl.repair.order.solution import Successor, link_neighbours
from etl.repair.scorer.classifier import APART, JOIN
from etl.repair.scorer.feature_names import TABLES
from etl.repair.scorer.scores import Scores

BLANKS = replace(LAYOUT, closed_gap=2, blank_style=1, told_breaks=1.0, told_joins=1.0)
NEVER = -100.0


def content(text: str, stats: LayoutStats = BLANKS, starts: float = 0.0) -> Content:
    """The content of a text that was set so; each line is as sure a start."""
    lines = read_lines(text, ())
    scores = Scores(model().scorer, lines.texts)
    scores.starts[:], scores.ends[:] = starts, -9.0
    return read_content(lines, stats, scores, np.zeros(len(lines), np.bool_))


# ------------------------------------------------------------------ seams between blank lines


def runs_on(first: str, second: str = han(12) + END, breaks: float = 1.0, joins: float = 1.0) -> bool:
    """Whether the first of two lines surely goes on in the second, where layout says so much."""
    stats = replace(BLANKS, told_breaks=breaks, told_joins=joins)
    return bool(inside_paragraphs(content(f"{first}\n{second}", stats))[0])


def fills(size: int) -> bool:
    """Whether a line that ends a sentence fills an item whose lines have so many characters."""
    return bool(_fills_block(content(f"一、{han(20)}\n{han(size)}\n{han(size - 1)}{END}"))[2])


def blocks(count: int, first: int = 40) -> bool:
    """Whether the seam inside the first of so many paragraphs is plain, whose first line is so long."""
    paragraphs = [f"{han(first)}\n{han(30)}{END}", *[f"{han(40)}\n{han(30)}{END}"] * (count - 1)]
    return bool(inside_blocks(content("\n\n".join(paragraphs), UNWRAPPED))[0])


# ------------------------------------------------------------------ the first look


def is_open(apart: float) -> bool:
    """Whether a seam is open at which something is missing with this probability."""
    odds = np.log(np.array([[(1 - apart) / 2, (1 - apart) / 2, apart]], np.float32))
    return bool(SeamOdds(odds, odds).open[0])


def ends_surely(start: float) -> bool:
    """Whether a paragraph ends behind its sentence, unasked, where the next line scores so as a start."""
    told = content(f"{han(30)}{END}\n{han(30)}{END}", UNWRAPPED, start)
    told.scores._right[:] = 0  # as if it were encoded
    return bool(ends_of_paragraphs(told, np.zeros(1, np.bool_), in_order=False)[0])


def too_many(count: int) -> bool:
    """Whether of so many open seams none is compared with the others."""
    told = content("\n".join([han(30)] * (count + 1)), UNWRAPPED)
    rows, odds = np.zeros((count, len(TABLES["adjacent"]))), np.full((count, 3), np.log(1 / 3))
    return model().score_pairs(told, SeamOdds(rows.astype(np.float32), odds.astype(np.float32))) is None


# ------------------------------------------------------------------ the order of pieces


def closes(lead: float) -> bool:
    """Whether a stretch put in between two pieces meets the second, although another gains so much more."""
    gains = np.full((4, 4), NEVER, np.float32)
    gains[0, 2], gains[3, 1] = 10, lead  # piece 3 behind piece 0, piece 2 behind piece 3
    gains[[2, 1, 3, 1, 2], [0, 3, 0, 1, 3]] = 0
    join = np.where(gains == 10, gains, NEVER).astype(np.float32)
    odds = Odds(join, gains)
    return best_order(odds, odds.gains) == [2, 1, 3, 0]


def is_told(confidence: float) -> bool:
    """Whether a join that was refused is told to reviewers, if it is so sure."""
    told = content(f"{han(30)}\n{han(12)}{END}")
    return bool(
        list(apply._suggested(told, [(0, Successor(1, joined=True, confidence=confidence, given=True))]))
    )


def is_printed(threshold: float) -> bool:
    """Whether a line that the format marks as furniture goes, for those who ask for so much."""
    lines = read_lines(f"{han(30)}{END}\n7\n{han(30)}{END}", ())
    done = in_given_order(lines, [Marked(32, 33, "furniture")], model(), threshold, restorer.NO_OVERRIDES)
    return len(done.paragraphs) < len(lines)


def goes_on_in_given_order(join: float) -> bool:
    """Whether a line of a text in order goes on, where a join has this probability."""
    odds = np.log(np.array([[join, 1 - join, 0.5]], np.float32))
    return link_neighbours(seam_odds.keep_in_order(odds))[0].joined


def trusts(odds: float) -> bool:
    """Whether a succession is taken for right that trees give these log-odds."""
    told: Bools = probabilities_right(np.array([[0, odds]], np.float32)) > 0.5
    return bool(told[0])


EDGES: Edges = {
    "shortcuts TOLD_BREAKS": (lambda n: runs_on(han(30), breaks=n), (0.81,), (0.79,)),
    "shortcuts TOLD_JOINS": (lambda n: runs_on(han(30), joins=n), (0.96,), (0.94,)),
    "shortcuts LONG_SHARE": (lambda n: runs_on(f"田间{END}{han(n - 3)}"), (15,), (14,)),
    "shortcuts NARROW_SHARE": (fills, (21,), (20,)),
    "shortcuts LEAST_STOPS": (blocks, (3,), (2,)),
    "shortcuts SHORTEST_WRAP": (lambda n: blocks(3, n), (20,), (19,)),
    "seam_odds OPEN_FROM": (is_open, (0.011,), (0.009,)),
    "shortcuts SURE_START": (ends_surely, (0.51,), (0.49,)),
    "movability MOST_OPEN": (too_many, (41,), (40,)),
    "confidence CLOSING": (closes, (2.4,), (2.6,)),
    "apply SUGGESTED": (is_told, (0.51,), (0.49,)),
    "given PRINTED": (is_printed, (0.98,), (0.995,)),
    "given, likelier than not": (goes_on_in_given_order, (0.51,), (0.49,)),
    "path_solver LEAST_BRANCHES": (lambda n: path_solver._branches(100) >= n, (6,), (7,)),
    "path_solver BRANCH_BUDGET": (lambda n: path_solver._branches(n) >= 12, (25,), (26,)),
    "confidence MODEST": (trusts, (-0.44,), (-0.46,)),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])


def test_a_seam_is_looked_at_with_the_join_first() -> None:
    """The columns of the first look are join, break and apart."""
    assert (JOIN, APART) == (0, 2)
