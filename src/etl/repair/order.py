"""The best order of the pieces: a path from the first piece to the end of the text that gains most.

`best_path` takes what every succession gains and knows nothing of text. Few pieces are solved exactly (an
assignment, cycles forbidden by branching); many by moving stretches while that gains.
"""

import heapq
from collections.abc import Sequence
from itertools import count, pairwise, permutations

import numpy as np
import numpy.typing as npt

Gains = npt.NDArray[np.float64]
FORBIDDEN = -1e6
EXACT_PIECES = 28
LEAST_BRANCHES, BRANCH_BUDGET = 6, 300
FEW_PIECES = 7
RIVALS = 5
PASSES = 6
LEAST_GAIN = 1e-6


def best_path(gains: Gains) -> list[int]:
    """Pieces in the order that gains most.

    Args:
        gains: [n, n]; ``gains[p, q]`` for piece q + 1 following piece p, the last column for p ending the
            text. The order given is the diagonal.

    Returns:
        All pieces from 0 to n - 1, 0 first.
    """
    given = list(range(len(gains)))
    if (gains.max(axis=1) <= np.diagonal(gains)).all():
        return given
    if len(gains) <= EXACT_PIECES:
        found = _branch(gains)
        if found is not None:
            return found
    return improve(gains, given)


def successors(path: Sequence[int]) -> list[int]:
    """For each piece the column of what follows it in `path`."""
    out = [len(path) - 1] * len(path)
    for p, q in pairwise(path):
        out[p] = q - 1
    return out


def assign(gains: Gains) -> list[int]:
    """The column for each row so that the sum is largest, by shortest augmenting paths.

    >>> assign(np.array([[1.0, 5.0], [2.0, 1.0]]))
    [1, 0]
    """
    n = len(gains)
    cost = (gains.max() - gains).tolist()
    owner = [-1] * n  # the row that holds each column
    row_price, column_price = [0.0] * n, [0.0] * n
    for row in range(n):
        _augment(cost, (row_price, column_price), owner, row)
    out = [0] * n
    for column, row in enumerate(owner):
        out[row] = column
    return out


def _augment(
    cost: Sequence[Sequence[float]], prices: tuple[list[float], list[float]], owner: list[int], row: int
) -> None:
    """Give `row` a column by the cheapest chain of changes; prices keep reduced costs above 0."""
    row_price, column_price = prices
    free = list(range(len(cost)))
    slack, way = [float("inf")] * len(cost), [-1] * len(cost)
    held: list[int] = []
    column, here = -1, row
    while here >= 0:
        costs, price = cost[here], row_price[here]
        for k in free:
            reduced = costs[k] - price - column_price[k]
            if reduced < slack[k]:
                slack[k], way[k] = reduced, column
        column = min(free, key=slack.__getitem__)
        step = slack[column]
        row_price[row] += step
        for k in held:
            row_price[owner[k]] += step
            column_price[k] -= step
        for k in free:
            slack[k] -= step
        free.remove(column)
        held.append(column)
        here = owner[column]
    while column >= 0:
        before = way[column]
        owner[column] = owner[before] if before >= 0 else row
        column = before


def _branch(gains: Gains) -> list[int] | None:
    """Assignments from the best on, the shortest cycle of each broken in every way, until none is left."""
    order = count()
    first = assign(gains)
    queue = [(-_total(gains, first), next(order), first, gains)]
    for _ in range(max(LEAST_BRANCHES, BRANCH_BUDGET // len(gains))):
        _, _, chosen, allowed = heapq.heappop(queue)
        path, cycle = _walk(chosen)
        if not cycle:
            return path
        for p in cycle:
            narrowed = allowed.copy()
            narrowed[p, chosen[p]] = FORBIDDEN
            again = assign(narrowed)
            heapq.heappush(queue, (-_total(narrowed, again), next(order), again, narrowed))
    return _try_all(gains) if len(gains) <= FEW_PIECES else None


def _try_all(gains: Gains) -> list[int]:
    """The best of all orders, where ties let the branches grow too many."""
    orders = np.array([(0, *rest) for rest in permutations(range(1, len(gains)))])
    follows = np.concatenate([orders[:, 1:] - 1, np.full((len(orders), 1), len(gains) - 1)], axis=1)
    best: list[int] = orders[gains[orders, follows].sum(axis=1).argmax()].tolist()
    return best


def _total(gains: Gains, chosen: Sequence[int]) -> float:
    return float(gains[np.arange(len(chosen)), chosen].sum())


def _walk(chosen: Sequence[int]) -> tuple[list[int], list[int]]:
    """The path from piece 0, and the shortest cycle beside it (empty for none)."""
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


def improve(gains: Gains, path: list[int]) -> list[int]:
    """Move one stretch at a time to where it gains, until nothing gains; near linear in promising pairs."""
    best = np.argpartition(-gains, RIVALS, axis=1)[:, :RIVALS]
    hopeful = [(p, int(q)) for p in range(len(gains)) for q in best[p] if q != p and q < len(gains) - 1]
    hopeful.sort(key=lambda arc: gains[arc[0], arc[0]] - gains[arc])
    for _ in range(PASSES):
        moved = False
        for p, q in hopeful:
            found = _move(gains, path, p, q + 1)
            if found is not None:
                path, moved = found, True
        if not moved:
            break
    return path


def _move(gains: Gains, path: list[int], p: int, q: int) -> list[int] | None:
    """The best move of one stretch that makes piece q follow piece p; None where none gains."""
    after, before = path.index(p), path.index(q)
    if before == after + 1:
        return None
    low, high = min(after, before), max(after, before)
    # the path is: head, p or q at `low`, middle, q or p at `high`, tail
    options = []
    if before > after:
        options += [(low + 1, high, end) for end in range(high + 1, len(path) + 1)]  # q... comes forward
        options += [(start, low + 1, high) for start in range(1, low + 1)]  # ...p goes back
    else:
        options += [(low, end, high + 1) for end in range(low + 1, high + 1)]  # q... goes back behind p
    return _swap(gains, path, options)


def _swap(gains: Gains, path: list[int], options: Sequence[tuple[int, int, int]]) -> list[int] | None:
    """Exchange the neighbouring stretches [a, b) and [b, c) for the option that gains most."""
    if not options:
        return None
    columns = np.array([*path[1:], len(path)]) - 1  # column of what follows at each position
    order = np.array(path)
    a, b, c = np.array(options).T
    old = (
        gains[order[a - 1], columns[a - 1]]
        + gains[order[b - 1], columns[b - 1]]
        + gains[order[c - 1], columns[c - 1]]
    )
    new = (
        gains[order[a - 1], order[b] - 1]
        + gains[order[c - 1], order[a] - 1]
        + gains[order[b - 1], columns[c - 1]]
    )
    best = int((new - old).argmax())
    if (new - old)[best] <= LEAST_GAIN:
        return None
    x, y, z = options[best]
    return [*path[:x], *path[y:z], *path[x:y], *path[z:]]
