"""Find counted and measured things, percentages and fractions.

A new unit is an entry in ``config/lexicon/amounts.toml``.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from etl.extraction.amounts.numbers import (
    BARE_SCALES,
    MISPLACED_COMMA,
    RANGE_SIGN,
    SOME,
    Number,
    read_number,
)
from etl.extraction.amounts.percentages import FRACTION, PERCENT, read_fraction, read_percent
from etl.extraction.context import Context, Span, covered
from etl.extraction.resources.lexicon import AmountWords
from etl.extraction.resources.rarity import rarities
from etl.model.exact import Amount, amount
from etl.model.mentions import Quantity
from etl.text.alternation import alternation
from etl.text.dense import BLANKS, Dense
from etl.text.expressions import compiled
from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import DIGITS, NUMBER, is_han_numeral, parse_number

# 零下20摄氏度.
BELOW = compiled("(?<=(零下))|(?<=(负))|(?<=(?<![\\w%)）])(-))")
DEGREES = frozenset({"摄氏度", "℃", "度"})
# From here on also what is written in characters counts beside a counter: 三千余名, but 十条.
MIN_COUNT_IN_CHARACTERS = 10
# 卫生院两所: behind its noun, at the end of a clause, two are counted, too.
CLAUSE_END = frozenset("，。；、！？\n")
TWO = "两"
# Units of cases, which are called by what was done.
CASES = frozenset("宗件起项")
# What the tagger calls a thing that is counted, and what may stand inside its name.
THING_TAGS = frozenset({"n", "nz", "vn", "nw"})
# 一米七八: decimals behind the unit.
TAIL = "(?P<tail>(?<=米)[一二三四五六七八九\\d]{1,2}(?=[，。；、！？）)\n]|$))?"
# Nouns beside an amount that say where, when or how many it is, and no thing: 全部96人, 一行26人.
NO_THINGS = frozenset({"全部", "行", "时", "中", "内", "里", "现年", "享年", "终年", "当中", "其中"})
AGES = frozenset({"岁", "周岁"})
# Characters from an amount to the end of the name of what is counted.
MAX_THING_LENGTH = 16


def find_quantities(context: Context, taken: Iterable[Span]) -> Iterator[Quantity]:
    """Yield counted and measured things, percentages and fractions outside of the ``taken`` spans."""
    used, dense = covered(taken), context.dense
    for match, number in _shares(dense.text):
        span = dense.span(*match.span())
        if used.isdisjoint(range(*span)):
            used.update(range(*span))
            yield _quantity(context, match.span(), number, ("%", None))
    words = context.lexicon.amounts
    begins, ends = context.starts, context.ends
    for match in _counts_in(dense.text, words.units):
        start, end = dense.span(*match.span())
        if not used.isdisjoint(range(start, end)) or _numbers_word(context, start, end):
            continue
        before = None if match["unit"] in AGES else _thing(context, ends.get(start), -1)
        if _counts(match, words, named=before is not None):
            behind = begins.get(end)
            thing = _thing(context, behind, 1) or _case(context, match["unit"], behind) or before
            span, number = _below(dense, match)
            yield _quantity(context, span, number, (match["unit"], None if span != match.span() else thing))


def _numbers_word(context: Context, start: int, end: int) -> bool:
    """Check for a number that counts nothing before a blank and a known word: 2 |组织体系, but 3 座|桥."""
    word = context.word_around(end) if BLANKS.search(context.text, start, end) else None
    if word is None:
        return False
    begun = context.folded[end - 1 : word.end]
    return any(rarities()[begun[:length]] for length in range(2, len(begun) + 1))


def _shares(text: str) -> Iterator[tuple[re.Match[str], Number]]:
    """Yield percentages and fractions with what they say."""
    for match in PERCENT.finditer(text):
        yield match, read_percent(match)
    for match in FRACTION.finditer(text):
        number = read_fraction(match)
        if number:
            yield match, number


def _below(dense: Dense, match: re.Match[str]) -> tuple[Span, Number]:
    """Read a temperature with the word before it that puts it below zero (零下20摄氏度)."""
    number = _with_tail(read_number(dense.text, match), match["tail"])
    sign = BELOW.match(dense.text, match.start()) if match["unit"] in DEGREES else None
    if not sign or number.value is None:
        return match.span(), number
    return (sign.start(sign.lastindex or 0), match.end()), number._replace(value=Amount(-number.value))


def _with_tail(number: Number, digits: str | None) -> Number:
    """Return a number with the decimals behind its unit."""
    if not digits or number.value is None:
        return number
    decimals = "".join(digit if digit.isascii() else str(DIGITS[digit]) for digit in digits)
    return number._replace(value=amount(number.value.exact + Decimal(f"0.{decimals}")))


def _counts_in(text: str, units: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Yield numbers with a unit; each number is read once, so that cost grows with the length of the text."""
    loose, strict = _counted(units)
    for number in loose.finditer(text):
        # Five thousand and 瓦 is no reading of 5千瓦: the unit may take the end of the number.
        match = number if number["unit"] else strict.match(text, number.start())
        if match:
            yield match


def _quantity(context: Context, span: Span, number: Number, what: tuple[str, str | None]) -> Quantity:
    start, end = context.dense.span(*span)
    return Quantity(
        text=context.text[start:end],
        start=start,
        end=end,
        key=f"quantity:{context.dense.text[slice(*span)]}",
        value=number.value,
        max=number.max,
        unit=what[0],
        thing=what[1],
    )


@lru_cache(maxsize=2)
def _counted(units: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    counted = (
        f"(?P<some>{SOME})?(?P<low>{NUMBER})(?:{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<unit>{alternation(units)})"
    )
    return compile_with_lookahead(f"{counted}?{TAIL}"), compiled(counted + TAIL)


def _counts(match: re.Match[str], words: AmountWords, *, named: bool) -> bool:
    """Check that a number counts something; 一个 and 一项 do not.

    An ordinal (第3批) counts nothing either. What is ``named`` before its number may be two (卫生院两所).
    """
    text, low = match.string, match["low"]
    if text[max(0, match.start() - 1) : match.start()] == "第" or MISPLACED_COMMA.match(text, match.start()):
        return False
    if match["tail"] or not is_han_numeral(low):
        return True
    if named and low == TWO and text[match.end() : match.end() + 1] in CLAUSE_END:
        return True
    value = parse_number(low)
    if low in BARE_SCALES and not match["high"]:
        return False
    # What cannot be read surely is no small number either.
    least = 1 if match["unit"] in words.measures or match["high"] else MIN_COUNT_IN_CHARACTERS
    return value is None or value > least or (low[-1] == "把" and value >= least)


def _thing(context: Context, index: int | None, step: int) -> str | None:
    """Return the nouns that stand directly behind (step 1) or before (step -1) an amount."""
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
    start, end = context.words[first].start, context.words[last].end
    return None if context.folded[start:end] in NO_THINGS else context.text[start:end]


def _case(context: Context, unit: str, index: int | None) -> str | None:
    """Return what ends the clause behind an amount of cases, though it may be a verb elsewhere: 79宗|申请."""
    if index is None or unit not in CASES or context.words[index].tag != "v":
        return None
    start, end = context.words[index][:2]
    ends = context.folded[end : end + 1] in {"", *CLAUSE_END}
    return context.text[start:end] if ends and end - start > 1 else None


def _touch(context: Context, position: int, step: int) -> bool:
    left, right = (position - 1, position) if step > 0 else (position, position + 1)
    return context.words[left].end == context.words[right].start
