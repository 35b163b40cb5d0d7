"""Find sums of money with their currency.

A new currency is an entry in ``config/lexicon/amounts.toml``, and so is a word that says that money is
counted where no currency follows.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from etl.extraction.amounts.issuers import UNSURE, own_currency
from etl.extraction.amounts.numbers import (
    BARE_SCALES,
    MISPLACED_COMMA,
    RANGE_SIGN,
    SOME,
    Number,
    read_number,
)
from etl.extraction.context import Context
from etl.model.exact import amount
from etl.model.mentions import Money
from etl.text.alternation import alternation
from etl.text.dense import Dense
from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import NUMBER, is_han_numeral, parse_number

ENDS = "(?:[，。；、！？）)\n]|$)"
DIGIT = "[\\d一二三四五六七八九两壹贰叁肆伍陆柒捌玖]"
# 五元三毛, 50元6角三分, 叁佰元零捌分.
COINS = (
    f"(?:(?<=[元圆块])(?:(?P<tenths>{DIGIT})[角毛](?!度|落|色|利|巾|笔|钱)"
    f"(?:(?P<cents>{DIGIT})分(?!之))?|零(?P<few>{DIGIT})分(?!之)|(?<=块)(?P<tail>{DIGIT})(?={ENDS})))?"
)
# What one 角 or 分 is worth, and 块, which counts pieces but where many or a digit end a clause (三块五).
COIN_WORTH = {"角钱": Decimal("0.1"), "毛钱": Decimal("0.1"), "分钱": Decimal("0.01")}
PIECES = f"块(?={DIGIT}?{ENDS})"
MANY = frozenset("百千万亿")
# 30克|朗姆酒.
RUM = "朗姆"
# Units that name no currency, and a sign that several have.
BARE = frozenset({"元", "圆", "块", "块钱", *COIN_WORTH})
DOLLAR, DOLLARS = "$", frozenset({"TWD", "HKD", "MOP"})
# The currency that each bare sum from there on has: 新台币（下同）681万元, （港币，下同）.
SAME, SAME_SIGNS = "(?:以)?下(?:均)?同", ("下同", "下均同")
# 三元镇, 五元桥 are places.
PLACE_NAME_END = re.compile("[镇区桥乡县]|村(?!民)|里(?=[小社街])")
LEADING = (
    "(?:总额|金额|额|款)?(?:已|总计|合计|累计|共计|共|了|达到|达|为|约|近|超过|超|逾|至|：|:|人民币){0,3}"
)
# 增长２$1.$2％: a program's places, left where it should have put numbers.
GARBLED = re.compile("\\$\\d+\\.\\$|(?<=\\d)\\$|(?<=\\$\\d\\.)\\$")
BOUGHT = "(?=收购|买下|购买|购得|买入|成交|转让|出售|卖出|中标|拍下|售出)"


def find_money(context: Context) -> Iterator[Money]:
    """Yield every sum with a currency, with its value, range and whether it is exact.

    The span holds the number, 余 or 多 inside it, and the currency; 近, 约 and 超过 before it only count.
    A sum without a currency is one where a word for money stands before it and nothing counted behind it.
    """
    words, dense = context.lexicon.amounts, context.dense
    same = _same(context)
    currencies = (*words.currencies, *words.shared)
    for match in _money(tuple(words.prefixes), currencies).finditer(dense.text):
        if _is_sum(dense, match) and (match["behind"] or words.prefixes[match["before"]] != UNSURE):
            yield _sum(
                context,
                match.span(),
                _with_coins(read_number(dense.text, match), match),
                _currency(context, match, same),
            )
    for match in _naked(words.sums).finditer(dense.text):
        yield _sum(context, match.span("low"), read_number(dense.text, match), *own_currency(context))


def _is_sum(dense: Dense, match: re.Match[str]) -> bool:
    """Check that a number counts money: it has a currency, is more than a scale, and belongs to no place."""
    low, behind = match["low"], match["behind"]
    if not (match["before"] or behind) or MISPLACED_COMMA.match(dense.text, match.start()):
        return False
    if GARBLED.match(dense.text, match.start()):
        return False
    if behind == "元" and is_han_numeral(low) and PLACE_NAME_END.match(dense.text, match.end()):
        return False
    if behind == "块" and not match["tail"] and MANY.isdisjoint(low):
        return False
    # 一毛钱 is the least there is.
    if (behind in COIN_WORTH and low == "一") or (behind and dense.text.startswith(RUM, match.end() - 1)):
        return False
    return low not in BARE_SCALES or bool(match["some"] or match["high"])


def _sum(context: Context, span: tuple[int, int], number: Number, currency: str) -> Money:
    start, end = context.dense.span(*span)
    return Money(
        text=context.text[start:end],
        start=start,
        end=end,
        key=f"money:{context.dense.text[slice(*span)]}",
        value=number.value,
        max=number.max,
        currency=currency,
        at_least=number.at_least,
        approximate=number.approximate,
    )


@lru_cache(maxsize=2)
def _money(prefixes: tuple[str, ...], currencies: tuple[str, ...]) -> re.Pattern[str]:
    names = alternation((*currencies, *COIN_WORTH))
    return compile_with_lookahead(
        f"(?:(?P<before>{alternation(prefixes)}) {{0,2}})?(?P<some>{SOME})?(?P<low>{NUMBER})"
        f"(?:(?P<alone>{names})?{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<behind>{names}|{PIECES})?{COINS}"
    )


def _same(context: Context) -> tuple[int, int, str] | None:
    """Return where a text says the currency of all that follows, and which."""
    text, words = context.dense.text, context.lexicon.amounts
    if not any(sign in text for sign in SAME_SIGNS):
        return None
    names = (*(name for name in words.currencies if name not in BARE), *words.shared, *words.prefixes)
    match = _said(names).search(text)
    return (*match.span(), _code(context, match["this"] or match["it"])) if match else None


@lru_cache(maxsize=2)
def _said(names: tuple[str, ...]) -> re.Pattern[str]:
    name = alternation(names)
    return re.compile(f"(?P<this>{name})[（(]{SAME}[)）]|[（(](?P<it>{name})[，,、；;]?{SAME}[)）]")


@lru_cache(maxsize=2)
def _naked(sums: frozenset[str]) -> re.Pattern[str]:
    return compile_with_lookahead(
        f"(?:(?:{alternation(sums)}){LEADING}|以)(?P<some>{SOME})?(?P<low>(?:{NUMBER})(?<=[万亿]))(?P<high>(?!))?"
        f"(?:(?={ENDS})|{BOUGHT})"
    )


def _currency(context: Context, match: re.Match[str], same: tuple[int, int, str] | None) -> str:
    """Return the currency; the word before the number wins where there is one: 新台币500元 is TWD."""
    if match["before"] == DOLLAR and DOLLARS.issuperset(own_currency(context)):
        return own_currency(context)[0]
    if match["before"] or match["behind"] not in BARE:
        return _code(context, match["before"] or match["behind"])
    if same and (match.start() >= same[1] or match.end() == same[0]):
        return same[2]
    return own_currency(context)[0]


def _code(context: Context, name: str) -> str:
    """Return the currency of a name; of one that several states use (比索) that of the one the text names."""
    words = context.lexicon.amounts
    if name not in words.shared:
        return words.prefixes.get(name) or words.currencies[name]
    named = {code for state, code in words.shared[name].items() if state in context.folded}
    return named.pop() if len(named) == 1 else UNSURE


def _with_coins(number: Number, match: re.Match[str]) -> Number:
    """Return a number of 元 with the 角 and 分 behind it, or one of 角 or 分 in 元."""
    if number.value is None:
        return number
    worth = COIN_WORTH.get(match["behind"] or "")
    if worth:
        low, high = (None if end is None else amount(end.exact * worth) for end in (number.value, number.max))
        return number._replace(value=low, max=high)
    tenths, cents = (
        parse_number(sign or "零") or 0
        for sign in (match["tenths"] or match["tail"], match["cents"] or match["few"])
    )
    return number._replace(value=amount(number.value.exact + Decimal(tenths) / 10 + Decimal(cents) / 100))
