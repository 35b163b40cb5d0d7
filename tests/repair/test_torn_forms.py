"""Dates, times, figures and references that a line end tears apart, told by their form alone."""

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
        ("2009年第", "6期", True),
        ("2009年第6", "期，第18页", True),
        ("2009年第6期，第1", "8页", True),
        ("2009年第", "12345期", False),
        ("文件第", "6类", False),
        ("会议于下午2时", "30分结束", True),
        ("会议于下午2", "时30分结束", True),
        ("会议于下午2", "时开始", False),
        ("下午2时30", "分析会议情况", True),
        ("下午2时", "130分结束", False),
        ("2时", "30分结束", False),
        ("上午9时3分至", "12时24分", True),
        ("上午9时3分至", "下午2时", True),
        ("从下午2", "点至4点", True),
        ("工作做到", "12时止", False),
        ("比上年增加22.6", "5%；", True),
        ("比上年增加2", "2.65%。", True),
        ("比上年增加22.6", "5%", False),
        ("指数为110.", "02（上月为100）", True),
        ("指数为110.", "02分", False),
        ("指数为110", "3.02（上月为100）", False),
        ("22.6", "5%；", False),
        ("营业利润3.80亿", "元，增长", True),
        ("营业利润3.80亿", "元旦放假", False),
        ("派发红利65，0", "15，631.07万元（含税）", True),
        ("派发红利65，0", "15元（含税）", False),
        ("金额12，345", "67，890万元。", False),
    ],
)
def test_torn_forms(left: str, right: str, torn: bool) -> None:  # noqa: FBT001 - an answer of the table
    """A line end inside a date, time, decimal or sum, or between 第 and its number is joined, no other."""
    lines = read_lines(f"{left}\n{right}", [])

    assert bool(lines.line_end_states[0] == JOINED) is torn
