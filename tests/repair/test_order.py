"""The best path: as good as trying every order, and as given where nothing better is found."""

from itertools import pairwise, permutations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from etl.repair.order.movability import MOST_OPEN
from etl.repair.order.path_solver import assign, best_path, successors

Gains = npt.NDArray[np.float64]


def tables(most: int) -> st.SearchStrategy[Gains]:
    """Square tables of gains."""
    return st.integers(1, most).flatmap(
        lambda n: st.lists(st.integers(-9, 9), min_size=n * n, max_size=n * n).map(
            lambda cells: np.array(cells, np.float64).reshape(n, n)
        )
    )


def value(gains: Gains, path: list[int]) -> float:
    """What a path gains."""
    return float(gains[np.arange(len(gains)), successors(path)].sum())


@given(tables(6))
def test_few_pieces_are_solved_exactly(gains: Gains) -> None:
    """No order of all pieces that starts with the first gains more."""
    path = best_path(gains)
    every = [[0, *rest] for rest in permutations(range(1, len(gains)))]

    assert sorted(path) == list(range(len(gains)))
    assert path[0] == 0
    assert value(gains, path) == max(value(gains, order) for order in every)


def test_few_pieces_with_many_cycles_are_solved_exactly() -> None:
    """Where cycles gain more than every path, so that branching gives up, the best order is found."""
    numbers = np.random.default_rng(1)
    for _ in range(20):
        gains = numbers.integers(-9, 10, (6, 6)).astype(np.float64)
        gains[0, :-1] = -9
        gains[1:, -1] = -18
        every = [[0, *rest] for rest in permutations(range(1, 6))]

        assert value(gains, best_path(gains)) == max(value(gains, order) for order in every)


@given(tables(6))
def test_an_assignment_is_the_best_one(gains: Gains) -> None:
    """Every row has a column of its own, and no other choice sums higher."""
    chosen = assign(gains)
    n = np.arange(len(gains))

    assert sorted(chosen) == n.tolist()
    assert gains[n, chosen].sum() == max(gains[n, list(p)].sum() for p in permutations(n))


def test_a_displaced_stretch_of_many_comes_home() -> None:
    """Among as many pieces as may be open a stretch written at the end goes back where it gains."""
    count, start, size = MOST_OPEN + 1, 12, 7
    truth = list(range(count))
    written = [*truth[:start], *truth[start + size :], *truth[start : start + size]]
    gains = np.full((count, count), -6.0)
    np.fill_diagonal(gains, 1.0)
    place = {piece: k for k, piece in enumerate(written)}
    for a, b in pairwise(truth):
        gains[place[a], place[b] - 1] = 5.0
    gains[place[count - 1], count - 1] = 5.0

    assert [written[k] for k in best_path(gains)] == truth
