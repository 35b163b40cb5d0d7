"""How likely b continues a: the cues speak the way a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.repair.joins import WEIGHTS, Gap, JoinModel, glue
from etl.repair.lines import Style

MODEL = JoinModel.load()
PAGE = Gap(bare=False, wide=True)
OPEN = "各村成立了护水队。老人和孩子都来帮忙捡拾垃圾，湖边的风景一天比一天好看，前来散步和钓鱼的"
SIDES = st.text("文中的，。“”（）12a ", min_size=1, max_size=60).map(str.strip).filter(bool)
GAPS = st.builds(
    Gap,
    wrap=st.booleans(),
    filled=st.booleans(),
    style=st.sampled_from([None, *Style]),
    indented=st.booleans(),
    bare=st.booleans(),
    wide=st.booleans(),
    furniture=st.booleans(),
    echo=st.integers(0, 4),
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (OPEN, "人也比往年多了。"),
        (OPEN[:-1], "，都说水变清了。"),
        ("会上宣读了决定。他说：“这些年村里的变化，大家都看在眼里，", "记在心上。”"),
        ("去年全县外出务工的有两万人。到年底，汇回来的工资收入达到了8", "亿元，比上年多一成。"),
    ],
)
def test_what_is_joined_at_a_page_end(left: str, right: str) -> None:
    """An open end before a fitting half is joined at the threshold of the settings."""
    assert MODEL.probability(left, right, PAGE) >= 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("春耕开始了。", "的确早。"),
        ("他说：“好！”", "大家笑了。"),
        ("守住水源地，护好一湖清水", "入夏以来，县里组织巡护队每天两次沿湖巡查。"),
        (OPEN, "（二）加强巡护。各村每天巡查两次。"),
        (OPEN, "本报记者 韩冬梅"),
        (OPEN, "2020年2月15日"),
        (OPEN, "图为护水队员在湖边捡拾垃圾。"),
        (OPEN, "记者：后来呢？"),
        ("尊敬的各位代表：", "现在我报告工作。"),
        ("文/ 王小明", "入夏以来，县里组织巡护队。"),
        ("全县落实责任，一级抓一级。各村普遍推行了“三包", "交通系统积极组织力量，抢修道路。"),
        (OPEN, "近日，省里的检查组来到湖边。"),
    ],
)
def test_what_is_never_joined(left: str, right: str) -> None:
    """Ends of sentences, headings, bylines, date lines, captions, turns and broken quotations part."""
    assert MODEL.probability(left, right, PAGE) < 0.5


@given(SIDES, SIDES, GAPS)
def test_restored_text_is_joined_no_further(left: str, right: str, gap: Gap) -> None:
    """A seam is at least as likely as the same seam with nothing left of its gap but one line end.

    A restored text has one paragraph a line; so what was not joined is not joined the next time.
    """
    restored = Gap(echo=gap.echo)
    if not gap.wrap:
        assert MODEL.probability(left, right, gap) >= MODEL.probability(left, right, restored)


@given(SIDES, SIDES, GAPS)
def test_probabilities_are_probabilities(left: str, right: str, gap: Gap) -> None:
    """Every answer lies between 0 and 1."""
    assert 0 < MODEL.probability(left, right, gap) < 1


def test_gaps_speak_for_what_they_are() -> None:
    """A wide gap and furniture never speak against a join, a bare line end and a torn text never for it."""
    assert WEIGHTS["gap: a page end or wide"] >= 0 <= WEIGHTS["gap: furniture stood here"]
    assert WEIGHTS["gap: bare line end"] <= 0 >= WEIGHTS["gap: a column is elsewhere"]


@pytest.mark.parametrize(
    ("left", "right", "space"),
    [
        ("世界", "卫生", ""),
        ("the World", "Health", " "),
        ("the end,", "and then", " "),
        ("COVID-", "19", ""),
        ("人均1", "200元", ""),
        ("病毒,", "500人", ""),
        ("由WHO", "组织", ""),
        ("组织", "WHO", ""),
        ("in 2020", "WHO said", " "),
        ("增长11.", "7%", ""),
    ],
)
def test_glue(left: str, right: str, space: str) -> None:
    """Only Latin words are kept apart."""
    assert glue(left, right) == space
