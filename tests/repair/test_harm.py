"""Real texts that nobody damaged come out as they are, or as their layout says."""

from collections import Counter, defaultdict
from pathlib import Path

import bench_harm
import pytest

TEXTS = 6
MOST = {
    "laws": 0.3,
    "party": 0.3,
    "wiki-hans": 0.02,
    "wiki-hant": 0.02,
    "gazette": 0.5,
    "orders": 1.5,
    "records": 1.2,
}
"""Errors per 10,000 characters of the first texts of each kind, with a margin."""


@pytest.mark.shared
def test_whole_texts_stay_whole(shared: Path) -> None:
    """Of each kind hardly a line is deleted, moved, glued, torn or left; none moves in laws and records."""
    bench = bench_harm
    score, table = bench.scorer(shared), defaultdict[str, Counter[str]](Counter)
    for row in bench.texts(shared, TEXTS):
        table[row["genre"]] += bench.measure(row, score)[0]

    assert {kind: bench.rate(found) for kind, found in table.items() if bench.rate(found) > MOST[kind]} == {}
    assert [kind for kind in ("laws", "party", "records") if table[kind]["moved"]] == []
