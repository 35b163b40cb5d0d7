"""Find counted and measured things, percentages and fractions.

A new unit is an entry in ``config/lexicon/amounts.toml``.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from etl.extraction.amounts.numbers import BARE_SCALES, RANGE_SIGN, SOME, Number, read_number
from etl.extraction.amounts.percentages import FRACTION, PERCENT, read_fraction, read_percent
from etl.extraction.context import Context, Span, covered
from etl.extraction.resources.lexicon import AmountWords
from etl.mentions import Quantity
from etl.text.alternation import alternation
from etl.text.numerals import NUMBER, is_chinese, parse_number

# 零下20摄氏度.
BELOW = re.compile("(?:零下|负|(?<![\\w%)）])-)$")
DEGREES = frozenset({"摄氏度", "℃", "度"})
# From here on also what is written in characters counts beside a counter: 三千余名, but 十条.
MIN_COUNT_IN_CHARACTERS = 10
# What the tagger calls a thing that is counted, and what may stand inside its name.
THING_TAGS = frozenset({"n", "nz", "vn", "nw"})
# Characters from an amount to the end of the name of what is counted.
MAX_THING_LENGTH = 16


def find_quantities(context: Context, taken: Iterable[Span]) -> Iterator[Quantity]:
    """Yield counted and measured things, percentages and fractions outside of the ``taken`` spans."""
    used = covered(taken)
    for match in PERCENT.finditer(context.folded):
        if used.isdisjoint(range(*match.span())):
            used.update(range(*match.span()))
            yield _quantity(context, match.span(), read_percent(match), ("%", None))
    for match in FRACTION.finditer(context.folded):
        number = read_fraction(match)
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


def _below(folded: str, match: re.Match[str]) -> tuple[Span, Number]:
    """Read a temperature with the word before it that puts it below zero (零下20摄氏度)."""
    number = read_number(folded, match)
    sign = (
        BELOW.search(folded, max(0, match.start() - 2), match.start()) if match["unit"] in DEGREES else None
    )
    if not sign or number.value is None:
        return match.span(), number
    return (sign.start(), match.end()), number._replace(value=-number.value)


def _counts_in(folded: str, units: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Yield numbers with a unit; each number is read once, so that cost grows with the length of the text."""
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
def _counted(units: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    amount = (
        f"(?P<some>{SOME})?(?P<low>{NUMBER})(?:{RANGE_SIGN}(?P<high>{NUMBER}))?(?P<unit>{alternation(units)})"
    )
    return re.compile(amount + "?"), re.compile(amount)


def _counts(match: re.Match[str], words: AmountWords) -> bool:
    """Check that a number counts something; 一个 and 一项 do not.

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
    return context.text[context.words[first].start : context.words[last].end]


def _touch(context: Context, position: int, step: int) -> bool:
    left, right = (position - 1, position) if step > 0 else (position, position + 1)
    return context.words[left].end == context.words[right].start
