"""Resolve centuries, decades and their parts: 20世纪80年代末, 本世纪初, 1950年代, 90年代中期."""

import re
from datetime import date

from etl.text.numerals import parse_ordinal

Days = tuple[date, date]

HAN_NUMBER = "[一二三四五六七八九十廿]{1,3}"
PART = "(?:初期|初|早期|前期|中期|中叶|中后期|后期|晚期|末期|末|上半叶|前半叶|下半叶|后半叶)"
FULL_DECADE = "(?:1[5-9]|20)\\d0(?:[、和至到—–-]{1,2}(?:1[5-9]|20)\\d0)?年代"
CENTURY = (
    f"(?:(?:上个?世纪|本世纪|(?:公元前?|西元前?|纪元前)?(?:\\d{{1,2}}|{HAN_NUMBER})世纪)(?:(?:\\d0|[一二三四五六七八九]十)年代)?"
    f"|(?<![\\d.])(?:{FULL_DECADE}|[1-9]0年代)|(?<![一二三四五六七八九十])[二三四五六七八九]十年代)(?:{PART}(?![步一]))?"
)
# First and last year of the parts of a decade and of a century, counted from its first.
OF_DECADE = {
    "初": (0, 2), "早": (0, 3), "前": (0, 4), "中": (4, 6), "后": (5, 9), "晚": (7, 9), "末": (7, 9),
    "中后": (4, 9),
}  # fmt: skip
OF_CENTURY = {"初": (0, 9), "早": (0, 29), "中": (40, 59), "晚": (70, 99), "末": (90, 99)}
HALVES = {"上半": (1, 50), "前半": (1, 50), "下半": (51, 100), "后半": (51, 100)}
_CENTURY = re.compile(
    f"(?:(?P<said>上个?|本)世纪|(?:公元|西元)?(?P<number>\\d{{1,2}}|{HAN_NUMBER})世纪)?"
    f"(?:(?P<first>(?:1[5-9]|20)\\d0)(?:\\D{{1,2}}(?P<last>(?:1[5-9]|20)\\d0))?年代"
    f"|(?P<decade>\\d0|[一二三四五六七八九]十)年代)?(?P<part>{PART})?"
)


def resolve_century(words: str, published: date | None) -> Days | None:
    """Resolve a century or decade and its part; a decade alone is the last one that has begun."""
    match = _CENTURY.fullmatch(words)
    if not match or not words:
        return None
    part = (match["part"] or "").removesuffix("期").removesuffix("叶")
    if match["first"]:
        first, last = int(match["first"]), int(match["last"] or match["first"])
        return _years(first, (0, last - first + 9)) if not part else _years(first, OF_DECADE.get(part))
    hundreds = _hundreds(match, published)
    if hundreds is None:
        return None
    if not match["decade"]:
        return _years(hundreds, (OF_CENTURY | HALVES).get(part) if part else (1, 100))
    first = hundreds + (parse_ordinal(match["decade"]) or 0)
    if not match["said"] and not match["number"] and published and first > published.year:
        first -= 100
    return _years(first, OF_DECADE.get(part) if part else (0, 9))


def _hundreds(match: re.Match[str], published: date | None) -> int | None:
    """Return the first year of the century that is named or meant."""
    if match["number"]:
        number = parse_ordinal(match["number"].replace("廿", "二十"))
        return (number - 1) * 100 if number else None
    if not published:
        return None
    return published.year // 100 * 100 - (100 if (match["said"] or "").startswith("上") else 0)


def _years(first: int, part: tuple[int, int] | None) -> Days | None:
    return (date(first + part[0], 1, 1), date(first + part[1], 12, 31)) if part else None
