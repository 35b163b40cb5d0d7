"""Every length, count and share by which repair decides has a text on each side of it.

A row of `EDGES` is a question, what still holds and what no longer does. The numbers stand here a second
time, so that no threshold changes unseen; ``benchmarks/mutants.py`` says which have no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import numpy as np
import pytest

from etl.model import Encoding, Reading
from etl.repair import JoinModel, repair
from etl.repair.furniture import judge
from etl.repair.furniture.floats import continued, find_asides
from etl.repair.furniture.page_numbers import longest_series, page_numbers
from etl.repair.layout.cells import in_list
from etl.repair.layout.indents import read_indents
from etl.repair.layout.lines import JOINED, Lines, crowd, page_width, read_lines
from etl.repair.layout.stats import LayoutStats, measure
from etl.repair.order import restorer
from etl.repair.order.constraints import LineConstraints, guard, torn
from etl.repair.order.content import read_content
from etl.repair.scorer.scores import Scores

HAN = (
    "田间地头一派忙碌合作社的农机手们天不亮就下了地赶在雨前把二百亩玉米种下去村支书说今年的种子是县里统一调来的"
    * 4
)
END = "。"
SHEET = LayoutStats(30, 0.5, 1, 1, 0.0, 0.0, 20.0, prose=True)
UNWRAPPED = replace(SHEET, prose=False)
WORDS = "农民合作社教师学校医院公路铁路桥梁水库电站工厂商店银行邮局公园广场体育市场车站码头新闻报纸电影歌曲"


def han(count: int) -> str:
    """So many ideographs of running text."""
    return HAN[:count]


def read(*texts: str, blank: str = "\n") -> tuple[Lines, LayoutStats]:
    """Lines, and how they were set."""
    lines = read_lines(blank.join(texts), ())
    return lines, measure(lines, np.arange(len(lines)))


# ------------------------------------------------------------------ notes, captions, marks


def steps_aside(before: int, note: str, *more: str) -> bool:
    """Whether the last line given does, behind a line of so many characters that breaks off."""
    lines, sheet = read(han(before), note, *more, han(30) + END, blank="\n\n")
    return bool(find_asides(lines, sheet, np.zeros(len(lines), np.bool_))[1 + len(more)])


def pairs(count: int) -> bool:
    """Whether so many marks of continuation pair."""
    marks = [line for _ in range(count) for line in (han(40), "（下转第3版）", han(40), "（上接第1版）")]
    return bool(continued(read(*marks, han(40) + END)[0]))


# ------------------------------------------------------------------ what the page printed

TITLE = "北坡县今年新修水渠三十公里浇地不再靠天村民心里踏实"
BODY = (
    "入夏以来，县里组织巡护队沿湖巡查。全县一百二十六个排污口已经全部建档，沿岸的四家洗砂场在六月底以前关停，"
    "职工由镇里帮助转岗。湖边的八个村成立了义务护水队，老人孩子都来帮忙捡拾垃圾，岸边新栽的一千多"
)
REST = "棵柳树也都成活了。到了傍晚，散步的人比往年多出许多。"
WHOLE = BODY + REST


@cache
def model() -> JoinModel:
    """The models as they are shipped."""
    return JoinModel.load()


def gone(*texts: str, blank: str = "\n\n") -> list[str]:
    """The lines that are taken out as printed by the page."""
    done = repair(Reading(blank.join(texts), (), Encoding("utf-8", 1.0)), model(), 0.7)
    return [change.before for change in done.changes if change.rule == "furniture"]


def cut_title(head: int, at: int = 3, before: int = 60) -> bool:
    """Whether the beginning of the title goes that stands between whole paragraphs, as the line `at`."""
    above = [*[WHOLE] * (at - 2), han(before - 1) + END]
    return TITLE[:head] in gone(TITLE, *above, TITLE[:head], WHOLE)


def set_off(number: int) -> bool:
    """Whether a number goes that stands alone between whole paragraphs, more space around it than usual."""
    text = f"{TITLE}\n\n{WHOLE}\n\n{WHOLE}\n\n\n\n{number}\n\n\n\n{WHOLE}\n\n{WHOLE}"
    return str(number) in gone(text)


@dataclass(frozen=True)
class Told:
    """What the seam model might say: of the halves around a line, of either with it, and of each alone."""

    meet: float = 9.0
    beside: float = -9.0
    ends: float = -9.0
    starts: float = -9.0
    here: float = 0.0

    def seams(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The score of each pair; line 1 is the one between."""
        return np.where((left == 0) & (right == 2), self.meet, self.beside)


def cuts(told: Told, size: int = 8, *, place: bool = True) -> bool:
    """Whether a line of so many characters cuts a sentence, shown a page's end there or not."""
    lines, _ = read(BODY, han(size), REST)
    three = (np.array([0]), np.array([1]), np.array([2]))
    scores = Scored(told)
    return bool(judge._cuts(lines, cast(Scores, scores), three, np.array([place]))[0])


class Scored:
    """`Told` for three lines."""

    def __init__(self, told: Told) -> None:
        self.seams = told.seams
        self.ends = np.array([told.ends, 0.0, 0.0])
        self.starts = np.array([0.0, told.here, told.starts])


# ------------------------------------------------------------------ lists and tables


def listed(texts: Sequence[str], k: int, sheet: LayoutStats | None = None) -> bool:
    """Whether line k of the texts stands in a list."""
    lines, own = read(*texts)
    return bool(in_list(lines, sheet or own)[k])


def among(shape: str) -> bool:
    """Whether the middle line does, short lines written as ``.`` and sentences as ``|``."""
    texts = [han(20) + "，李" if c == "." else han(35) + END for c in shape]
    return listed(texts, len(shape) // 2, UNWRAPPED)


# ------------------------------------------------------------------ forms


def upright(words: str) -> bool:
    """Whether lines of one character are words set upright."""
    return bool((read_lines("\n".join(words), ()).settled[:-1] == JOINED).any())


# ------------------------------------------------------------------ indents


def indented(starts: Sequence[float], inner: Sequence[float], ends: int) -> bool:
    """Whether indents are read from lines of these lengths: so many behind short ends, and the inner ones."""
    rows = [(row, "续") for row in inner]
    for number, start in enumerate(starts):
        rows += [(10.0, END), (start, "续"), (30.0, "续")] if number < ends else [(30.0, "续")]
    lines = read_lines("\n".join(f"文{end}" for _, end in rows), ())
    lines = replace(lines, size=np.array([size for size, _ in rows], np.float32))
    return bool(read_indents(lines, replace(SHEET, blank_style=0))[0].indent.any())


# ------------------------------------------------------------------ widths


def wrapped(texts: Sequence[str]) -> bool:
    """Whether the texts are taken for lines of running text."""
    return read(*texts)[1].wrapped


def prose(full: int, other: int, marks: int = 99, size: int = 24) -> list[str]:
    """Full lines, the first ones with a mark inside, and shorter lines that end sentences."""
    lines = [han(10) + ("，" if k < marks else "田") + han(size - 11) for k in range(full)]
    return [*lines, *[han(3 + k) + END for k in range(other)]]


# ------------------------------------------------------------------ numbers of pages


def pages(first: int, step: int, text: int, count: int = 4, form: str = "{}") -> set[int]:
    """The values of the lines that number pages of so many characters of text, cut in mid-sentence."""
    written = [line for k in range(count) for line in (han(text), form.format(first + k * step))]
    lines, sheet = read("北坡县今年新修水渠", *written, han(text) + END, blank="\n\n")
    return set(page_numbers(lines, sheet).numbers)


# ------------------------------------------------------------------ what is never joined


def guarded(*texts: str, sheet: LayoutStats | None = None) -> LineConstraints:
    """What is known of the lines of a text."""
    lines, own = read(*texts, blank="\n\n")
    count = np.arange(len(lines))
    return guard(
        lines, sheet or own, (count, np.zeros(len(lines), np.int32), np.zeros(len(lines) - 1, np.bool_))
    )


def movable(*texts: str) -> bool:
    """Whether pieces of a text may be out of order."""
    lines, sheet = read(*texts, blank="\n\n")
    scores = Scores(model().seams, lines.texts, complete=False)
    return restorer._may_move(read_content(lines, sheet, scores, np.zeros(len(lines), np.bool_)))


def turns(name: str, count: int) -> list[str]:
    """So many turns of speech, each with a paragraph behind it."""
    return [line for k in range(count) for line in (f"{name}：{han(40 + k)}。", WHOLE)]


def articles(count: int) -> list[str]:
    """So many articles of a law."""
    return [f"第{'一二三四'[k]}条　{han(40 + k)}。" for k in range(count)]


def surely_torn(seam: float, ends: float = -9.0, *, verse: bool = False) -> bool:
    """Whether a sentence so surely runs over a seam that looks count no more."""
    return bool(torn(np.array([seam]), np.array([ends]), verse=np.array([verse]))[0])


EDGES: dict[str, tuple[Callable[..., object], tuple[object, ...], tuple[object, ...]]] = {
    "floats SHORTEST_OPEN": (lambda n: steps_aside(n, "图1 水渠"), (20,), (19,)),
    "floats LONGEST_ASIDE": (lambda n: steps_aside(40, "注：" + han(n - 2)), (120,), (121,)),
    "floats LONGEST_CREDIT": (
        lambda n: steps_aside(40, "图1 水渠", han(n - 1) + "摄"), (20,), (21,)
    ),
    "floats CLOSED": (lambda end: steps_aside(40, "图1 水渠（东段" + end, "西段）通水"), ("；",), ("”",)),
    "floats MOST_PAIRS": (pairs, (16,), (17,)),
    "judge SHORTEST_HEAD": (cut_title, (8,), (7,)),
    "judge FIRST_LINES": (lambda at: cut_title(12, at), (3,), (2,)),
    "judge SHORTEST_CUT": (lambda n: cut_title(12, 3, n), (20,), (19,)),
    "judge LEAST_PAGE": (set_off, (3,), (2,)),
    "judge LEAD": (lambda n: cuts(Told(meet=2.0, beside=n)), (0.4,), (0.6,)),
    "judge BEGINS": (lambda n: cuts(Told(starts=n)), (-1.1,), (-0.9,)),
    "judge SURELY_CUT, before": (lambda n: cuts(Told(ends=n), place=False), (-5.1,), (-4.9,)),
    "judge SURELY_CUT, after": (lambda n: cuts(Told(starts=n), place=False), (-5.1,), (-4.9,)),
    "judge SURELY_CUT, here": (lambda n: cuts(Told(here=n), 13), (-4.9,), (-5.1,)),
    "judge HELD": (lambda n: cuts(Told(beside=n), 13), (3.9,), (4.1,)),
    "judge LONGEST_NAME": (lambda n: cuts(Told(here=-9.0), n), (12,), (13,)),
    "judge LONGEST_CUTTER": (lambda n: cuts(Told(), n), (30,), (31,)),
    "constraints TORN": (surely_torn, (2.1,), (1.9,)),
    "constraints TORN_VERSE": (lambda n: surely_torn(n, verse=True), (5.1,), (4.9,)),
    "constraints NEVER_ENDS": (lambda n: surely_torn(9.0, n), (-3.1,), (-2.9,)),
    "restorer ORDERED, turns": (lambda n: not movable(*turns("王小明", n)), (3,), (2,)),
    "restorer ORDERED, articles": (lambda n: not movable(*articles(n), WHOLE), (3,), (2,)),
    "restorer LONGEST_NAMED": (lambda n: not movable(*turns(f"王明（{han(n - 5)}）", 4)), (24,), (25,)),
    "restorer MOST_LISTED": (lambda n: not movable(*[WHOLE] * 14, *["甲乙丙丁戊"] * n), (7,), (6,)),
    "cells FEWEST": (lambda n: listed(["王小明"] * n, 0), (5,), (4,)),
    "cells LONGEST": (lambda n: listed([han(n - 2) + "，李"] * 9, 4, UNWRAPPED), (30,), (31,)),
    "cells LONGEST_BARE": (lambda n: listed([han(n)] * 9, 4), (60,), (61,)),
    "cells SHARE": (among, ("........|",), ("|.......|",)),
    "cells REACH": (among, ("||........|",), ("||.......||",)),
    "cells LONGEST_CELL": (
        lambda n: listed([han(35) + END] * 6 + [han(n)] * 4 + [han(35) + END] * 6, 7), (12,), (13,)
    ),
    "cells FEWEST_CELLS": (
        lambda n: listed([han(35) + END] * 6 + ["甲乙"] * n + [han(35) + END] * 6, 6), (4,), (3,)
    ),
    "cells WRAPPED_SHARE": (lambda n: listed([han(n)] * 9, 4, SHEET), (18,), (19,)),
    "forms SHORTEST_UPRIGHT": (upright, ("农民合作社",), ("农民教师",)),
    "forms LONGEST_UPRIGHT": (lambda n: upright(WORDS[:n]), (40,), (41,)),
    "forms LEAST_IN_WORDS": (upright, ("农民教师了",), ("合作社农民教师了着",)),
    "indents LEAST_STARTS": (lambda n: indented([28.0] * 6, [30.0] * 6, n), (4,), (3,)),
    "indents LEAST_INDENT": (lambda size: indented([size] * 5, [30.0] * 6, 5), (28.5,), (28.6,)),
    "indents MOST_INDENT": (lambda size: indented([size] * 5, [30.0] * 6, 5), (27.25,), (27.125,)),
    "lines CROWDED": (lambda n: crowd(np.array([30.0] * 9 + [n], np.float32)) == 1, (28.5,), (28.25,)),
    "lines NARROWEST_LINE": (
        lambda n: page_width(np.array([float(n)] * 12 + [40.0] * 3, np.float32)) == n, (8,), (7,)
    ),
    "lines WIDEST_LINE": (
        lambda n: page_width(np.array([float(n)] * 12 + [100.0] * 3, np.float32)) == n, (89,), (90,)
    ),
    "lines COMMON": (
        lambda n: page_width(np.array([20.0] * n + [30.0 + 7 * k for k in range(20 - n)], np.float32)) == 20,
        (8,),
        (7,),
    ),
    "stats LEAST_FULL": (lambda n: wrapped(prose(n, 20 - n)), (8,), (7,)),
    "stats LONGEST_MEAN": (lambda n: wrapped(prose(20, 0, size=n)), (59,), (60,)),
    "stats NARROWEST": (lambda n: wrapped([f"{han(4)}，{han(n - 5)}"] * 20), (10,), (9,)),
    "stats LEAST_LINES": (lambda n: wrapped(prose(n, 0)), (4,), (3,)),
    "stats MARKED_SHARE": (lambda n: wrapped(prose(20, 0, marks=n)), (10,), (9,)),
    "page_numbers STEP": (lambda n: pages(3, n, 300), (2,), (3,)),
    "page_numbers SPACING": (lambda n: len(pages(3, 1, n)) == 4, (115,), (114,)),
    "constraints LONGEST_ALONE": (
        lambda n: guarded(han(40) + END, "责任编辑：" + han(n - 5)).alone[1], (160,), (161,)
    ),
    "constraints LONGEST_VERSE": (lambda n: guarded(han(n), han(30)).short[0], (20,), (21,)),
    "constraints LONGEST_NAME": (lambda n: guarded(han(n - 3) + "abc", han(30)).latin[0], (30,), (31,)),
    "constraints BEYOND": (lambda n: guarded(han(n), han(30), sheet=SHEET).overlong[0], (35,), (34,)),
    "constraints LONGEST_TITLE": (
        lambda n: guarded("甲、乙、丙、丁、" + han(n - 8), han(60) + END).alone[0], (30,), (31,)
    ),
    "constraints CLAUSES": (
        lambda n: guarded("甲、" * n + han(40), han(60) + END).alone[0], (3,), (4,)
    ),
    "constraints LONGEST_HEADING": (
        lambda n: guarded(han(30) + END, "注：" + han(n - 2), han(30) + END).open[1], (46,), (45,)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    question, holds, holds_not = EDGES[name]

    assert question(*holds)
    assert not question(*holds_not)


def test_series_count_on() -> None:
    """Numbers of pages stand 120 characters apart; the last may stand nearer."""
    lines, _ = read(*(line for k in range(4) for line in (han(119), str(k + 3))), "完")
    at = [k for k, text in enumerate(lines.texts) if text.isdigit()]

    assert len(longest_series(lines, [(k, int(lines.texts[k])) for k in at])) == 4
