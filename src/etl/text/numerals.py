"""Parse numbers as they are written in Chinese texts: 3,000, 20余万, 1.5万亿, 三百二十, 二〇二〇.

This is the only grammar of Chinese numerals. `parse_number` and `parse_bounds` read amounts, exactly and
strictly: what can be read in two ways has no value. `parse_ordinal` reads what counts days, years, pages and
articles. A new digit or unit character is one entry in the tables; words are folded to simplified characters
before.
"""

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# Alphabets for expressions, as in f"[{UP_TO_TENS}]{{1,3}}": of one digit, of days and months, of pages and
# articles, and the zeros among them.
UNITS = "一二三四五六七八九"
UP_TO_TENS = UNITS + "十"
UP_TO_HUNDREDS = UP_TO_TENS + "百"
ZERO_SIGNS = "零〇○"

DIGITS = {c: i for i, c in enumerate("零" + UNITS)} | {
    "〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "俩": 2, "倆": 2,
    "壹": 1, "贰": 2, "叁": 3, "参": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
# 兆 as Taiwan counts its budget.
LARGE_UNITS = {"万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
# Tens that one character writes.
TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
INDEFINITE = "余多来几"
# What stands between units without a value of its own, and the letter that is typed for 〇.
ZEROS = ZERO_SIGNS + "ＯO"
POINT = "点"

# One number; ``more`` says that it is a little more. Bounded, so that a megabyte of digits costs no more than
# its length.
# 742，241，000 as older reports are printed: from two wide commas on, or before a currency.
ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,3}(?:，\d{3}){2,5}(?!\d)|(?<![\d，])\d{1,3}，\d{3}(?=[万亿]?[元圆])|\d{1,16})"
    r"(?:\.\d{1,12})?"
)
MORE = f"[{INDEFINITE}]"
NUMERAL_SIGNS = ZERO_SIGNS + UP_TO_HUNDREDS + "千万亿兆两"
# 5万4千6百, 220亿9,000万: each part with its unit; 3万2777: the last one without.
PART = f"{ARABIC}{MORE}?[十百千万亿兆]{{1,3}}"
WHOLE = f"{PART}(?:零?{PART}){{0,4}}(?:零?{ARABIC}(?!\\d))?{MORE}?"
DECIMALS = f"(?:{POINT}[零〇{UNITS}]{{1,12}}(?=[万亿兆]|[^时分零〇{UP_TO_TENS}]|$))?"
# 參仟捌佰, 伍拾參元: the capital three as Taiwan writes it; elsewhere 参 is part of a word (人參萬元).
CAPITAL_THREE = "(?<![人海党丹])参(?=[拾佰仟万亿])|(?<=[拾佰仟零])参(?=[元圆])"
# 万把, 百把: about so many.
ROUGH = f"(?<![{UP_TO_TENS}几数\\d])[百千万]把(?=[个多来元块人名户亩里斤吨年])"
# 二、五○○元: thousands apart in Taiwan's orders; at the beginning of a line 二、 numbers a paragraph.
GROUPED = f"(?<=[^\\n第、\\d{NUMERAL_SIGNS}])[{UNITS}]{{1,3}}(?:、[{ZERO_SIGNS}{UNITS}]{{3}}){{1,3}}(?=元)"
NUMBER = (
    rf"(?:{GROUPED}|(?<![\d.]){WHOLE}|(?<![\d.]){ARABIC}{MORE}?|{ROUGH}"
    rf"|(?:[{NUMERAL_SIGNS}廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟]|{CAPITAL_THREE}){{1,24}}{DECIMALS}{MORE}?[万亿兆]{{0,2}}{MORE}?)"
)
# A number of more digits is none that a double holds exactly.
MAX_DIGITS = 15

_ARABIC = re.compile(r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?")
_LOOSE = re.compile(r"[\d,，]*\d(?:\.\d+)?")
_COMMAS = str.maketrans("", "", ",，")
_GROUPED = re.compile(f"[{UNITS}]{{1,3}}(?:、[零{UNITS}]{{3}})+")
_UNITS = tuple(sorted((SMALL_UNITS | LARGE_UNITS).items(), key=lambda unit: -unit[1]))
_PLAIN = str.maketrans(
    TENS
    | {sign: ("零" + UNITS)[value] for sign, value in DIGITS.items() if not sign.isascii()}
    | {"‧": POINT, "O": "零", "拾": "十", "佰": "百", "仟": "千"}
)
_PLAIN_DIGITS = "零" + UNITS
# 二三十: from twenty to thirty; 三五百: from three hundred to five hundred.
_PAIRS = "|".join(f"{a}(?={b})" for a, b in pairwise(UNITS))
_EITHER = re.compile(
    f"(?<![{POINT}{_PLAIN_DIGITS}])(?P<low>{_PAIRS}|三(?=五[十百千万亿]))(?P<high>[{UNITS[1:]}])(?![{POINT}{_PLAIN_DIGITS}])"
)
_SKIPPED = str.maketrans("", "", INDEFINITE + "把")


# Amounts whose values are remembered: three of four come again in the same text or the next ones.
REMEMBERED = 4096


class Bounds(NamedTuple):
    """What an amount says: its value, or the ends of a range such as 二三十; None where that is not sure."""

    low: Decimal | None
    high: Decimal | None = None


@lru_cache(maxsize=REMEMBERED)
def parse_bounds(words: str) -> Bounds:
    """Return the value of an amount, or both ends where it names two numbers at once.

    >>> parse_bounds("两三千"), parse_bounds("二五百")
    (Bounds(low=Decimal('2000'), high=Decimal('3000')), Bounds(low=None, high=None))
    """
    plain = words.translate(_SKIPPED).translate(_PLAIN)
    if _GROUPED.fullmatch(plain):
        return Bounds(_amount(plain.replace("、", "")))
    if not _EITHER.search(plain):
        return Bounds(_amount(plain))
    low, high = (_amount(_EITHER.sub(rf"\g<{end}>", plain)) for end in ("low", "high"))
    return Bounds(low, high) if low is not None and high is not None and low < high else Bounds(None)


def parse_number(words: str) -> Decimal | None:
    """Return the value of an amount in digits, characters or both; None where it is none, or not sure.

    A last digit counts the next unit below (四百五), of a range of digits the lower one (二三十).

    >>> [str(parse_number(words)) for words in ("20余万", "三百二十", "220亿9,000万", "八点一七万")]
    ['200000', '320', '22090000000', '81700']
    >>> [str(parse_number(words)) for words in ("四百五", "三点五", "廿五", "两三千", "三百二百")]
    ['450', '3.5', '25', '2000', 'None']
    """
    return parse_bounds(words).low


def parse_ordinal(words: str) -> int | None:
    """Return the whole number that counts a day, year, page or article; None where it is none.

    A last digit counts ones: 一百五 is 105.

    >>> parse_ordinal("15"), parse_ordinal("１５"), parse_ordinal("十五"), parse_ordinal("一百五")
    (15, 15, 15, 105)
    >>> parse_ordinal("二〇二〇"), parse_ordinal("二OO九"), parse_ordinal("一百零九"), parse_ordinal("某")
    (2020, 2009, 109, None)
    """
    try:
        return _ordinal(words) if words.strip(POINT) else None
    except (KeyError, ValueError):
        return None


def _ordinal(words: str) -> int:
    for sign, size in _UNITS:
        at = words.rfind(sign)
        if at >= 0:
            before = words[:at].lstrip(ZEROS)
            # 十五: a unit without a number before it counts once.
            return (_ordinal(before) if before else 1) * size + _ordinal(words[at + 1 :])
    if _LOOSE.fullmatch(words):
        return int(float(words.translate(_COMMAS)))
    return int("".join(str(DIGITS[sign]) for sign in words.partition(POINT)[0]) or 0)


def _amount(words: str) -> Decimal | None:
    """Return the exact value of plain words; None where they are no number or one of too many digits."""
    try:
        value = _value(words.replace("万万", "亿"), 1) if words.strip(POINT) else None
    except (KeyError, ValueError):
        return None
    if value is None or len(value.normalize().as_tuple().digits) > MAX_DIGITS:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _value(words: str, unit: int) -> Decimal:
    """Return the value of what stands behind a unit (1 at the beginning).

    Raises:
        ValueError: the words are no number, or could be more than one.
    """
    for sign, size in _UNITS:
        before, found, behind = words.rpartition(sign)
        if not found:
            continue
        times = _times(before.lstrip(ZEROS), sign)
        rest = _value(behind, size) if behind else Decimal(0)
        if rest >= size:
            raise ValueError(words)
        return times * size + rest
    return _digits(words, unit)


def _times(before: str, sign: str) -> Decimal:
    """Return how often a unit counts: once where nothing stands before it (十五)."""
    if not before:
        return Decimal(1)
    times = _value(before, 1)
    counted = "".join(sign for sign in before if sign not in POINT)
    several = (
        sign in SMALL_UNITS and len(counted) > 1 and POINT not in before and not _ARABIC.fullmatch(before)
    )
    if sign in before or several or not times:
        raise ValueError(before)
    return times


def _digits(words: str, unit: int) -> Decimal:
    """Return the value of digits without a unit of their own."""
    if _ARABIC.fullmatch(words):
        if unit > 1 and len(words.partition(".")[0]) == 1:
            raise ValueError(words)  # 3万5: thirty-five thousand, or thirty thousand and five
        return Decimal(words.translate(_COMMAS))
    whole, _, decimals = words.partition(POINT)
    value = Decimal("".join(str(_PLAIN_DIGITS.index(sign)) for sign in whole) or 0)
    if decimals:
        return value + Decimal("0." + "".join(str(_PLAIN_DIGITS.index(sign)) for sign in decimals))
    # 四百五 goes on with the next unit below; 四百零五 does not.
    return value * unit / SMALL_UNITS["十"] if len(whole) == 1 and unit > 1 else value


def parse_whole(words: str) -> int:
    """Return the value of a whole number.

    Raises:
        ValueError: the words are no number.
    """
    value = parse_number(words)
    if value is None:
        raise ValueError(f"{words!r} is no number")
    return int(value)


def shared_scale(words: str) -> str:
    """Return the 万 or 亿 at the end of a number, which the first number of a range shares (3至5万)."""
    plain = words.translate(_SKIPPED)
    return plain[len(plain.rstrip("万亿兆")) :]


def is_han_numeral(words: str) -> bool:
    """Check whether a number is written in characters only."""
    return not any(character.isdigit() and character.isascii() for character in words)
