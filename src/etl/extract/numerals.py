"""Numbers as they are written in Chinese texts: 3,000, 20余万, 1.5万亿, 三百二十, 两.

A new digit or unit character is one entry in the tables.
"""

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "俩": 2,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}

# One number; ``more`` says that it is a little more. Bounded, so that a megabyte of digits costs no more than
# its length.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,16})(?:\.\d{1,8})?"
SCALE = "[十百千万亿]{0,4}"
MORE = "[余多来]"
HAN_DIGITS = "零〇○一二三四五六七八九十百千万亿两"
NUMBER = (
    rf"(?:(?<![\d.]){ARABIC}{MORE}?{SCALE}{MORE}?(?:(?<=[万亿])\d{{1,4}}(?!\d))?"
    rf"|[{HAN_DIGITS}壹贰叁肆伍陆柒捌玖拾佰仟]{{1,20}}{MORE}?[万亿]{{0,2}}{MORE}?)"
)

_PART = re.compile(r"(?P<number>[\d,]+(?:\.\d+)?)|(?P<sign>.)", re.DOTALL)


def parse_number(words: str) -> float | None:
    """The value of a number in digits, characters or both; None where it is none.

    >>> parse_number("20余万"), parse_number("1.5万亿"), parse_number("三百二十"), parse_number("3万2777")
    (200000.0, 1500000000000.0, 320.0, 32777.0)
    """
    total, section, number, seen = 0.0, 0.0, None, False
    for part in _PART.finditer(words):
        sign = part["sign"]
        if part["number"]:
            number, seen = _decimal(part["number"]), True
        elif sign in DIGITS:
            number, seen = (number or 0) * 10 + DIGITS[sign], True
        elif sign in TENS:
            section, number, seen = section + (1 if number is None else number) * TENS[sign], None, True
        elif sign in MYRIADS:
            section += number or 0
            # 万亿 multiplies what the 万 before it has made.
            total, section = _myriad(total, section, MYRIADS[sign])
            number, seen = None, True
        elif sign not in "余多来":
            return None
    return total + section + (number or 0) if seen else None


def _myriad(total: float, section: float, unit: int) -> tuple[float, float]:
    if unit == MYRIADS["亿"]:
        return (total + section) * unit or float(unit), 0.0
    return total + (section or 1) * unit, 0.0


def _decimal(digits: str) -> float:
    return float(digits.replace(",", "") or 0)


def scale_of(words: str) -> str:
    """The 万 or 亿 at the end of a number, which the first number of a range shares (3至5万)."""
    return words[len(words.rstrip("十百千万亿")) :]


def is_han(words: str) -> bool:
    """Whether a number is written in characters only."""
    return not any(character.isdigit() and character.isascii() for character in words)
