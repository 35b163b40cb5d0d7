import json
from pathlib import Path

import pytest
from recognizers import TABLES, passes

from etl.engines import Engines

# Measured 33, 35, 48, 27, 212, 91. Left out on purpose: durations (近三年), talk (下次), days
# of the lunar calendar read as the common one, powers, discounts.
FLOORS = {
    "DateTime__Chinese__DateExtractor.json": 33,
    "DateTime__Chinese__DateParser.json": 35,
    "DateTime__Chinese__DatePeriodParser.json": 48,
    "NumberWithUnit__Chinese__CurrencyModel.json": 27,
    "Number__Chinese__NumberModel.json": 212,
    "Number__Chinese__PercentModel.json": 91,
}


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(FLOORS))
def test_cases_of_the_recognizers_stay_passed(name: str, engines: Engines, shared: Path) -> None:
    """As many cases of dates, sums, numbers and shares as were measured have their value."""
    cases = json.loads((shared / "bench/ner/data/recognizers" / name).read_text(encoding="utf-8"))
    answer, wanted = TABLES[name]

    assert sum(passes(c, list(answer(c, engines)), wanted, engines) for c in cases) >= FLOORS[name]
