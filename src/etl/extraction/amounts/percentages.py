"""Read percentages and fractions in hundredths: 12.5%, 百分之三点五, 三成五, 三分之二."""

import re

from etl.extraction.amounts.numbers import RANGE_SIGN, Number
from etl.text.numerals import parse_number, range_end

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
HUNDREDTHS = {"百": 1.0, "千": 0.1, "万": 0.01}


def read_percent(match: re.Match[str]) -> Number:
    """Read a percentage in hundredths; of a range, the lower end is the value."""
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


def read_fraction(match: re.Match[str]) -> Number | None:
    """Read a fraction in hundredths, like every percentage."""
    parts, share = parse_number(match["parts"]), parse_number(match["share"])
    return Number(round(100 * share / parts, 6), None) if parts and share is not None else None
