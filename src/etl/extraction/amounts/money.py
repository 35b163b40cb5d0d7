"""Find sums of money with their currency.

A new currency is an entry in ``config/lexicon/amounts.toml``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from etl.extraction.amounts.numbers import BARE_SCALES, RANGE_SIGN, SOME, read_number
from etl.extraction.context import Context
from etl.extraction.resources.lexicon import AmountWords
from etl.mentions import Money
from etl.text.alternation import alternation
from etl.text.numerals import NUMBER, is_chinese, parse_number

# 五元三毛, 50元6角三分.
COINS = (
    "(?:(?<=[元圆])(?P<tenths>[\\d一二三四五六七八九两])[角毛](?!度|落|色|利|巾|笔|钱)"
    "(?:(?P<cents>[\\d一二三四五六七八九])分(?!之))?)?"
)
# 三元镇, 五元桥 are places.
PLACE_NAME_END = re.compile("[镇区桥乡县]|村(?!民)|里(?=[小社街])")


def find_money(context: Context) -> Iterator[Money]:
    """Yield every sum with a currency, with its value, range and whether it is exact.

    The span holds the number, 余 or 多 inside it, and the currency; 近, 约 and 超过 before it only count.
    """
    words = context.lexicon.amounts
    for match in _money(tuple(words.prefixes), tuple(words.currencies)).finditer(context.folded):
        if (
            match["behind"] == "元"
            and is_chinese(match["low"])
            and PLACE_NAME_END.match(context.folded, match.end())
        ):
            continue
        if not (match["before"] or match["behind"]) or (match["low"] in BARE_SCALES and not match["some"]):
            continue
        start, end = match.span()
        number = read_number(context.folded, match)
        yield Money(
            text=context.text[start:end],
            start=start,
            end=end,
            key=f"money:{match[0]}",
            value=_with_coins(number.value, match),
            max=number.max,
            currency=_currency(match, words),
            at_least=number.at_least,
            approximate=number.approximate,
        )


@lru_cache(maxsize=2)
def _money(prefixes: tuple[str, ...], currencies: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        f"(?:(?P<before>{alternation(prefixes)}) {{0,2}})?(?P<some>{SOME})?(?P<low>{NUMBER})"
        f"(?:元?{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<behind>{alternation(currencies)})?{COINS}"
    )


def _currency(match: re.Match[str], words: AmountWords) -> str:
    """Return the currency; the word before the number wins where there is one: 新台币500元 is TWD."""
    return words.prefixes[match["before"]] if match["before"] else words.currencies[match["behind"]]


def _with_coins(value: float | None, match: re.Match[str]) -> float | None:
    coins = (parse_number(match["tenths"] or "零") or 0) * 10 + (parse_number(match["cents"] or "零") or 0)
    return value if value is None or not coins else round(value + coins / 100, 2)
