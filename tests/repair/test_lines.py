"""Lines and their setting: places are exact, widths and paragraph marks are told from the text alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.repair.layout.lines import read_lines
from etl.repair.layout.stats import LayoutStats, layout, measure_layout

PROSE = (
    "三月的北坡村，田间地头一派忙碌。合作社的农机手们天不亮就下了地，赶在雨前把二百亩玉米种下去。村支书说，今年的种子是"
    "县里统一调来的，出苗率比往年高，家家户户都愿意多种一些。"
)


def sheet_of(text: str) -> LayoutStats:
    """How the text was set."""
    lines = read_lines(text, ())
    return measure_layout(lines, np.arange(len(lines)))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of one width."""
    return [text[i : i + width] for i in range(0, len(text), width)]


@given(st.text("文a 　\n\f\t。", max_size=40), st.lists(st.integers(0, 40), max_size=3))
def test_lines_stand_where_they_say(text: str, breaks: list[int]) -> None:
    """Each line is the raw text at its place; together they hold every visible character."""
    lines = read_lines(text, breaks)
    position = 0
    for k in range(len(lines)):
        assert lines.line(k).strip() == lines.line(k) != ""
        assert lines.texts[k] == "".join(lines.line(k).split())
        assert text[position : lines.starts[k]].strip() == ""
        position = lines.ends[k]

    assert text[position:].strip() == ""


def test_what_stands_before_a_line() -> None:
    """Line ends, page ends and indentation before a line are counted."""
    lines = read_lines("春\n\n\n　　夏\n\f秋\n  冬", (8,))

    assert lines.gap.tolist() == [0, 3, 1, 1]
    assert lines.feed.tolist() == [0, 0, 1, 0]
    assert lines.indent.tolist() == [0, 4, 0, 2]


def test_a_page_end_of_the_format_is_a_page_end() -> None:
    """An offset in ``breaks`` marks the first line at or after it."""
    assert read_lines("春\n夏\n秋", (2,)).feed.tolist() == [0, 1, 0]


def test_quotes_are_balanced_over_a_line() -> None:
    """What a line leaves open and what it closes without having opened it are told apart."""
    lines = read_lines("他说：“好。\n真好。”又说\n（一“二”三\n四）五", ())

    assert lines.open_quotes.tolist() == [1, 0, 0, 0]
    assert lines.unmatched_quotes.tolist() == [0, 1, 0, 0]
    assert lines.open_brackets.tolist() == [0, 0, 1, 0]
    assert lines.unmatched_brackets.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("width", [16, 20, 28])
@pytest.mark.parametrize(("between", "marked"), [("\n\n", "blank"), ("\n　　", "indent"), ("\n", "")])
def test_wrapped_prose_is_told(width: int, between: str, marked: str) -> None:
    """The width and the way paragraphs are marked are found from the lines."""
    paragraphs = ["\n".join(wrap(PROSE[skip:], width)) for skip in (0, 16, 29, 7)]
    found = sheet_of(between.join(paragraphs))

    assert found.wrapped
    assert abs(found.width - width) <= 2
    assert (found.blank_style > 0) == (marked == "blank")
    assert (found.indented_closed > 0.5) == (marked == "indent")


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join([PROSE, PROSE[:40], PROSE[:71], "春耕", PROSE[16:], PROSE[29:]]),
        "\n".join(["白日依山尽，", "黄河入海流。", "欲穷千里目，", "更上一层楼。"] * 3),
        "\n".join(f"{name}　{k}　{k * 7}" for k, name in enumerate("甲乙丙丁戊己庚辛")),
    ],
)
def test_paragraphs_verse_and_rows_are_not_wrapped(text: str) -> None:
    """Lines of many lengths, lines that end with their clause, and rows are no wrapped prose."""
    assert not sheet_of(text).wrapped


def test_the_layout_says_where_paragraphs_end() -> None:
    """A blank line ends a paragraph, a plain line end does not, a wider gap says neither."""
    text = "\n\n".join("\n".join(wrap(PROSE[skip:], 20)) for skip in (0, 16, 29, 7))
    found = sheet_of(text)
    gaps, flush = np.array([1, 2, 5], np.int32), np.zeros(3, np.int32)

    assert layout(found, gaps, flush).tolist() == [-1, 1, 2]


def test_a_lead_that_is_set_wider_hides_no_wrapped_lines() -> None:
    """Lines longer than the page show a list, unless they stand beside one as long."""
    page = "\n".join(["巡护队沿湖巡查，登记问题三十处并限期整"] * 12)
    lead = "\n".join(["入夏以来，县里组织巡护队沿湖巡查，发现问题当场登记并限期整"] * 4)
    rows = "\n".join("入夏以来，县里组织巡护队沿湖巡查" + "又" * 5 * k for k in range(2, 6))

    assert sheet_of(f"{lead}\n{page}").wrapped
    assert not sheet_of(f"{page}\n{rows}").wrapped
