"""Take the blanks out of numbers and times: 10 万元, 2019 年 3 月 5 日, 2016 — 2020 年.

A new place at which a blank divides one number or time is one more expression in `INNER`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import UP_TO_HUNDREDS, ZERO_SIGNS

Span = tuple[int, int]

BLANKS = re.compile("[ \u3000\u00a0]")
BLANK = f"{BLANKS.pattern}{{1,3}}"
HAN_DIGITS = f"{ZERO_SIGNS}{UP_TO_HUNDREDS}千万亿两几数"
SIGN = "[—–～~至到－-]"
HALF_DAYS = ("上午", "下午", "中午", "凌晨", "清晨", "早晨", "早上", "傍晚", "晚上", "晚间", "深夜", "夜间")
HALF_DAY = "|".join(HALF_DAYS)
AFTER_HALF_DAY = "|".join(f"(?<={words})" for words in HALF_DAYS)
# Blanks between a number and what goes on with it, each expression with all its blanks in groups.
INNER = (
    compile_with_lookahead(f"(?<=\\d)({BLANK})(?=[\u3400-\u9fff%‰℃])"),
    compile_with_lookahead(
        f"(?<=[\\d年月日时点分%万亿元{HAN_DIGITS}])({BLANK})?{SIGN}{{1,2}}({BLANK})?(?=[\\d{HAN_DIGITS}])"
    ),
    # 生产总值2 311.43亿元, 共1 000 000人: thousands apart, right behind a word or mark.
    compile_with_lookahead(
        f"(?<=[\u3400-\u9fff，。；：、（])\\d{{1,3}}({BLANKS.pattern})\\d{{3}}(?:({BLANKS.pattern})\\d{{3}})?"
        f"(?:({BLANKS.pattern})\\d{{3}})?(?:\\.\\d{{1,12}})?(?=[\u3400-\u9fff])"
    ),
    compile_with_lookahead(f"(?:(?<=[年月日号])|(?<=民国)|(?<=世纪)|(?<=公元))({BLANK})(?=\\d)"),
    compile_with_lookahead(f"(?<=[年月])({BLANK})(?=[{HAN_DIGITS}]{{1,3}}[月日])"),
    compile_with_lookahead(f"(?<=[日号])({BLANK})(?={HALF_DAY})"),
    compile_with_lookahead(f"(?:{AFTER_HALF_DAY})({BLANK})(?=\\d{{1,2}}(?:{BLANK})?[时点:：])"),
    compile_with_lookahead(f"(?<=[时点])({BLANK})(?=[0-5]?\\d(?:{BLANK})?分)"),
    compile_with_lookahead(f"(?<=[时点])({BLANK})(?=[{HAN_DIGITS}]{{1,3}}(?:{BLANK})?分)"),
    compile_with_lookahead(f"(?:{AFTER_HALF_DAY})({BLANK})(?=[{HAN_DIGITS}]{{1,3}}(?:{BLANK})?[时点])"),
    compile_with_lookahead(f"(?<=[{HAN_DIGITS}])({BLANK})(?=[成余多万亿元年月日%])"),
)


@dataclass(frozen=True, slots=True)
class Dense:
    """A text without the blanks inside its numbers and times, and where each of its characters stood.

    Attributes:
        text: what is left.
        places: the offset of each character in the text before; empty where nothing was taken out.
    """

    text: str
    places: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """Return the span before of a span that holds something."""
        return (self.places[start], self.places[end - 1] + 1) if self.places else (start, end)


@lru_cache(maxsize=4)
def make_dense(text: str) -> Dense:
    """Return a text without the blanks inside its numbers and times.

    >>> make_dense("共收到 3 笔 12 万元").text
    '共收到 3笔 12万元'
    """
    if not BLANKS.search(text):
        return Dense(text)
    taken = {
        i
        for inner in INNER
        for match in inner.finditer(text)
        for group in range(1, inner.groups + 1)
        for i in range(*match.span(group))
    }
    if not taken:
        return Dense(text)
    places = tuple(i for i in range(len(text)) if i not in taken)
    return Dense("".join(text[i] for i in places), places)
