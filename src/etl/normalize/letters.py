"""Put letter-spaced words together: 关 于 防 汛 的 通 知, ２ ０ １ ９ 年.

Done: three characters or more, each with the same space before the next, that make words; labels of minutes
that stand before what they label (时　　间　上午). Not done: rows of single cells (甲 乙 丙), and other words
of two characters, which print sets apart on purpose (总　则, 王　强).
"""

import re
from collections.abc import Iterator

import rjieba

from etl.model.traced import Edit
from etl.normalize.context import HAN_CLASS
from etl.text.expressions import compiled
from etl.text.folding import simplify
from etl.text.numerals import UP_TO_HUNDREDS, UP_TO_TENS

_BLANK = " \u3000"
_MARK = "，。、；：？！（）《》“”‘’「」『』【】〔〕…—"
_SINGLE = rf"[^\s{_MARK}]"
SPACED = compiled(
    rf"(?<![^{_BLANK}\n{_MARK}]){_SINGLE}([{_BLANK}]{{1,4}})(?![{_BLANK}]){_SINGLE}"
    rf"(?:\1(?![{_BLANK}]){_SINGLE})+(?=[{_BLANK}\n{_MARK}]|$)"
)
LABELS = (
    ("时時", "间間"), ("地", "点點"), ("日", "期"), ("主", "席持"), ("出列缺", "席"), ("记記紀", "录錄"),
    ("主", "旨"), ("依", "据據"), ("说說", "明"), ("议議", "题題"),
)  # fmt: skip
"""First and second characters of labels, in both scripts."""
_LABEL = compiled(
    "^(?:"
    + "|".join(f"[{a}](?=[{_BLANK}]+[{b}])" for a, b in LABELS)
    + f")(?P<gap>　+|[{_BLANK}]{{2,}}).(?=[{_BLANK}]+[^{_BLANK}])",
    re.MULTILINE,
)
_HAN = compiled(f"[{HAN_CLASS}]")
_NUMERAL = compiled(f"[0-9０-９〇○{UP_TO_HUNDREDS}千万亿年月日时分元%％．.]")
_DATE = compiled(f"[0-9０-９〇○{UP_TO_TENS}][年月日]")
_BLANKS = compiled(f"[{_BLANK}]+")


def close_letters(text: str) -> Iterator[Edit]:
    """Yield edits that drop the spaces between single characters that make words.

    >>> len(list(close_letters("关 于 防 汛 的 通 知"))), list(close_letters("甲 丙 戊 庚"))
    (6, [])
    """
    if " " not in text and "\u3000" not in text:
        return
    gaps = {label.span("gap") for label in _LABEL.finditer(text)}
    for run in SPACED.finditer(text):
        if _is_words(_BLANKS.sub("", run.group())):
            gaps |= {blank.span() for blank in _BLANKS.finditer(text, run.start(), run.end())}
    yield from (Edit(*gap, "", "letter spacing") for gap in sorted(gaps))


def _is_words(joined: str) -> bool:
    """Check whether most characters are numerals or in words of two or more, and not in one that repeats."""
    if 2 * len(_HAN.findall(joined)) < len(joined):
        return False
    words: list[str] = rjieba.cut(simplify(joined), False)  # noqa: FBT003 - the library names no arguments
    longer = [word for word in words if len(word) > 1 and _NUMERAL.sub("", word)]
    numerals = sum(len(_NUMERAL.findall(word)) for word in words if word not in longer)
    dated = _DATE.search(joined) is not None
    if len(longer) > len(set(longer)) == 1:
        return False
    return (bool(longer) or dated) and 2 * (sum(map(len, longer)) + numerals) > len(joined)
