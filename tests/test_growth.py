import re
import time
from pathlib import Path

import pytest
from tests.growth import LIMIT, exponent


def burn(steps: int) -> int:
    """So many steps of work."""
    return sum(number % 7 for number in range(steps))


@pytest.mark.parametrize(("power", "size", "within"), [(1, 40_000, True), (2, 200, False)])
def test_growth_in_proportion_is_told_from_the_square(power: int, size: int, within: bool) -> None:  # noqa: FBT001
    """Work in proportion to its input stays below the limit, and work that grows with the square does not."""
    assert (exponent(lambda given: burn(given**power), size, 8 * size, 8) < LIMIT) is within


def test_too_little_to_judge() -> None:
    """What takes no time at all is in order, and waiting is no work."""
    assert exponent(lambda _: None, 1, 8, 8) == exponent(time.sleep, 0.001, 0.01, 8) == 0.0


def test_no_test_asks_for_seconds() -> None:
    """Only the measure of growth asks the clocks of processors; speed is a figure of the benchmarks."""
    clocks = re.compile(r"\b(?:perf_counter|process_time|thread_time|getrusage|os\.times)\b")
    here = Path(__file__)
    asking = {
        path.name for path in here.parent.rglob("*.py") if clocks.search(path.read_text(encoding="utf-8"))
    }

    assert asking - {here.name} == {"growth.py"}
