"""Every length and count by which structure tells lines apart has a text on each side of it.

A row of `EDGES` is a question, what still holds and what no longer does.
"""

from datetime import date

import pytest
from tests.thresholds import Edges, divides

from etl import structure
from etl.model.report import Mark
from etl.structure import head
from etl.structure.dates import is_step, line_date

HAN = "水渠路面桥梁河堤树苗灯杆" * 60
DAY, MINISTER = "2009年11月6日", "县长　王立新"
REPUBLIC_DAY = "一百零八年十二月二十一日"
LONG = f"{HAN[:40]}。"


def marked_title(at: int) -> bool:
    """Whether a title is found that the format marks at this line."""
    told: list[Mark | None] = [None] * (at + 3)
    told[at] = "title"
    return structure._title(["水渠"] * len(told), told, range(0)).start == at


def signed(back: int) -> bool:
    """Whether a day so many lines from the end of a text stands under a signature."""
    return structure._is_signed([LONG] * 20, 20 - back)


def heads(short: int) -> bool:
    """Whether a short line is a heading, under a title and so many other short lines."""
    lines = ["全县水利", *["东村", "西村"][:short], "南村", LONG]
    return structure._heads(lines, short + 1, range(1))


def titled(above: int) -> bool:
    """Whether a title is found below so many lines of a letterhead."""
    return bool(head.find_title([*["机密"] * above, "全县水利", LONG], ()))


def annexed(at: int) -> bool:
    """Whether the title of what an order puts in force is found, signed at this line."""
    lines = [DAY, *[LONG] * (at - 1), MINISTER, "全县水渠管理办法", LONG]
    return bool(head._annexed(lines))


def ends(*lines: str) -> int:
    """In which line a title ends."""
    return head._end(lines, 0)


def entry(size: int) -> bool:
    """Whether a line of contents is known by the heading of the same words."""
    return len(head.find_contents(["目录", HAN[:size], LONG, HAN[:size]])) > 1


def dated(size: int) -> bool:
    """Whether a day with the fields of a page behind it, so long altogether, is a date line."""
    line = f"{DAY} 来源：{HAN[:30]}，字号：{HAN[:30]}，编号：{HAN[:30]}，页：{HAN[: size - 115]}"
    assert len(line) == size
    return line_date(line) == date(2009, 11, 6)


def step(size: int) -> bool:
    """Whether the history of a law, so long in its brackets, is one."""
    space = " " * (size - 700)
    line = f"（{HAN[:40]}中华民国{space}{REPUBLIC_DAY}{HAN[:600]}修正{HAN[:40]}）"
    assert len(line) == size
    return is_step(line)


def addressed(last: int) -> bool:
    """Whether offices of so many characters, the last one of these, are whom a letter goes to."""
    return structure.is_salutation(f"各县政府、{f'{HAN[:20]}府、' * 5}{HAN[: last - 1]}府：")


EDGES: Edges = {
    "_HEAD, marked": (marked_title, (11,), (12,)),
    "_HEAD, by looks": (
        lambda at: structure._text_begins([*["东村"] * at, LONG, *["东村"] * 9]) == at, (11,), (13,)
    ),
    "_TAIL": (signed, (5,), (6,)),
    "_TEXT_LENGTH": (
        lambda n: structure._text_begins(["东村", f"{HAN[: n - 1]}。", "西村"]) == 1, (41,), (40,)
    ),
    "_SIGNATURE_LENGTH": (lambda n: structure._is_signed([HAN[:n], *[LONG] * 9], 1), (30,), (31,)),
    "_LISTED": (heads, (1,), (2,)),
    "dates _REPUBLIC_OFFSET": (
        lambda day: line_date("中华民国98年11月6日") == day, (date(2009, 11, 6),), (date(2010, 11, 6),)
    ),
    "dates _LONGEST": (dated, (120,), (121,)),
    "dates _LONGEST_STEPS": (step, (700,), (701,)),
    "head _LINES, title": (titled, (5,), (6,)),
    "head _LINES, names": (
        lambda at: head.names_of([*["机密"] * at, MINISTER, "各位代表："], at, range(0)), (5,), (6,)
    ),
    "head _ORDER": (annexed, (7,), (8,)),
    "head _TITLE_LENGTH": (lambda n: head._is_title(HAN[:n]), (60,), (61,)),
    "head _TITLE_LINES": (
        lambda *lines: ends("关于做好全县水渠", *lines, "工作的通知") == len(lines) + 2,
        ("桥梁", "路面"),
        ("桥梁", "路面", "河堤"),
    ),
    "head _LINE_LENGTH": (lambda n: head._goes_on(HAN[:n]), (40,), (41,)),
    "head _CONTENTS_WITHIN": (lambda at: head.find_contents([LONG] * at + ["目录"]), (39,), (40,)),
    "head _ENTRY_LENGTH": (entry, (45,), (46,)),
    "head _NAME_LINE_LENGTH": (lambda n: head.officer_name(f"县长{'　' * (n - 5)}王立新"), (30,), (31,)),
    "head _FULL_NAME": (lambda name: head.officer_name(f"县长　{name}"), ("王立新",), ("王立新民",)),
    "head, compound surnames": (
        lambda name: head.officer_name(f"县长　{name}"), ("欧阳立新",), ("欧王立新",)
    ),
    "head _ISSUED_LINES": (
        lambda *lines: ends("全县人民政府", *lines) == len(lines) + 1, ("工作报告",), ("农村", "工作报告")
    ),
    "predicates _HEADING_LENGTH": (lambda n: structure.is_heading(HAN[:n]), (30,), (31,)),
    "predicates _NUMBERED_HEADING_LENGTH": (
        lambda n: structure.is_heading(f"一、{HAN[: n - 2]}"), (45,), (46,)
    ),
    "predicates _CAPTION_LENGTH": (lambda n: structure.is_caption(f"图1 {HAN[: n - 3]}"), (120,), (121,)),
    "predicates _TURN_LENGTH": (
        lambda gap: structure.is_speaker(f"{HAN[:8]}（{HAN[:20]}）：{gap}我来说"), ("",), (" ",)
    ),
    "predicates _ADDRESS_LENGTH": (addressed, (4,), (5,)),
    "predicates _FIGURED_CELLS": (structure.is_row, ("1 2 3 4 5 6",), ("1 2 3 4 5",)),
    "predicates, most cells with figures": (structure.is_row, ("甲 1 2 3 4 乙",), ("甲 1 2 3 丙 乙",)),
    "predicates _LEADER_LENGTH": (lambda n: structure.is_row(f"总则...{chr(160) * n}5"), (76,), (77,)),
    "predicates _PHOTO_ENDS": (structure.is_caption, ("水渠 张三摄影）",), ("水渠 张三摄影的",)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
