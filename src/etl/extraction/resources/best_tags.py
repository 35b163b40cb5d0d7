"""Search the best sequence of tags where the scores of single characters leave it open.

The model's transitions lie close to zero. Where the best tag of a character leads by more than all of them
could add, it is in the best sequence, whatever stands beside it; only what lies between is searched.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

# Tags of a character that compete in the search; with four it answers as the full one (docs/decisions/0040).
CANDIDATES = 4
# Another tag changes the transition to it and the one from it; each by at most the spread of all.
TRANSITIONS_OF_A_TAG = 2
# More than the sums of the search lose by rounding.
ROUNDING = 1e-3


class Judged(NamedTuple):
    """What the scores of single characters say.

    Attributes:
        best: the tag with the highest score.
        weights: of each tag, 1 for the best.
        open: whether another tag is so near that transitions may decide.
    """

    best: Whole
    weights: Floats
    open: NDArray[np.bool_]


def judge(scores: Floats, transitions: Floats) -> Judged:
    """Return what the scores (characters, tags) say without a search."""
    best = scores.argmax(axis=1)
    weights = np.exp(scores - np.take_along_axis(scores, best[:, None], axis=1))
    return Judged(best, weights, _seconds(weights, best) >= np.exp(-decisive_lead(transitions)))


def decisive_lead(transitions: Floats) -> float:
    """Return the lead in score from which on a tag is in the best sequence."""
    return TRANSITIONS_OF_A_TAG * float(transitions.max() - transitions.min()) + ROUNDING


def _seconds(weights: Floats, best: Whole) -> Floats:
    """Return the second greatest weight of each character."""
    rows = np.arange(len(best))
    weights[rows, best] = 0.0
    seconds = greatest(weights)
    weights[rows, best] = 1.0
    return seconds


def greatest(rows: Floats) -> Floats:
    """Return the greatest number of each row, much sooner than ``max`` does for short rows."""
    found: Floats = np.maximum.reduce(np.ascontiguousarray(rows.T))
    return found


def best_tags(scores: Floats, transitions: Floats, firsts: NDArray[np.bool_], judged: Judged) -> Whole:
    """Return the tags of the best sequence of each piece.

    Args:
        scores: (characters, tags) of pieces, one after the other.
        transitions: (tag before, tag that comes).
        firsts: whether a character begins a piece.
        judged: what `judge` says of the scores.
    """
    open_ones = np.flatnonzero(judged.open)
    if not open_ones.size:
        return judged.best
    tags = judged.best.copy()
    candidates = np.argpartition(scores[open_ones], -CANDIDATES, axis=1)[:, -CANDIDATES:]
    own = np.take_along_axis(scores[open_ones], candidates, axis=1)
    runs = _runs(open_ones, firsts)
    _add_edges(own, candidates, runs, (tags, transitions, firsts))
    chosen = _search(own, candidates, transitions, runs)
    tags[open_ones] = candidates[np.arange(len(open_ones)), chosen]
    return tags


class _Runs(NamedTuple):
    """Open characters without a decided one between them, the longest run first.

    Attributes:
        starts: of each run, among all characters.
        places: the same, among the open ones.
        lengths: in characters.
    """

    starts: Whole
    places: Whole
    lengths: Whole


def _runs(open_ones: Whole, firsts: NDArray[np.bool_]) -> _Runs:
    begins = firsts[open_ones].copy()
    begins[0] = True
    begins[1:] |= np.diff(open_ones) > 1
    places = np.flatnonzero(begins)
    lengths = np.diff(np.append(places, len(open_ones)))
    order = np.argsort(-lengths, kind="stable")
    return _Runs(open_ones[places][order], places[order], lengths[order])


def _add_edges(
    own: Floats,
    candidates: Whole,
    runs: _Runs,
    decided: tuple[Whole, Floats, NDArray[np.bool_]],
) -> None:
    """Add the transitions from the decided tag before a run and to the one behind it."""
    tags, transitions, firsts = decided
    follows = np.flatnonzero(~firsts[runs.starts])
    place = runs.places[follows]
    own[place] += transitions[tags[runs.starts[follows] - 1][:, None], candidates[place]]
    ends = runs.starts + runs.lengths
    leads = np.flatnonzero((ends < len(tags)) & ~firsts[np.minimum(ends, len(tags) - 1)])
    place = runs.places[leads] + runs.lengths[leads] - 1
    own[place] += transitions[candidates[place], tags[ends[leads]][:, None]]


def _search(own: Floats, candidates: Whole, transitions: Floats, runs: _Runs) -> Whole:
    """Return the number of the best candidate of each open character, searched in all runs together."""
    longest = int(runs.lengths[0])
    counts = np.searchsorted(-runs.lengths, -np.arange(longest)).tolist()
    back = np.zeros(candidates.shape, dtype=np.int64)
    total = own[runs.places]
    for step in range(1, longest):
        count = counts[step]
        places = runs.places[:count] + step
        steps = transitions[candidates[places - 1][:, :, None], candidates[places][:, None, :]]
        options = total[:count, :, None] + steps
        back[places] = options.argmax(axis=1)
        total[:count] = options.max(axis=1) + own[places]
    current = total.argmax(axis=1)
    chosen = np.zeros(len(own), dtype=np.int64)
    for step in range(longest - 1, -1, -1):
        places = runs.places[: counts[step]] + step
        chosen[places] = current[: len(places)]
        current[: len(places)] = back[places, current[: len(places)]]
    return chosen
