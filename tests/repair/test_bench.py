"""The bench of the restorer: forty files a level stay within two points of the figures of the issue."""

from pathlib import Path

import bench_repair
import pytest

SEED, FILES, SLACK = 31, 40, 0.02
DIVIDED_SEED, DIVIDED_FILES = 33, 60
FLOORS = {"joins": 0.985, "columns": 0.955, "paragraphs": 0.99, "exact": 0.92, "furniture": 0.995}


@pytest.mark.shared
def test_the_bench_holds(shared: Path) -> None:
    """Damaged files heal, undamaged files stay as they are, and nothing is lost or added."""
    tool = bench_repair
    run = tool.run(tool.load(shared), SEED, FILES)
    damaged, clean = run.row("damaged"), run.row("clean")

    assert {name: damaged[name] for name, floor in FLOORS.items() if damaged[name] < floor - SLACK} == {}
    assert damaged["overjoined"] <= 0.001 + SLACK
    assert run.row("hard")["exact"] >= 0.82 - SLACK
    assert clean["exact"] >= 0.995 - SLACK
    assert damaged["lost"] == 0
    assert damaged["added"] <= 0.5


@pytest.mark.shared
def test_the_threshold_divides(shared: Path) -> None:
    """What is done is as sure as the threshold asks; what is only suggested is less sure."""
    bench = bench_repair.load(shared)
    told = {
        change.confidence if change.applied else -change.confidence
        for _, text in bench_repair.damaged(bench, DIVIDED_SEED, DIVIDED_FILES)
        for change in bench_repair.restore(bench, text).changes
    }

    assert min(sure for sure in told if sure > 0) >= bench.threshold
    assert max(-sure for sure in told if sure < 0) < bench.threshold
