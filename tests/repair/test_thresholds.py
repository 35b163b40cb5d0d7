"""Every length, count and share by which repair reads layout and forbids joins has a text on each side of it.

See `test_furniture_thresholds`, which has those of furniture.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.repair.edges import BODY, END, HAN, LAYOUT, UNWRAPPED, WHOLE, han, model, read
from tests.thresholds import Edges, divides

from etl.repair.layout.cells import in_list
from etl.repair.layout.hanging import without_hanging
from etl.repair.layout.indents import read_indents
from etl.repair.layout.lines import ENDED, JOINED, Lines, crowd, page_width, read_lines
from etl.repair.layout.stats import LayoutStats, layout, measure_layout
from etl.repair.order.constraints import continues_paragraph, forbidden, inside_phrases
from etl.repair.order.content import Content, read_content
from etl.repair.order.movability import may_move
from etl.repair.scorer.scores import Scores

WORDS = "农民合作社教师学校医院公路铁路桥梁水库电站工厂商店银行邮局公园广场体育市场车站码头新闻报纸电影歌曲"

# ------------------------------------------------------------------ lists and tables


def listed(texts: Sequence[str], k: int, stats: LayoutStats | None = None) -> bool:
    """Whether line k of the texts stands in a list."""
    lines, own = read(*texts)
    return bool(in_list(lines, stats or own)[k])


def among(shape: str) -> bool:
    """Whether the middle line does, short lines written as ``.`` and sentences as ``|``."""
    texts = [han(20) + "，李" if c == "." else han(35) + END for c in shape]
    return listed(texts, len(shape) // 2, UNWRAPPED)


# ------------------------------------------------------------------ forms


def upright(words: str) -> bool:
    """Whether lines of one character are words set upright."""
    return bool((read_lines("\n".join(words), ()).line_end_states[:-1] == JOINED).any())


# ------------------------------------------------------------------ indents


def indented(starts: Sequence[float], inner: Sequence[float], ends: int, last: float = 10.0) -> bool:
    """Whether indents are read from lines of these lengths: so many behind short ends, and the inner ones."""
    rows = [(row, "续") for row in inner]
    for number, start in enumerate(starts):
        rows += [(last, END), (start, "续"), (30.0, "续")] if number < ends else [(30.0, "续")]
    lines = read_lines("\n".join(f"文{end}" for _, end in rows), ())
    lines = replace(lines, size=np.array([size for size, _ in rows], np.float32))
    return bool(read_indents(lines, replace(LAYOUT, blank_style=0))[0].indent.any())


# ------------------------------------------------------------------ widths


def wrapped(texts: Sequence[str]) -> bool:
    """Whether the texts are taken for lines of running text."""
    return read(*texts)[1].wrapped


def set_in(*rows: tuple[float, str], gaps: Sequence[int] = ()) -> LayoutStats:
    """How lines of these lengths were set, each with the mark that ends it; the breaks before them."""
    lines = read_lines("\n".join(f"文，文{end}" for _, end in rows), ())
    lines = replace(lines, size=np.array([size for size, _ in rows], np.float32))
    lines = replace(lines, gap=np.array(gaps, np.int32)) if gaps else lines
    return measure_layout(lines, np.arange(len(rows)))


def gap_of_running(count: int) -> int:
    """How many line breaks stand between lines, of which so many break off and have two before the next."""
    rows = [*[(30.0, "文")] * count, *[(30.0, END)] * 9]
    return set_in(*rows, gaps=[0, *[2] * count, *[1] * 8]).gap


def closed_gap(width: float) -> int:
    """How many stand behind full lines that end a sentence, two each."""
    return set_in(
        *[(width, "文"), (width, "文"), (width, END)] * 6, gaps=[0, 1, 1, *[2, 1, 1] * 5]
    ).closed_gap


def told_indented(indented: int, count: int = 20) -> int:
    """What layout says of an indented line, where so many of the lines behind sure ends are indented."""
    stats = replace(LAYOUT, indented=0.1, indented_closed=indented / count)
    return int(layout(stats, np.array([1]), np.array([2]))[0])


def one_width(apart: int) -> bool:
    """Whether lines of two lengths, so far apart, make one width of the page among lines of any length."""
    sizes = [20.0] * 4 + [20.0 + apart] * 4 + [40.0 + 4 * k for k in range(12)]
    return page_width(np.array(sizes, np.float32)) <= 20 + apart


def prose(full: int, other: int, marks: int = 99, size: int = 24) -> list[str]:
    """Full lines, the first ones with a mark inside, and shorter lines that end sentences."""
    lines = [han(10) + ("，" if k < marks else "田") + han(size - 11) for k in range(full)]
    return [*lines, *[han(3 + k) + END for k in range(other)]]


def near_full(full: int, near: int, size: int, over: int = 0) -> bool:
    """Whether so many full lines of 24 characters make wrapped text, among so many that are near as long."""
    rows = [*[(24.0, "文")] * full, *[(size, END)] * near, *[(40.0 + 5 * k, "文") for k in range(over)]]
    return set_in(*rows, *[(3.0 + k % 6, END) for k in range(24 - len(rows))]).wrapped


def even(count: int, size: int, short: int = 0, same: int = 1) -> list[str]:
    """So many lines without marks, some a character shorter, some that begin with the same one."""
    lines = [HAN[k : k + size - (k < short)] for k in range(count)]
    return [HAN[0] + line[1:] if k < same else line for k, line in enumerate(lines)]


def turns_apart(count: int) -> bool:
    """Whether so many questions and answers without a colon each stand by themselves."""
    lines = read_lines("\n".join(["笔录", *["问  甲", "答  乙"] * count]), ())
    return bool((lines.line_end_states == ENDED).any())


def hanging(items: int, lack: int = 0, short: int = 0, inset: int = 4, rows: int = 1) -> Lines:
    """Items over lines that are set in: the first items short, the last full line lacking some characters."""
    out, edge = list[str](), 30
    for k in range(items):
        ahead = 12 if k < short else edge - 2
        out.append(f"{k + 1}. {han(ahead)}")
        out += [" " * inset + han(edge - inset // 2 - lack * (k == items - 1)) for _ in range(rows - 1)]
        out.append(" " * inset + han(7) + END)
    return without_hanging(read_lines("\n".join(out), ()))


def undone(items: int, lack: int = 0, short: int = 0, inset: int = 4) -> bool:
    """Whether lines that hang below so many items are set where the items stand."""
    return not hanging(items, lack, short, inset).indent.any()


def joined_below(items: int, lack: int = 0) -> bool:
    """Whether the last of so many items surely goes on below, when its line lacks some characters."""
    lines = hanging(items, lack, rows=2)
    return bool(lines.line_end_states[len(lines) - 2] == JOINED)


# ------------------------------------------------------------------ what is never joined


def guarded(*texts: str, stats: LayoutStats | None = None) -> Content:
    """What is known of the lines of a text."""
    lines, own = read(*texts, blank="\n\n")
    scores = Scores(model().scorer, lines.texts)
    return read_content(lines, stats or own, scores, np.zeros(len(lines), np.bool_))


def movable(*texts: str) -> bool:
    """Whether pieces of a text may be out of order."""
    return may_move(guarded(*texts))


def turns(name: str, count: int) -> list[str]:
    """So many turns of speech, each with a paragraph behind it."""
    return [line for k in range(count) for line in (f"{name}：{han(40 + k)}。", WHOLE)]


def articles(count: int) -> list[str]:
    """So many articles of a law."""
    return [f"第{'一二三四'[k]}条　{han(40 + k)}。" for k in range(count)]


def told(texts: Sequence[str], stats: LayoutStats, edge: float) -> Content:
    """The content of a text whose every line scores so as an end."""
    lines, _ = read(*texts)
    scores = Scores(model().scorer, lines.texts)
    scores.ends[:] = edge
    return read_content(lines, stats, scores, np.zeros(len(lines), np.bool_))


def phrase(seam: float, stats: LayoutStats = UNWRAPPED, edge: float = -9.0) -> bool:
    """Whether a seam is inside a phrase that scores so."""
    return bool(
        inside_phrases(told([han(20), han(10)], stats, edge), np.arange(1), np.array([seam], np.float32))[0]
    )


def joined(seam: float, *texts: str, stats: LayoutStats = UNWRAPPED, edge: float = -9.0) -> bool:
    """Whether the fifth of so many lines may go on in the next at a seam that scores so."""
    ends = np.array([4]), np.array([5])
    return not forbidden(told(texts, stats, edge), ends, np.array([seam], np.float32))[0]


def verse(size: int) -> bool:
    """Whether a line of so many characters, before one as long, is taken for verse."""
    return not joined(4.9, *[WHOLE] * 4, han(size), han(size - 1) + END)


ENTRY = f"甲乙／{han(60)}{END}"
ARTICLE = [*[WHOLE] * 4, BODY, f"第一条　{han(50)}{END}"]
EDGES: Edges = {
    "constraints CONFIDENT": (lambda n: joined(n, *ARTICLE), (2.1,), (1.9,)),
    "constraints CONFIDENT_IN_VERSE": (
        lambda n: joined(n, *[WHOLE] * 4, han(20), han(19) + END), (5.1,), (4.9,)
    ),
    "constraints CONFIDENT_IN_LIST": (lambda n: joined(n, *["王小明"] * 9, stats=LAYOUT), (6.1,), (5.9,)),
    "constraints ONE_PHRASE": (phrase, (8.1,), (7.9,)),
    "constraints ONE_WRAPPED": (lambda n: phrase(n, LAYOUT), (6.1,), (5.9,)),
    "constraints PHRASE_EDGES": (lambda n: phrase(9.0, edge=n), (-8.1,), (-7.9,)),
    "scores NEVER_ENDS": (lambda n: joined(9.0, *ARTICLE, edge=n), (-3.1,), (-2.9,)),
    "movability ORDERED, turns": (lambda n: not movable(*turns("王小明", n)), (3,), (2,)),
    "movability ORDERED, articles": (lambda n: not movable(*articles(n), WHOLE), (3,), (2,)),
    "movability LONGEST_NAMED": (lambda n: not movable(*turns(f"王明（{han(n - 5)}）", 4)), (24,), (25,)),
    "movability MOST_LISTED": (lambda n: not movable(*[WHOLE] * 14, *["甲乙丙丁戊"] * n), (11,), (10,)),
    "movability MOST_ENTRIES": (lambda n: not movable(*[WHOLE] * 5, *[ENTRY] * n), (6,), (5,)),
    "content ENTRY_SHARE": (lambda n: guarded(*[WHOLE] * (11 - n), *[ENTRY] * n).entries[10], (4,), (3,)),
    "cells SHORTEST_LIST": (lambda n: listed(["王小明"] * n, 0), (5,), (4,)),
    "cells LONGEST_ENTRY": (lambda n: listed([han(n - 2) + "，李"] * 9, 4, UNWRAPPED), (30,), (31,)),
    "cells LONGEST_BARE": (lambda n: listed([han(n)] * 9, 4), (60,), (61,)),
    "cells LIST_SHARE": (among, ("........|",), ("|.......|",)),
    "cells LIST_REACH": (among, ("||........|",), ("||.......||",)),
    "cells WRAPPED_SHARE": (lambda n: listed([han(n)] * 9, 4, LAYOUT), (18,), (19,)),
    "forms SHORTEST_UPRIGHT": (upright, ("农民合作社",), ("农民教师",)),
    "forms LONGEST_UPRIGHT": (lambda n: upright(WORDS[:n]), (40,), (41,)),
    "forms LEAST_IN_WORDS": (upright, ("农民教师了",), ("合作社农民教师了着",)),
    "indents LEAST_STARTS": (lambda n: indented([28.0] * 6, [30.0] * 6, n), (4,), (3,)),
    "indents LEAST_INDENT": (lambda size: indented([size] * 5, [30.0] * 6, 5), (28.5,), (28.6,)),
    "indents MOST_INDENT": (lambda size: indented([size] * 5, [30.0] * 6, 5), (27.25,), (27.125,)),
    "indents LEAST_SHORT": (
        lambda short, full: indented([28.0] * short + [30.0] * full, [30.0] * 6, 9), (3, 2), (4, 3)
    ),
    "indents LEAST_FULL": (
        lambda *inner: indented([28.0] * 5, inner, 5), (30.0, 28.5, 28.5, 30.0), (30.0, 28.5, 28.5)
    ),
    "indents LONGEST_GAP": (lambda end: indented([28.0] * 5, [30.0] * 6, 5, end), (25.75,), (26.0,)),
    "lines CROWDED": (lambda n: crowd(np.array([30.0] * 9 + [n], np.float32)) == 1, (28.5,), (28.25,)),
    "lines BAND": (one_width, (2,), (3,)),
    "lines BAND, both sides": (
        lambda n: (
            page_width(np.array([20 - n, 20, 20 + n] * 4 + [40 + 4 * k for k in range(12)], np.float32)) == 20
        ),
        (2,),
        (3,),
    ),
    "lines TENTH_SHARE": (
        lambda n: page_width(np.array([10.0 + 7 * k for k in range(11)], np.float32)) == 10 + 7 * n,
        (9,),
        (8,),
    ),
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
    "stats LEAST_FULL": (lambda n: wrapped([han(40), *prose(n, 17 - n), END, han(50)]), (8,), (7,)),
    "forms FEWEST_TURNS": (turns_apart, (2,), (1,)),
    "hanging FEWEST_ITEMS": (undone, (2,), (1,)),
    "hanging SLACK": (lambda n: joined_below(4, n), (4,), (5,)),
    "hanging FEWEST_SURE": (joined_below, (3,), (2,)),
    "hanging LEAST_FULL": (lambda n: undone(10, 0, n), (2,), (3,)),
    "hanging LARGEST_HANG": (lambda n: undone(4, inset=n), (8,), (9,)),
    "stats NEAR_FULL": (lambda n: near_full(6, 7, n), (16,), (17,)),
    "stats LEAST_FILLED": (lambda n: near_full(6, n, 19), (6,), (7,)),
    "stats FEWEST_FULL": (lambda n: near_full(n, 0, 19), (6,), (5,)),
    "stats FEW_OVER": (lambda n: near_full(6, 0, 19, n), (1,), (2,)),
    "stats LONGER_THAN_VERSE": (lambda n: wrapped(even(12, n)), (15,), (14,)),
    "stats EVEN_SHARE": (lambda n: wrapped(even(12, 20, n)), (2,), (3,)),
    "stats FEWEST_EVEN": (lambda n: wrapped(even(n, 20)), (10,), (9,)),
    "stats OTHER_SHARE": (lambda n: wrapped(even(10, 20, same=n)), (5,), (6,)),
    "stats MOST_OVER": (
        lambda n: set_in(*[(30.0, "文")] * (20 - n), *[(45.0 + 3 * k, "文") for k in range(n)]).wrapped,
        (4,),
        (5,),
    ),
    "stats LONGEST_MEAN": (lambda n: wrapped(prose(20, 0, size=n)), (59,), (60,)),
    "stats FULL_SLACK": (lambda n: set_in(*[(30.0, "文")] * 12, (n, "文")).full == 1, (27.5,), (27.25,)),
    "stats MOSTLY": (lambda n: told_indented(n) == 1, (11,), (10,)),
    "stats WIDEST_WRAPPED": (lambda n: closed_gap(n) == 2, (81.0,), (80.0,)),
    "stats LEAST_RUNNING": (lambda n: gap_of_running(n) == 2, (4,), (3,)),
    "stats WIDEST": (lambda n: set_in(*[(float(n), "文")] * 9).width == n, (300,), (301,)),
    "stats LONGEST_HANG": (
        lambda n: set_in(*[(30.0, "文")] * 9, *[(9.0, END), (30.0 - n, "文")] * 3).hanging_indent == n,
        (4.0,),
        (4.25,),
    ),
    "stats UNKNOWN_HANG": (lambda n: set_in(*[(30.0, "文")] * 9).hanging_indent == n, (-9.0,), (-8.0,)),
    "stats OPEN_SHARE": (
        lambda n: set_in(*[(30.0, "文")] * n, *[(30.0, "，")] * (100 - n)).prose, (40,), (39,)
    ),
    "stats NARROWEST": (lambda n: wrapped([f"{han(4)}，{han(n - 5)}"] * 20), (10,), (9,)),
    "stats LEAST_LINES": (lambda n: wrapped(prose(n, 0)), (4,), (3,)),
    "stats ROW_SHARE": (
        lambda n: wrapped([*["\t".join([han(8)] * 3)] * n, *prose(20 - n, 0)]), (5,), (6,)
    ),
    "stats MARKED_SHARE": (lambda n: wrapped(prose(20, 0, marks=n)), (10,), (9,)),
    "content LONGEST_ALONE": (
        lambda n: guarded(han(40) + END, "责任编辑：" + han(n - 5)).alone[1], (160,), (161,)
    ),
    "constraints SHORTEST_BARE": (lambda n: not joined(9, *[WHOLE] * 4, han(n), han(39) + END), (40,), (39,)),
    "constraints LONGEST_VERSE": (verse, (20,), (21,)),
    "content SHORT_TITLE": (
        lambda n: guarded("甲、乙、丙、丁、" + han(n - 8), han(60) + END).alone[0], (30,), (31,)
    ),
    "content CLAUSE_MARKS": (
        lambda n: guarded("甲、" * n + han(40), han(60) + END).alone[0], (3,), (4,)
    ),
    "content OVERLONG": (lambda n: guarded(han(n), han(30), stats=LAYOUT).alone[0], (35,), (34,)),
    "content LONGEST_HEADING": (
        lambda n: continues_paragraph(told([WHOLE, han(n)], UNWRAPPED, -9.0), np.array([1]))[0], (46,), (45,)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
