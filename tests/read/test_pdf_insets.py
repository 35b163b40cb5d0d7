"""What is set into a paragraph stands behind it: pull quotes, boxes; each number that tells has two sides."""

from dataclasses import replace

import pytest
from tests.read.type_on_pages import BODY, han, line
from tests.thresholds import Edges, divides

from etl.read.pdf.page import TypeLine
from etl.read.pdf.writing import raw_lines

LEFT, RIGHT = 50.0, 250.0
Block = list[TypeLine]


def text(rows: int, name: str, first: float = 100.0, **more: float) -> Block:
    """Return full lines one below the other, each beginning with a name."""
    x0, x1 = more.pop("x0", LEFT), more.pop("x1", RIGHT)
    return [line(name + han(19), x0, first + 16 * k, x1, **more) for k in range(rows)]


def quote(first: float, rows: int = 2, size: float = 14.0, words: str = "引言甲乙丙丁戊己") -> Block:
    """Return lines in another type."""
    return [line(words, LEFT + 10, first + 22 * k, RIGHT - 10, size=size) for k in range(rows)]


def order(*blocks: Block) -> str:
    """Return the first characters of the lines in the order of the raw text."""
    indented = [line(han(10), LEFT + (20 if k % 2 else 0), 100 + 16 * k, RIGHT - 60) for k in range(8)]
    return "".join(one.text[0] for one in raw_lines([[*blocks, indented]], BODY)).rstrip("田")


def moved(size: float = 14.0, step: float = 40.0, rows: int = 2, words: str = "引言甲乙丙丁戊己") -> bool:
    """Check whether a quotation in the middle of a block is put behind the paragraph that it interrupts."""
    upper = text(3, "上")
    inset = quote(132 + step, rows, size, words)
    lower = [
        *text(1, "下", inset[-1].base + 40),
        line("终" + han(5) + "。", LEFT, inset[-1].base + 56, RIGHT - 90),
    ]
    return order([*upper, *inset, *lower]) == "上上上下终" + "引" * rows


def across(last: str = "上", room: float = 0.0, indent: float = 0.0, size: float = BODY) -> bool:
    """Check whether a quotation at the end of a block is put behind a paragraph that the next one ends."""
    upper = text(3, "上")
    upper[2] = line(han(20 - len(last)) + last, LEFT, 132, RIGHT - room)
    lower = [
        line("下" + han(19), LEFT + indent, 100, RIGHT, size=size),
        line("终" + han(5) + "。", LEFT, 116, RIGHT - 90, size=size),
    ]
    return order([*upper, *quote(172)], lower).endswith("下终引引")


def behind_title(deep: float) -> bool:
    """Check whether a line so far from the margin is interrupted by what stands below it."""
    upper = [*text(2, "上"), line("中" + han(10), LEFT + deep, 132, RIGHT)]
    return order([*upper, *quote(172)], text(2, "下")).endswith("引引")


def full_lines(count: int) -> bool:
    """Check whether the last of a block's lines is interrupted where so many others are as long."""
    upper = [*text(9, "短", x1=RIGHT - 40), *text(count, "长", 244)]
    inset = quote(upper[-1].base + 40)
    return order([*upper, *inset], text(2, "下")).endswith("引引")


def test_what_announces_stays_in_place() -> None:
    """A quotation behind a colon stands where it is announced."""
    assert across()
    assert not across("：")


def test_a_form_stays_in_place() -> None:
    """What is filled in interrupts nothing."""
    upper = text(3, "上")
    upper[2] = replace(upper[2], whole=True)
    assert order([*upper, *quote(172)], text(2, "下")) == "上上上引引下下"


EDGES: Edges = {
    "insets OTHER_TYPE": (moved, (9.5,), (9.6,)),
    "insets OTHER_TYPE, larger": (moved, (10.5,), (10.4,)),
    "insets APART": (moved, (14.0, 20.6), (14.0, 20.4)),
    "insets MOST_LINES": (moved, (14.0, 40.0, 60), (14.0, 40.0, 61)),
    "insets FEWEST_HAN": (moved, (14.0, 40.0, 1, "引言甲乙丙丁戊己"), (14.0, 40.0, 1, "引言甲乙丙丁戊")),
    "insets FULL": (across, ("上", 16.9), ("上", 17.1)),
    "insets FLUSH": (across, ("上", 0.0, 7.9), ("上", 0.0, 8.1)),
    "insets SAME_TYPE": (across, ("上", 0.0, 0.0, 10.1), ("上", 0.0, 0.0, 10.3)),
    "insets, of a sentence": (across, ("上",), ("。",)),
    "insets DEEPEST_INDENT": (behind_title, (31.9,), (32.1,)),
    "insets _is_full": (full_lines, (2,), (1,)),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
