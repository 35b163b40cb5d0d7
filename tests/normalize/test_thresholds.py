"""Every count, length and share by which normalization changes a text has a text on each side of it.

A row of `EDGES` is a question, what still holds and what no longer does. Numbers of 2 that stand for a half
are seen here, too; code points are the table of cases' matter.
"""

import pytest
from tests.thresholds import Edges, divides

from etl.model.traced import Traced
from etl.normalize import is_strewn, normalize, spacing, unreadable
from etl.normalize.brackets import widen_brackets
from etl.normalize.context import latin_run
from etl.normalize.doubled import undouble
from etl.normalize.letters import close_letters
from etl.normalize.punctuation import widen_punctuation
from etl.normalize.radicals import write_ideographs

TORN, WHOLE = "全力做好防 控工作到位了。", "万里长江 奔流不息向前方。"
NAMES = "张三 李四 王五 赵六 钱七"


def clean(text: str) -> str:
    """What normalization makes of a text."""
    return normalize(Traced.raw(text))[0].text


def strays(line: str, *, strewn: bool = False) -> bool:
    """Whether a gap of a line strayed into it."""
    return any(True for _ in spacing.stray_gaps(line, strewn=strewn))


def meant(line: str) -> bool:
    """Whether every gap of a line is meant, though its report is strewn with stray ones."""
    return not strays(line, strewn=True)


def outermost(depth: int) -> bool:
    """Whether of brackets so deep the outermost opening one finds its partner."""
    return 1 in {edit.start for edit in widen_brackets(f"中{'(' * depth}中{')' * depth}")}


def seen_left(count: int) -> bool:
    """Whether so many characters left of a gap tell where words end."""
    line = "水渠路面桥梁河堤树苗灯杆" * 2 + " 通车了"
    return len(spacing._beside(line, spacing._gaps(line)[0])[0]) >= count


def undone(text: str) -> bool:
    """Whether glyphs of a text were printed more than once."""
    return any(True for _ in undouble(text))


def spelt(word: str) -> bool:
    """Whether these characters, set apart, make words."""
    return any(True for _ in close_letters(" ".join(word)))


EDGES: Edges = {
    # each round sets one more bracket right, since only a wide one before it proves the next
    "ROUNDS": (lambda n: clean("中" + ")" * n) == "中" + "）" * n, (16,), (17,)),
    "brackets _DEPTH": (outermost, (8,), (9,)),
    "brackets _LIST_NUMBER": (
        lambda text: any(True for _ in widen_brackets(text)), ("中12)中",), ("中123)",)
    ),
    "context REACH": (lambda n: latin_run("中" + "a" * n, n + 1)[1], (63,), (64,)),
    "doubled _TIMES, threes": (
        lambda text: next(undouble(text)).replacement == "石桥县",
        ("石石石桥桥桥县县县",),
        ("石石石石桥桥桥桥县县县县",),
    ),
    "doubled _TIMES, twos": (undone, ("石石桥桥县县",), ("石桥县",)),
    "doubled _PART": (undone, ("他说石石桥桥县县简简了",), ("他说石石桥桥县县了",)),
    "doubled _DIFFERENT": (undone, ("石石桥桥县县",), ("石石桥桥石石桥桥",)),
    "doubled _NATURAL": (undone, ("高高兴兴石石桥桥",), ("高高兴兴妈妈石石桥桥",)),
    "letters, half are ideographs": (spelt, ("防汛1234通知",), ("防汛12345通知",)),
    "letters, more than half make words": (spelt, ("防汛丑",), ("防汛丑卯",)),
    "punctuation _WORDS": (
        lambda text: any(True for _ in widen_punctuation(text)),
        ("关于 New York,我们",),
        ("关于 the New York,我们",),
    ),
    "radicals _ROW": (lambda text: any(True for _ in write_ideographs(text)), ("⽊⽔",), ("⽊⽔⽕",)),
    "spacing _HALF": (meant, ("北京 万里长江奔流",), ("京 万里长江奔流",)),
    "spacing _HALF_OF_SLOGAN": (
        meant, ("他说“跟党走 一起向未来”，大家鼓掌。",), ("他说“同心 一起向未来”，大家鼓掌。",)
    ),
    "spacing _HALF_OF_CLAUSE": (meant, ("大步跟党 一起向未来，再出发",), ("跟党走 一起向未来，再出发",)),
    "spacing _NAME_LENGTH, from": (strays, ("防 控工",), ("做防 控工",)),
    "spacing _NAME_LENGTH, to": (strays, ("要全力做防 控工",), ("全力做防 控工作们",)),
    "spacing _WINDOW": (seen_left, (16,), (17,)),
    "spacing _LONG_CELLS": (
        strays, (f"{NAMES[:-3]} 做防 控工作做得好"[3:],), (f"{NAMES[:-3]} 做防 控工作做得好",)
    ),
    "spacing _LABEL": (
        lambda line: is_strewn([line, line]), ("做好防 控工作到位了。",), ("好防 控工作到位了。",)
    ),
    "spacing _TORN": (lambda n: is_strewn([TORN] * n), (2,), (1,)),
    "spacing _TORN_SHARE": (lambda n: is_strewn([TORN] * 2 + [WHOLE] * n), (8,), (9,)),
    "spacing _DATED": (strays, ("全力做好防 控工作到位了。",), ("全力做好3月 日期定下来了。",)),
    "unreadable _ACCENTS": (unreadable, ("‰‰éé",), ("‰‰‰é",)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
