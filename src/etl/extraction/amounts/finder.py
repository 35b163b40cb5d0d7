"""Sums of money, quantities and percentages with their values.

A new currency or unit is an entry in ``config/lexicon/amounts.toml``; a new way to write a number
belongs into `etl.text.numerals`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from etl.extraction.context import Context, Span, covered
from etl.extraction.resources.lexicon import AmountWords
from etl.mentions import Money, Quantity
from etl.text.numerals import NUMBER, is_chinese, parse_number, range_end, shared_scale

RANGE_SIGN = "(?:[—–-]{1,2}|[~～至到])"
SOME = "[数几]"
ALMOST = re.compile("(?:约|近|大概|接近)$")
AT_LEAST = re.compile("(?:超|超过|逾|至少|不少于|不低于|突破)$")
MORE_INSIDE = re.compile("[余多几]")
OR_MORE = re.compile("以上")
OR_SO = re.compile("左右|上下")
DIGITS = "(?:\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,9})(?:\\.\\d{1,6})?"
HAN = "[零〇一二三四五六七八九十百两]{1,8}(?:点[零〇一二三四五六七八九]{1,6})?"
# 12.5%, 5%至8%, 百分之三点五, 千分之二, 三成五; not the escapes of an address on the net (%20).
PERCENT = re.compile(
    f"(?<![\\d零一二三四五六七八九十百千万亿])(?P<whole>[百千万])分之(?:(?P<han>{HAN})|(?P<arabic>{DIGITS}))"
    f"|(?:(?P<minus>负|(?<![\\w%.])-)?(?<![\\d.%=&?/])(?P<low>{DIGITS})%?{RANGE_SIGN})?"
    f"(?P<less>负|(?<![\\w%.])-)?(?<![A-Za-z\\d.%=&?/])(?P<digits>{DIGITS})(?P<sign>[%‰])(?![0-9A-Za-z])"
    "|(?<![\\d一二三四五六七八九十百千万亿两第.点])(?P<tenths>(?:[1-9]|10)(?:\\.\\d)?|[一二三四五六七八九两十](?:点[一二三四五六七八九])?)成(?P<more>[一二三四五六七八九半])?"
    "(?=[以左多，。、；：！？,;的）)]|$)"
)
# 三分之二, 百万分之五: what is divided by hundreds alone is a percentage above.
FRACTION = re.compile(
    "(?<![\\d零一二三四五六七八九十百千万亿])(?P<parts>[二三四五六七八九十百千万亿\\d]{1,8})分之"
    "(?P<share>[零一二三四五六七八九十百千万两\\d]{1,8})(?!点|\\.)"
)
# 零下20摄氏度.
BELOW = re.compile("(?:零下|负|(?<![\\w%)）])-)$")
DEGREES = frozenset({"摄氏度", "℃", "度"})
HUNDREDTHS = {"百": 1.0, "千": 0.1, "万": 0.01}
# Scales that alone are no number.
BARE_SCALES = frozenset("百千万亿兆余多〇零几")
# 五元三毛, 50元6角三分.
COINS = (
    "(?:(?<=[元圆])(?P<tenths>[\\d一二三四五六七八九两])[角毛](?!度|落|色|利|巾|笔|钱)"
    "(?:(?P<cents>[\\d一二三四五六七八九])分(?!之))?)?"
)
# 三元镇, 五元桥 are places.
PLACE_NAME_END = re.compile("[镇区桥乡县]|村(?!民)|里(?=[小社街])")
# How far before and behind a sum its qualifiers stand, and how long the name of a counted thing is.
QUALIFIER_DISTANCE = 3
# From here on also what is written in characters counts beside a counter: 三千余名, but 十条.
MIN_COUNT_IN_CHARACTERS = 10
MAX_THING_LENGTH = 16
# What the tagger calls a thing that is counted, and what may stand inside its name.
THING_TAGS = frozenset({"n", "nz", "vn", "nw"})


class Number(NamedTuple):
    """What an expression says of a number: its value, the upper end of a range, and how exact it is."""

    value: float | None
    max: float | None
    at_least: bool = False
    approximate: bool = False


def find_money(context: Context) -> Iterator[Money]:
    """Every sum with a currency, with its value, range and whether it is exact.

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
        number = _number(context.folded, match)
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


def find_quantities(context: Context, taken: Iterable[Span]) -> Iterator[Quantity]:
    """Counted and measured things and percentages, outside of the ``taken`` spans."""
    used = covered(taken)
    for match in PERCENT.finditer(context.folded):
        if used.isdisjoint(range(*match.span())):
            used.update(range(*match.span()))
            yield _quantity(context, match.span(), _percent(match), ("%", None))
    for match in FRACTION.finditer(context.folded):
        number = _fraction(match)
        if number and used.isdisjoint(range(*match.span())):
            used.update(range(*match.span()))
            yield _quantity(context, match.span(), number, ("%", None))
    words = context.lexicon.amounts
    begins = {word.start: i for i, word in enumerate(context.words)}
    ends = {word.end: i for i, word in enumerate(context.words)}
    for match in _counts_in(context.folded, tuple(sorted(words.measures | words.counters))):
        if used.isdisjoint(range(*match.span())) and _counts(match, words):
            before = _thing(context, ends.get(match.start()), -1)
            thing = before if match.end() not in begins else _thing(context, begins[match.end()], 1) or before
            span, number = _below(context.folded, match)
            yield _quantity(context, span, number, (match["unit"], None if span != match.span() else thing))


def _fraction(match: re.Match[str]) -> Number | None:
    """The share in hundredths, like every percentage."""
    parts, share = parse_number(match["parts"]), parse_number(match["share"])
    return Number(round(100 * share / parts, 6), None) if parts and share is not None else None


def _below(folded: str, match: re.Match[str]) -> tuple[Span, Number]:
    """A temperature below zero with the word that says so."""
    number = _number(folded, match)
    sign = (
        BELOW.search(folded, max(0, match.start() - 2), match.start()) if match["unit"] in DEGREES else None
    )
    if not sign or number.value is None:
        return match.span(), number
    return (sign.start(), match.end()), number._replace(value=-number.value)


def _counts_in(folded: str, units: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Numbers with a unit; each number is read once, so that cost grows with the length of the text."""
    loose, strict = _counted(units)
    for number in loose.finditer(folded):
        # Five thousand and 瓦 is no reading of 5千瓦: the unit may take the end of the number.
        match = number if number["unit"] else strict.match(folded, number.start())
        if match:
            yield match


def _quantity(context: Context, span: Span, number: Number, what: tuple[str, str | None]) -> Quantity:
    start, end = span
    return Quantity(
        text=context.text[start:end],
        start=start,
        end=end,
        key=f"quantity:{context.folded[start:end]}",
        value=number.value,
        max=number.max,
        unit=what[0],
        thing=what[1],
    )


@lru_cache(maxsize=2)
def _money(prefixes: tuple[str, ...], currencies: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        f"(?:(?P<before>{_any_of(prefixes)}) {{0,2}})?(?P<some>{SOME})?(?P<low>{NUMBER})"
        f"(?:元?{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<behind>{_any_of(currencies)})?{COINS}"
    )


@lru_cache(maxsize=2)
def _counted(units: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    amount = (
        f"(?P<some>{SOME})?(?P<low>{NUMBER})(?:{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<unit>{_any_of(units)})"
    )
    return re.compile(amount + "?"), re.compile(amount)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _number(folded: str, match: re.Match[str]) -> Number:
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


def _currency(match: re.Match[str], words: AmountWords) -> str:
    """The word before the number decides where there is one: 新台币500元 is TWD."""
    return words.prefixes[match["before"]] if match["before"] else words.currencies[match["behind"]]


def _with_coins(value: float | None, match: re.Match[str]) -> float | None:
    coins = (parse_number(match["tenths"] or "零") or 0) * 10 + (parse_number(match["cents"] or "零") or 0)
    return value if value is None or not coins else round(value + coins / 100, 2)


def _percent(match: re.Match[str]) -> Number:
    """The value in hundredths, of a range the lower end."""
    if match["whole"]:
        value = parse_number(match["han"] or match["arabic"])
        upper = range_end(match["han"] or "")
        high = parse_number(upper) if upper else None
        part = HUNDREDTHS[match["whole"]]
        return Number(None if value is None else value * part, None if high is None else high * part)
    if match["tenths"]:
        more = {None: 0.0, "半": 5.0}.get(match["more"])
        more = float(parse_number(match["more"]) or 0) if more is None else more
        return Number(10 * (parse_number(match["tenths"]) or 0.0) + more, None)
    part = 0.1 if match["sign"] == "‰" else 1
    value = (parse_number(match["digits"]) or 0.0) * (-part if match["less"] else part)
    if not match["low"]:
        return Number(value, None)
    low = (parse_number(match["low"]) or 0.0) * (-part if match["minus"] else part)
    return Number(low, value)


def _counts(match: re.Match[str], words: AmountWords) -> bool:
    """Numbers in characters count only beside a measure and from two on: 一个 and 一项 count nothing.

    An ordinal (第3批) counts nothing either.
    """
    if match.string[max(0, match.start() - 1) : match.start()] == "第":
        return False
    if not is_chinese(match["low"]):
        return True
    value = parse_number(match["low"])
    least = 1 if match["unit"] in words.measures else MIN_COUNT_IN_CHARACTERS
    return value is not None and value > least and match["low"] not in BARE_SCALES


def _thing(context: Context, index: int | None, step: int) -> str | None:
    """The nouns that stand directly behind (step 1) or before (step -1) an amount."""
    if index is None:
        return None
    first = last = index
    position = index
    while 0 <= position < len(context.words) and context.words[position].tag in THING_TAGS:
        word = context.words[position]
        joined = position == index or _touch(context, position, step)
        if not joined or abs(word.end - context.words[index].start) > MAX_THING_LENGTH:
            break
        first, last = min(first, position), max(last, position)
        position += step
    if context.words[index].tag not in THING_TAGS:
        return None
    return context.text[context.words[first].start : context.words[last].end]


def _touch(context: Context, position: int, step: int) -> bool:
    left, right = (position - 1, position) if step > 0 else (position, position + 1)
    return context.words[left].end == context.words[right].start
