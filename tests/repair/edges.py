"""Texts that tests put on each side of a threshold of repair, and how they were set."""

from dataclasses import replace
from functools import cache

import numpy as np

from etl.engines import default
from etl.repair import Restorer
from etl.repair.layout.lines import Lines, read_lines
from etl.repair.layout.stats import LayoutStats, measure_layout

# A question, what it is asked of so that it holds, and so that it does not.

HAN = (
    "田间地头一派忙碌合作社的农机手们天不亮就下了地赶在雨前把二百亩玉米种下去村支书说今年的种子是县里统一调来的"
    * 4
)
END = "。"
TITLE = "北坡县今年新修水渠三十公里浇地不再靠天村民心里踏实"
BODY = (
    "入夏以来，县里组织巡护队沿湖巡查。全县一百二十六个排污口已经全部建档，沿岸的四家洗砂场在六月底以前关停，"
    "职工由镇里帮助转岗。湖边的八个村成立了义务护水队，老人孩子都来帮忙捡拾垃圾，岸边新栽的一千多"
)
REST = "棵柳树也都成活了。到了傍晚，散步的人比往年多出许多。"
WHOLE = BODY + REST
LAYOUT = LayoutStats(30, 0.5, 0.0, 1, 1, 0.0, 0.0, 20.0, prose=True)
UNWRAPPED = replace(LAYOUT, prose=False)


@cache
def model() -> Restorer:
    """The models as they are shipped."""
    return default().restorer


def han(count: int) -> str:
    """So many ideographs of running text."""
    return HAN[:count]


def read(*texts: str, blank: str = "\n") -> tuple[Lines, LayoutStats]:
    """Lines, and how they were set."""
    lines = read_lines(blank.join(texts), ())
    return lines, measure_layout(lines, np.arange(len(lines)))
