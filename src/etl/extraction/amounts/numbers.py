"""Read the number of an amount: value, upper end of a range, and the words that make it inexact.

A new word such as 约 or 以上 belongs into one of the expressions; a new way to write a number into
`etl.text.numerals`.
"""

import re
from typing import NamedTuple

from etl.text.numerals import parse_number, range_end, shared_scale

RANGE_SIGN = "(?:[—–-]{1,2}|[~～至到])"
SOME = "[数几]"
ALMOST = re.compile("(?:约|近|大概|接近)$")
AT_LEAST = re.compile("(?:超|超过|逾|至少|不少于|不低于|突破)$")
MORE_INSIDE = re.compile("[余多几]")
OR_MORE = re.compile("以上")
OR_SO = re.compile("左右|上下")
# Scales that alone are no number.
BARE_SCALES = frozenset("百千万亿兆余多〇零几")
# How many characters before and behind an amount its qualifiers stand.
QUALIFIER_DISTANCE = 3


class Number(NamedTuple):
    """The value of an expression, the upper end of a range, and how exact it is."""

    value: float | None
    max: float | None
    at_least: bool = False
    approximate: bool = False


def read_number(folded: str, match: re.Match[str]) -> Number:
    """Read the groups ``low`` and ``high`` of a match and the qualifiers beside it."""
    low, high = match["low"], match["high"] or range_end(match["low"])
    shared = shared_scale(high) if high and not shared_scale(low) else ""
    before = folded[max(0, match.start() - QUALIFIER_DISTANCE) : match.start()]
    behind = folded[match.end() : match.end() + QUALIFIER_DISTANCE]
    more = bool(MORE_INSIDE.search(match[0]) or match["some"])
    return Number(
        value=parse_number(low + shared),
        max=parse_number(high) if high else None,
        at_least=more or bool(AT_LEAST.search(before) or OR_MORE.match(behind)),
        approximate=more or bool(ALMOST.search(before) or OR_SO.match(behind)),
    )
