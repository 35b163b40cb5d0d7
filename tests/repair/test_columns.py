"""Columns that were written in turns, line by line, come out one after the other; no whole text does."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
from tests.repair.decided import decide, restore, texts
from tests.repair.edges import LAYOUT, model

from etl.repair.layout.lines import read_lines
from etl.repair.order import columns, restorer
from etl.repair.order.columns import PARTED, part_columns
from etl.repair.order.content import Content, read_content
from etl.repair.scorer.scores import Scores

WATER = (
    (
        "近日，北坡县召开水利建设工作会议，总结今年以来全县水利建设情况，安排部署下一阶段重点任务。会议指出，今年全县共投入资金"
        "三亿二千万元，新修和改造水渠一百二十公里，新增有效灌溉面积四万五千亩，解决了十八个村的饮水困难问题。"
    ),
    (
        "会议要求，各乡镇各部门要进一步提高思想认识，把水利建设摆在更加突出的位置，切实加强组织领导，层层落实工作责任。"
        "要严格执行项目管理制度，加强工程质量监督，确保每一项工程都经得起群众和历史的检验。"
    ),
    (
        "会议强调，要创新体制机制，鼓励和引导社会资本参与农田水利建设，逐步形成政府主导、社会参与、农民受益的工作格局。"
        "要加强水资源统一管理，积极推广节水灌溉技术，不断提高水资源利用效率，为农业增产和农民增收提供有力保障。"
    ),
)
CLASS = (
    (
        "新学期开学以来，青石市教育局组织开展了校园安全大检查，对全市三百多所中小学校和幼儿园的消防设施、食品卫生、"
        "校车运行等情况进行全面检查，共发现各类安全隐患四百余处，已经全部责令限期整改。"
    ),
    (
        "为了丰富学生的课余生活，全市各中小学校积极开展形式多样的阅读活动，建立班级图书角两千多个，配备图书三十多万册。"
        "不少学校还邀请作家和学者走进校园，与学生面对面交流读书心得，受到师生和家长的普遍欢迎。"
    ),
    (
        "市教育局有关负责人表示，下一步将继续加大教育投入，改善农村学校办学条件，推进优质教育资源共享，"
        "努力缩小城乡之间和学校之间的差距，让每一个孩子都能享受公平而有质量的教育。"
    ),
)
WIDTH = 17


def lines(paragraphs: Sequence[str]) -> list[str]:
    """A column of print."""
    return [text[k : k + WIDTH] for text in paragraphs for k in range(0, len(text), WIDTH)]


def in_turns(*written: Sequence[str]) -> str:
    """Lines of columns, written from the top of the page to its foot."""
    rows = zip_longest(*map(lines, written))
    return "\n\n".join(line for row in rows for line in row if line)


WHOLE = [*WATER, *CLASS]
TWO, THREE = in_turns(WATER, CLASS), in_turns(WHOLE[:2], WHOLE[2:4], WHOLE[4:])


def content(text: str) -> Content:
    """The content of a text of lines as wide as a column."""
    found = read_lines(text, ())
    stats, none = replace(LAYOUT, width=WIDTH), np.zeros(len(found), np.bool_)
    return read_content(found, stats, Scores(model().scorer, found.texts), none)


@pytest.mark.parametrize("text", [TWO, THREE])
def test_columns_come_out_one_after_the_other(text: str) -> None:
    """Each column is whole, its sentences joined; the ledger has every move, the report asks for a look."""
    done = restore(text)

    assert texts(done) == WHOLE
    assert {change.confidence for change in done.changes if change.rule == "moved column"} == {PARTED}
    assert done.tangled


def test_each_page_has_its_columns() -> None:
    """A form feed ends all columns of a page."""
    assert texts(restore(TWO.replace("渠", "沟") + "\n\f" + TWO)) == [
        *(text.replace("渠", "沟") for text in WHOLE),
        *WHOLE,
    ]


def test_furniture_of_its_pages_goes() -> None:
    """Numbers that count the pages are taken out among columns in turns, too."""
    other = TWO.replace("渠", "沟")

    assert texts(restore(f"{TWO}\n\n— 13 —\n\n\f{other}\n\n— 14 —\n\n\f{TWO}\n\n— 15 —")) == [
        *WHOLE,
        *(text.replace("渠", "沟") for text in WHOLE),
        *WHOLE,
    ]


def test_a_heading_in_one_column_cuts_no_sentence_of_the_other() -> None:
    """It is no furniture, though it stands between the halves of a sentence."""
    done = restore(in_turns(WATER, [*CLASS[:2], "校园阅读活动", *CLASS[2:]]))

    assert texts(done) == [*WATER, *CLASS[:2], "校园阅读活动", *CLASS[2:]]


def test_whole_text_does_not_take_turns() -> None:
    """Lines of one column stay in their order."""
    assert part_columns(content("\n\n".join(lines(WHOLE)))) is None
    assert part_columns(content(TWO)) is not None


@pytest.mark.parametrize("at", [0, 9])
def test_refused_move_leaves_all_lines_where_they_are(at: int) -> None:
    """Who refuses one move gets no other; who accepts one has the same text."""
    done = restore(TWO)
    move = [change for change in done.changes if change.rule == "moved column"][at]
    refused = restore(TWO, decide(TWO, done, move, accepted=False))

    assert not any(change.applied for change in refused.changes if change.rule == "moved column")
    assert texts(restore(TWO, decide(TWO, done, move, accepted=True))) == WHOLE


def test_nothing_moves_above_the_confidence_of_the_moves() -> None:
    """A threshold that is higher leaves the text in its order, and says that it is tangled."""
    done = restore(TWO, threshold=PARTED + 0.01)

    assert done.tangled
    assert not any(change.applied for change in done.changes if change.rule == "moved column")


def gained(monkeypatch: pytest.MonkeyPatch, **numbers: float) -> list[int] | None:
    """How `TWO` is taken apart with other numbers."""
    for name, number in numbers.items():
        monkeypatch.setattr(columns, name, number)
    return part_columns(content(TWO))


@pytest.mark.parametrize(("name", "parted", "left"), [("LEAST_GAIN", 6.0, 12.0), ("LEAST_MOVED", 0.7, 1.0)])
def test_columns_must_gain_and_take_turns(
    monkeypatch: pytest.MonkeyPatch, name: str, parted: float, left: float
) -> None:
    """A page is taken apart where that gains enough, and moves enough of its lines."""
    assert gained(monkeypatch, **{name: parted}) is not None
    assert gained(monkeypatch, **{name: left}) is None


def ahead(tails: tuple[int, ...], line: int) -> dict[int, float]:
    """What each column gains by a line, where every succession gains 0."""
    return dict(columns._choices([[0.0] * columns.AHEAD] * line, tails, line))


def test_what_a_line_may_continue() -> None:
    """The next line of a column is due behind one line of each other column; a new column costs more."""
    assert ahead((0, 1), 2) == {0: 0.0, 1: -1.0, 2: -6.0}
    assert ahead((0, 12), 13) == {1: 0.0, 2: -6.0}
    assert ahead((1, 12), 13) == {0: -10.0, 1: -1.0, 2: -6.0}
    assert 4 in ahead((0, 1, 2, 3), 4)
    assert 5 not in ahead((0, 1, 2, 3, 4), 5)


def test_gains_are_bounded() -> None:
    """No succession gains more than others can make up for, and none is possible behind the last line."""
    gains = columns._gains_ahead(content(TWO))

    assert max(map(max, gains)) == 5.0
    assert gains[-1] == [-9.0] * 12


@pytest.mark.parametrize(("least", "parted"), [(30, True), (36, False)])
def test_columns_have_many_open_seams(monkeypatch: pytest.MonkeyPatch, least: int, parted: bool) -> None:  # noqa: FBT001
    """Where few sentences break off, nothing is looked for."""
    monkeypatch.setattr(restorer, "FEWEST_OPEN", least)

    assert restore(TWO).tangled == parted
