"""What is clean stays as it is: cleaning a restored text once more changes nothing."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.api import clean

SENTENCE = (
    "村里今年新修了水渠浇地不再靠天到了秋天家家户户的院子里都堆满了刚刚收回来的玉米屋檐下挂着一串一串的辣椒"
)
"""Characters of running text, to be cut anywhere."""

words = st.builds(
    lambda start, size: (SENTENCE + SENTENCE)[start : start + size], st.integers(0, 50), st.integers(1, 30)
)
figures = st.from_regex(
    r"\A(?:[0-9]{1,4}(?:[.．,，：:][0-9]{1,3})?[％%元]?|— ?[0-9]{1,3} ?—|第 ?[0-9]{1,2} ?页)\Z"
)
marks = st.sampled_from(
    ["，", "。", "：", ":", ",", " ", "　", "......", "……", "\uf8e7\uf8e7", "︰", "（", "）", "“", "”"]
)
lines = st.lists(st.one_of(words, figures, marks), min_size=1, max_size=6).map("".join)
ends = st.sampled_from(["\n", "\n\n", "\n　　", "\n\f", "\r\n"])


@st.composite
def ragged(draw: st.DrawFn) -> str:
    """Lines of any length, with figures and half-width marks, one set of line ends."""
    return draw(ends).join(draw(st.lists(lines, min_size=1, max_size=12)))


@settings(max_examples=60, deadline=None)
@example("村\n村\n村村里今年新修了水渠浇地不再靠天到了，村\n修村里今年新修了水渠浇地不再第00页，，︰")
@given(ragged())
def test_ragged_lines_and_figures_stand_still(text: str) -> None:
    """Whatever lines and figures a text is made of, its restored text is restored already."""
    once = clean(text).text

    assert clean(once).text == once
