"""Find the best order of the pieces: the path from the first piece to the end of the text that gains most.

`best_path` is given the gain of every succession and knows nothing of text. It solves an assignment and
forbids cycles by branching; where the branches grow too many, pieces stay in the order given, and of a few
every order is tried.
"""

import heapq
from collections.abc import Collection, Sequence
from itertools import count, pairwise, permutations

import numpy as np
import numpy.typing as npt

Gains = npt.NDArray[np.float64]
FORBIDDEN = -1e6  # gain of a succession that may not be; lower than any sum of others
# Bounds of time, of which the growth test of tangled texts (tests/safety/test_time.py) is the judge.
LEAST_BRANCHES = 6  # assignments looked at, however many pieces there are
BRANCH_BUDGET = 300  # assignments looked at, times pieces
FEW = 6  # pieces of which every order is tried where the branches grow too many


def best_path(gains: Gains) -> list[int]:
    """Return the pieces in the order with the largest sum of gains.

    Args:
        gains: [n, n]; ``gains[p, q]`` for piece q + 1 following piece p, the last column for p ending the
            text. The order given is the diagonal.

    Returns:
        All pieces from 0 to n - 1, 0 first.
    """
    given = list(range(len(gains)))
    if (gains.max(axis=1) <= np.diagonal(gains)).all():
        return given
    return _branch(gains) or (_try_all(gains) if len(gains) <= FEW else given)


def successors(path: Sequence[int]) -> list[int]:
    """Return the column of `best_path` for each piece of ``path``: the piece behind it less 1, or the end."""
    out = [len(path) - 1] * len(path)
    for p, q in pairwise(path):
        out[p] = q - 1
    return out


def keep_confident(follows: Sequence[int], strong: Collection[int]) -> tuple[int, ...]:
    """Return the successors, only of rearrangements in which at least one succession is ``strong``.

    Pieces that change places among themselves are one rearrangement. If the result is not one path, all
    pieces stay as in the file.

    >>> keep_confident((1, 2, 0), {0}), keep_confident((1, 2, 0), set())
    ((1, 2, 0), (0, 1, 2))
    """
    out = list(range(len(follows)))
    for first in strong:
        at = first
        while out[at] != follows[at]:
            out[at] = at = follows[at]
    path, _ = _walk(out)
    return tuple(out if len(path) == len(out) else range(len(out)))


def chain_confident(follows: Sequence[int], strong: Collection[int]) -> tuple[int, ...]:
    """Return the successors, the ``strong`` ones kept and all other pieces in file order.

    Pieces that strong successions bind are a chain; chains stand in the order of their smallest pieces.

    >>> chain_confident((1, 2, 0), {0}), chain_confident((1, 2, 0), set())
    ((1, 2, 0), (0, 1, 2))
    """
    heads = set(range(len(follows))) - {follows[p] + 1 for p in strong}
    chains = []
    for head in heads:
        chain = [head]
        while chain[-1] in strong:
            chain.append(follows[chain[-1]] + 1)
        chains.append(chain)
    return tuple(successors([piece for chain in sorted(chains, key=min) for piece in chain]))


def assign(gains: Gains) -> list[int]:
    """Return the column of each row so that the sum is largest, by shortest augmenting paths.

    >>> assign(np.array([[1.0, 5.0], [2.0, 1.0]]))
    [1, 0]
    """
    n = len(gains)
    owner = np.full(n + 1, -1)  # the row that holds each column; the last one waits for a column
    prices = np.zeros(n), np.zeros(n + 1)
    for row in range(n):
        owner[n] = row
        _augment(gains.max() - gains, prices, owner)
    out: list[int] = np.argsort(owner[:n]).tolist()
    return out


def _augment(cost: Gains, prices: tuple[Gains, Gains], owner: npt.NDArray[np.intp]) -> None:
    """Give the waiting row a column by the cheapest chain of changes; reduced costs stay above 0."""
    n, (row_price, column_price) = len(cost), prices
    slack, way, held = np.full(n, np.inf), np.full(n, n), np.zeros(n + 1, np.bool_)
    column = n
    while owner[column] >= 0:
        held[column] = True
        reduced = cost[owner[column]] - row_price[owner[column]] - column_price[:n]
        nearer = (reduced < slack) & ~held[:n]
        slack[nearer], way[nearer] = reduced[nearer], column
        column = int(np.where(held[:n], np.inf, slack).argmin())
        step = slack[column]
        row_price[owner[held]] += step
        column_price[held] -= step
        slack[~held[:n]] -= step
    while column != n:
        owner[column], column = owner[way[column]], way[column]


def _branch(gains: Gains) -> list[int] | None:
    """Try assignments from the best on, forbidding successions of a cycle, until one is a path; or None."""
    order = count()
    first = assign(gains)
    queue = [(-_total(gains, first), next(order), first, gains)]
    for _ in range(_branches(len(gains))):
        _, _, chosen, allowed = heapq.heappop(queue)
        path, cycle = _walk(chosen)
        if not cycle:
            return path
        for p in cycle:
            narrowed = allowed.copy()
            narrowed[p, chosen[p]] = FORBIDDEN
            again = assign(narrowed)
            heapq.heappush(queue, (-_total(narrowed, again), next(order), again, narrowed))
    return None


def _try_all(gains: Gains) -> list[int]:
    orders = ([0, *rest] for rest in permutations(range(1, len(gains))))
    return max(orders, key=lambda path: _total(gains, successors(path)))


def _branches(count: int) -> int:
    """Return how many assignments `_branch` may try for ``count`` pieces."""
    return max(LEAST_BRANCHES, BRANCH_BUDGET // count)


def _total(gains: Gains, chosen: Sequence[int]) -> float:
    """Sum the gains [n, n] of the columns ``chosen`` [n]."""
    return float(gains[np.arange(len(chosen)), chosen].sum())


def _walk(chosen: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the path from piece 0, and the shortest cycle of other pieces ([] for none)."""
    n = len(chosen)
    path = [0]
    while chosen[path[-1]] != n - 1:
        path.append(chosen[path[-1]] + 1)
    left, cycles = set(range(n)) - set(path), []
    while left:
        cycle = [min(left)]
        while chosen[cycle[-1]] + 1 != cycle[0]:
            cycle.append(chosen[cycle[-1]] + 1)
        left -= set(cycle)
        cycles.append(cycle)
    return path, min(cycles, key=len, default=[])
