"""Lines and their setting: places are exact, widths and paragraph marks are told from the text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.repair.lines import Layout, Style, layout, split

PROSE = (
    "三月的北坡村，田间地头一派忙碌。合作社的农机手们天不亮就下了地，赶在雨前把二百亩玉米种下去。村支书说，今年的种子是"
    "县里统一调来的，出苗率比往年高，家家户户都愿意多种一些。"
)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of one width."""
    return [text[i : i + width] for i in range(0, len(text), width)]


@given(st.text("文a 　\n\f\u200b\t。", max_size=40), st.lists(st.integers(0, 40), max_size=3))
def test_lines_stand_where_they_say(text: str, breaks: list[int]) -> None:
    """Each line is the raw text at its place; together they hold every visible character."""
    lines = split(text, breaks)
    position = 0
    for line in lines:
        assert text[line.start : line.end] == line.text
        assert line.text.strip(" 　\t\u200b") == line.text != ""
        assert text[position : line.start].strip(" 　\n\f\t\u200b") == ""
        position = line.end

    assert text[position:].strip(" 　\n\f\t\u200b") == ""


def test_what_stands_before_a_line() -> None:
    """Line ends, page ends and indentation before a line are counted."""
    lines = split("春\n\n\n　　夏\n\f秋\n  冬", breaks=(8,))

    assert [(line.newlines, line.page, line.indent) for line in lines[1:]] == [
        (3, False, 4),
        (1, True, 0),
        (1, False, 2),
    ]


def test_a_page_end_of_the_format_is_a_page_end() -> None:
    """An offset in ``breaks`` marks the first line at or after it."""
    assert [line.page for line in split("春\n夏\n秋", breaks=(2,))] == [False, True, False]


@pytest.mark.parametrize("width", [16, 20, 28])
@pytest.mark.parametrize(
    ("between", "style"), [("\n\n", Style.BLANK), ("\n　　", Style.INDENT), ("\n", Style.NONE)]
)
def test_wrapped_prose_is_told(width: int, between: str, style: Style) -> None:
    """The width and the way paragraphs are marked are found from the lines."""
    paragraphs = ["\n".join(wrap(PROSE[skip:], width)) for skip in (0, 16, 29, 7)]
    found = layout(split(between.join(paragraphs)))

    assert abs(found.width - width) <= 2
    assert found.style is style


def test_double_spaced_wraps_tell_nothing_by_their_blank_lines() -> None:
    """Where a blank line stands after each line it marks no paragraphs."""
    lines = [line for skip in (0, 16, 29, 7) for line in wrap(PROSE[skip:], 20)]
    found = layout(split("\n\n".join(lines)))

    assert (found.width, found.style, found.newlines) == (20, Style.NONE, 2)


def test_paragraphs_on_one_line_each_are_not_wrapped() -> None:
    """Lines of many lengths have no width; the usual gap between paragraphs is theirs."""
    text = "\n\n".join([PROSE, PROSE[:40], PROSE[:71], "春耕", PROSE[16:], PROSE[29:]])

    assert layout(split(text)) == Layout(0, Style.NONE, 2)


def test_a_line_is_full_when_the_next_word_would_not_fit() -> None:
    """A Latin word or number that could not be broken makes a shorter line full."""
    set_as = Layout(20, Style.NONE, 1)

    assert set_as.fills("春" * 19, "耕")
    assert not set_as.fills("春" * 15, "耕")
    assert set_as.fills("春" * 15, "2020年")
