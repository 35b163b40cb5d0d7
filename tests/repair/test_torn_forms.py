"""Dates and references that a line end tears apart, told by their form alone."""

import pytest

from etl.repair.layout.lines import JOINED, read_lines


@pytest.mark.parametrize(
    ("left", "right", "torn"),
    [
        ("他生于民国09", "年8月31日", True),
        ("他生于2019", "年12 月31日", True),
        ("他生于9", "年8月31日", False),
        ("编号12019", "年8月31日", False),
        ("109", "年8月31日", False),
        ("他生于2019", "年度总结", False),
        ("他生于2019", "年123月", False),
        ("他生于2019年12", "月31日", True),
        ("他生于2019年12", "月3日", True),
        ("他生于2019年123", "月3日", False),
        ("他生于2019年12", "月末", False),
        ("他生于2019年12", "月312日", False),
        ("依照第（三）项、第", "（五）项的规定", True),
        ("依照第（三）项、第", "（二十五）项的规定", True),
        ("依照第（三）项、第", "（一百零五）项的规定", False),
        ("依照第（三）项、第", "（15）款的规定", True),
        ("依照第（三）项、第", "（五）加强领导", False),
        ("依照本章程的规定", "（五）项目建设", False),
    ],
)
def test_torn_forms(left: str, right: str, torn: bool) -> None:  # noqa: FBT001 - an answer of the table
    """A line end inside a date or between 第 and the bracketed number it refers to is joined, no other."""
    lines = read_lines(f"{left}\n{right}", [])

    assert bool(lines.line_end_states[0] == JOINED) is torn
