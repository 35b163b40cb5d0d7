"""Read percentages and fractions in hundredths: 12.5%, 百分之三点五, 三成五, 三分之二."""

import re
from decimal import Decimal

from etl.extraction.amounts.numbers import RANGE_SIGN, Number, read_range
from etl.model.exact import amount
from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import Bounds, parse_number

DIGITS = "(?:\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,9})(?:\\.\\d{1,6})?"
HAN = "(?:[零〇○一二三四五六七八九十两廿卅]|百(?!分)){1,8}(?:[点‧][零〇○一二三四五六七八九]{1,6})?"
SHARE = f"(?:{HAN}|{DIGITS})"
TENTHS = "(?:[1-9]|10)(?:\\.\\d)?|[一二三四五六七八九两十]{1,2}(?:点[一二三四五六七八九])?"
# 12.5%, 5%至8%, 百分之三点五, 百分之五至百分之八, 千分之二, 三成五; not the escapes of an address (%20).
PERCENT = compile_with_lookahead(
    f"(?<![\\d零一二三四五六七八九十百千万亿])(?P<whole>[百千万])分之(?P<share>{SHARE})"
    f"(?:{RANGE_SIGN}(?:(?P=whole)分之)?(?P<upto>{SHARE})(?![万亿元年月日个人]))?"
    f"|(?:(?P<minus>负|(?<![\\w%.])-)?(?<![\\d.%=&?/])(?P<low>{DIGITS})%?{RANGE_SIGN})?"
    f"(?P<less>负|(?<![\\w%.])-)?(?<![A-Za-z\\d.%=&?/])(?P<digits>{DIGITS})(?P<sign>[%‰])(?![0-9A-Za-z])"
    f"|(?<![\\d一二三四五六七八九十百千万亿两第.点])(?:(?P<from>{TENTHS})成?{RANGE_SIGN})?"
    f"(?P<tenths>{TENTHS})成(?P<more>[一二三四五六七八九半])?"
    "(?=[以左多，。、；：！？,;的）)]|$)"
)
# 三分之二, 百万分之五: what is divided by hundreds alone is a percentage above.
FRACTION = compile_with_lookahead(
    "(?<![\\d零一二三四五六七八九十百千万亿])(?P<parts>[二三四五六七八九十百千万亿\\d]{1,8})分之"
    "(?P<share>[零一二三四五六七八九十百千万两\\d]{1,8})(?!点|\\.)"
)
HUNDREDTHS = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}
MAX_DECIMALS = Decimal("0.000001")


def read_percent(match: re.Match[str]) -> Number:
    """Read a percentage in hundredths; of a range, the lower end is the value."""
    if match["whole"]:
        return _scaled(read_range(match["share"], match["upto"]), HUNDREDTHS[match["whole"]])
    if match["tenths"]:
        bounds = read_range(match["from"] or match["tenths"], match["tenths"] if match["from"] else None)
        more = (
            Decimal("0.5")
            if match["more"] == "半"
            else (parse_number(match["more"] or "零") or 0) / Decimal(10)
        )
        return _scaled(Bounds(*(None if end is None else end + more for end in bounds)), Decimal(10))
    part = Decimal("0.1") if match["sign"] == "‰" else Decimal(1)
    high = _signed(match["digits"], match["less"])
    if not match["low"]:
        return _scaled(Bounds(high), part)
    low = _signed(match["low"], match["minus"])
    return _scaled(
        Bounds(low, high) if low is not None and high is not None and low < high else Bounds(None), part
    )


def read_fraction(match: re.Match[str]) -> Number | None:
    """Read a fraction in hundredths, to six decimals, like every percentage."""
    parts, share = parse_number(match["parts"]), parse_number(match["share"])
    if not parts or share is None:
        return None
    return Number(amount((100 * share / parts).quantize(MAX_DECIMALS)), None)


def _signed(digits: str, sign: str | None) -> Decimal | None:
    value = parse_number(digits)
    return -value if sign and value is not None else value


def _scaled(bounds: Bounds, part: Decimal) -> Number:
    low, high = (None if end is None else amount(end * part) for end in bounds)
    return Number(low, high)
