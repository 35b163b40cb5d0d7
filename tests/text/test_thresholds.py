"""Every length and count by which bylines and numbers are read has a text on each side of it."""

import pytest
from tests.thresholds import Edges, divides

from etl.text import bylines, numerals

NAMES = "王小明、" * 15
ROLE = "石桥日报实习见习记者"


def listed(count: int) -> bool:
    """Whether a line of so many names is one below a title."""
    return bylines.is_name_list(" ".join((["王小明", "李国强", "张建华"] * 3)[:count]))


EDGES: Edges = {
    "bylines _LONGEST": (bylines.is_byline, (ROLE + NAMES,), (f"{ROLE}：{NAMES}",)),
    "bylines _LONGEST_ORGANIZATION": (bylines.is_byline, (f"文/{'县' * 19}局",), (f"文/{'县' * 20}局",)),
    "bylines MAX_NAMES": (listed, (6,), (7,)),
    "numerals MAX_DIGITS": (numerals.parse_number, ("123456789012345",), ("1234567890123456",)),
}


@pytest.mark.parametrize("number", EDGES)
def test_numbers_divide(number: str) -> None:
    """What stands on the one side of a number is told from what stands on the other."""
    assert divides(*EDGES[number])
