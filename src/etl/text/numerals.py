"""Parse numbers as they are written in Chinese texts: 3,000, 20余万, 1.5万亿, 三百二十, 二〇二〇.

The house's only parser of Chinese numerals. `parse_number` reads amounts, `parse_ordinal` what counts days,
years, pages and articles. A new digit or unit character is one entry in the tables.
"""

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "俩": 2, "倆": 2,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
# 兆 as Taiwan counts its budget.
LARGE_UNITS = {"万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
INDEFINITE = "余多来几"
# What stands between units without a value of its own, and the letter that is typed for 〇.
ZEROS = "零〇○ＯO"
POINT = "点"

# One number; ``more`` says that it is a little more. Bounded, so that a megabyte of digits costs no more than
# its length.
# 742，241，000 as older reports are printed: from two wide commas on.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,3}(?:，\d{3}){2,5}(?!\d)|\d{1,16})(?:\.\d{1,8})?"
SCALE = "[十百千万亿兆]{0,4}"
MORE = f"[{INDEFINITE}]"
NUMERAL_SIGNS = "零〇○一二三四五六七八九十百千万亿兆两"
# 5万4千6百, 3万2777.
TAIL = r"(?:(?<=[百千万亿兆])零?\d{1,4}(?:[百千万亿]|(?!\d))){0,4}"
DECIMALS = f"(?:{POINT}[零〇一二三四五六七八九]{{1,8}}(?=[万亿兆]|[^时分零〇一二三四五六七八九十]|$))?"
NUMBER = (
    rf"(?:(?<![\d.]){ARABIC}{MORE}?{SCALE}{MORE}?{TAIL}"
    rf"|[{NUMERAL_SIGNS}壹贰叁肆伍陆柒捌玖拾佰仟]{{1,24}}{DECIMALS}{MORE}?[万亿兆]{{0,2}}{MORE}?)"
)

_ARABIC = re.compile(r"[\d,，]*\d(?:\.\d+)?")
_COMMAS = str.maketrans("", "", ",，")
_UNITS = tuple(sorted((SMALL_UNITS | LARGE_UNITS).items(), key=lambda unit: -unit[1]))
# 二三十: from twenty to thirty.
_EITHER = re.compile("(?<![零一二三四五六七八九])([一二三四五六七八九])([二三四五六七八九])(?=[十百千万亿])")
_SKIPPED = str.maketrans("", "", INDEFINITE)


def parse_number(words: str) -> float | None:
    """Return the value of an amount in digits, characters or both; None where it is none.

    A last digit counts the next unit below (四百五), of a range of digits the lower one (二三十).

    >>> parse_number("20余万"), parse_number("1.5万亿"), parse_number("三百二十"), parse_number("3万2777")
    (200000.0, 1500000000000.0, 320.0, 32777.0)
    >>> parse_number("四百五"), parse_number("三点五")
    (450.0, 3.5)
    """
    return _parse(_EITHER.sub(r"\1", words).translate(_SKIPPED), next_unit=True)


def parse_ordinal(words: str) -> int | None:
    """Return the whole number that counts a day, year, page or article; None where it is none.

    A last digit counts ones: 一百五 is 105.

    >>> parse_ordinal("15"), parse_ordinal("１５"), parse_ordinal("十五"), parse_ordinal("一百五")
    (15, 15, 15, 105)
    >>> parse_ordinal("二〇二〇"), parse_ordinal("二OO九"), parse_ordinal("一百零九"), parse_ordinal("某")
    (2020, 2009, 109, None)
    """
    value = _parse(words, next_unit=False)
    return None if value is None else int(value)


def _parse(words: str, *, next_unit: bool) -> float | None:
    try:
        return _value(words, 1, next_unit=next_unit) if words.strip(POINT) else None
    except (KeyError, ValueError):
        return None


def _value(words: str, unit: int, *, next_unit: bool) -> float:
    """Return the value of what stands behind a unit (1 at the beginning)."""
    for sign, size in _UNITS:
        at = words.rfind(sign)
        if at >= 0:
            before = words[:at].lstrip(ZEROS)
            # 十五: a unit without a number before it counts once.
            times = _value(before, 1, next_unit=next_unit) if before else 1.0
            return times * size + _value(words[at + 1 :], size, next_unit=next_unit)
    if _ARABIC.fullmatch(words):
        return float(words.translate(_COMMAS))
    digits, _, decimals = words.partition(POINT)
    value = float("".join(str(DIGITS[sign]) for sign in digits) or 0)
    if decimals:
        return value + float("0." + "".join(str(DIGITS[sign]) for sign in decimals))
    # 四百五 goes on with the next unit below; 四百零五 does not.
    return value * unit / SMALL_UNITS["十"] if next_unit and len(digits) == 1 and unit > 1 else value


def range_end(words: str) -> str | None:
    """Return the greater number of 二三十; None where a number says only one."""
    return _EITHER.sub(r"\2", words) if _EITHER.search(words) else None


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
    return words[len(words.rstrip("十百千万亿兆")) :]


def is_chinese(words: str) -> bool:
    """Check whether a number is written in characters only."""
    return not any(character.isdigit() and character.isascii() for character in words)
