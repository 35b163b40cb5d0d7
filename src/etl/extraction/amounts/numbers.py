"""Read the number of an amount: value, upper end of a range, and the words that make it inexact.

A new word such as 约 or 以上 belongs into one of the expressions; a new way to write a number into
`etl.text.numerals`.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from etl.model.exact import Amount, amount
from etl.text.alternation import behind
from etl.text.numerals import SMALL_UNITS, Bounds, parse_bounds, parse_number, shared_scale

RANGE_SIGN = "(?:[—–－-]{1,2}|[~～至到])"
SOME = "[数几](?=[十百千万亿])"
ALMOST = re.compile(behind(["约", "近", "大概", "接近", "不到", "不足", "不超过", "不多于", "最多", "至多"]))
AT_LEAST = re.compile(f"(?:{behind(['超', '超过', '逾', '至少', '不少于', '不低于', '突破'])})(?<!不超过)")
MORE_INSIDE = re.compile("[余多几]")
ROUGHLY = re.compile("[来把]")
OR_MORE = re.compile("以上")
OR_SO = re.compile("左右|上下")
# Scales that alone are no number.
BARE_SCALES = frozenset("百千万亿兆余多〇零几")
# 12,34: no thousands separated, and no number of its own.
MISPLACED_COMMA = re.compile("(?<=\\d,)")
# 三至五百: both ends count hundreds where the first is a lower digit.
_SHARING = re.compile("[一二三四五六七八九两\\d]([十百千])")


class Number(NamedTuple):
    """The value of an expression, the upper end of a range, and how exact it is."""

    value: Amount | None
    max: Amount | None
    at_least: bool = False
    approximate: bool = False


def read_number(text: str, match: re.Match[str]) -> Number:
    """Read the groups ``low`` and ``high`` of a match and the qualifiers beside it."""
    low, high = read_range(match["low"], match["high"], shared=not match.groupdict().get("alone"))
    inside = match["low"] + (match["high"] or "")
    more = bool(MORE_INSIDE.search(inside) or match["some"])
    return Number(
        value=amount(low),
        max=amount(high),
        at_least=more or bool(AT_LEAST.match(text, match.start()) or OR_MORE.match(text, match.end())),
        approximate=more
        or bool(
            ROUGHLY.search(inside) or ALMOST.match(text, match.start()) or OR_SO.match(text, match.end())
        ),
    )


def read_range(first: str, second: str | None, *, shared: bool = True) -> Bounds:
    """Return the ends of what one number or two numbers say; no ends where they are not in order.

    A scale of the second is shared with the first, unless that has a currency of its own (八千元至一万元).

    >>> [tuple(map(int, read_range(*ends))) for ends in (("二十", "三十万"), ("二三十", "四五十万"))]
    [(200000, 300000), (200000, 500000)]
    """
    low = parse_bounds(first)
    if not second:
        return low
    high = parse_bounds(second)
    if low.low is None or high.low is None:
        return Bounds(None)
    factor = _shared_factor(first, low.low, second) if shared else Decimal(1)
    value, upper = (low.low * factor if factor else None), high.high or high.low
    return Bounds(value, upper) if value is not None and value < upper else Bounds(None)


def _shared_factor(first: str, low: Decimal, second: str) -> Decimal | None:
    """Return what the scale of the second number multiplies the first with; None where that is not sure."""
    scale = shared_scale(second)
    if scale and not shared_scale(first):
        counted = parse_number(second.removesuffix(scale)) if second.endswith(scale) else None
        whole = parse_number(second)
        unit = parse_number("一" + scale) or Decimal(1)
        counted = counted or (whole / unit if whole else None)
        if counted and low < counted:
            return unit
        # 十五至十万 is no range of fifteen to a hundred thousand.
        return Decimal(1) if low * SMALL_UNITS["百"] >= unit else None
    digit = _SHARING.fullmatch(second)
    if digit and len(first) == 1 and first not in SMALL_UNITS and low < (parse_number(second[0]) or 0):
        # 二至三十 may begin at two or at twenty.
        return None if digit[1] == "十" else Decimal(SMALL_UNITS[digit[1]])
    return Decimal(1)
