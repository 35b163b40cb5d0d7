"""Resolve years of reigns, dynasties and sexagenary years: 光绪二十四年六月, 昭和十五年, 清代, 甲午年.

A reign or dynasty is an entry in ``config/lexicon/times.toml``.
"""

import re
from datetime import date
from functools import lru_cache

from etl.extraction.resources.lexicon import TimeWords
from etl.extraction.times.festivals import LUNAR_MONTHS
from etl.extraction.times.lunar_calendar import lunar_day, lunar_month, lunar_months, lunar_year
from etl.text.alternation import alternation
from etl.text.expressions import compiled
from etl.text.numerals import parse_ordinal

Days = tuple[date, date]

HAN, TENS = "[一二三四五六七八九]", "[一二三四五六七八九十]"
NUMBER = "(?:元|\\d{1,2}|[一二三四五六七八九十]{1,3})"
MONTH = f"闰?(?:[正冬腊]|十[一二]?|{HAN}|1[0-2]|[1-9])月"
DAY = f"(?:初{TENS}|三十|[二廿]?十{HAN}?|廿{HAN}|{HAN}(?=日)|[12]\\d|30|[1-9])日?"
# The first month of each season of a lunar year.
SEASONS = {"春": 1, "夏": 4, "秋": 7, "冬": 10}
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
# Year 4 of the common calendar is the first of a cycle of sixty.
CYCLE, FIRST_OF_CYCLE = 60, 4
CYCLE_NAMES = {STEMS[i % len(STEMS)] + BRANCHES[i % len(BRANCHES)]: i for i in range(CYCLE)}
EVE = "除夕"
# Behind 朝 or 代 that belongs to the next word: 北魏|朝野, 清|代表.
NO_COURT = "(?![表理替办野廷臣贡堂鲜]|政(?![府权]))"
SPAN_END = "(?:时期|时代|年间|之际|两朝|两代)"
OF_DYNASTY = compiled(f"[朝代]|{SPAN_END}")


@lru_cache(maxsize=2)
def era_expression(reigns: tuple[str, ...], dynasties: tuple[str, ...]) -> str:
    """Return an expression for all times that are counted by eras; every part of it is bounded."""
    dated = f"(?:{MONTH}(?:{DAY})?|[春夏秋冬](?:[季天月]|(?![一-鿿])))?"
    dynasty = alternation(dynasties)
    one = f"(?:{dynasty})(?:[朝代]{NO_COURT}(?:[末初](?:年|期)?|中[叶期])?|时期|时代|末年)"
    several = f"(?:{dynasty}){{1,2}}{SPAN_END}"
    cycle = f"(?:{alternation(CYCLE_NAMES)})年(?:{MONTH}(?:{DAY})?|{EVE}|春节)?"
    return f"(?:{alternation(reigns)}){NUMBER}年{dated}|{several}|{one}|{cycle}"


def resolve_era(words: str, published: date | None, lexicon: TimeWords) -> Days | None:
    """Resolve a time of a reign, a dynasty, or a sexagenary year next to that of publication."""
    return (
        _reign(words, lexicon)
        or _dynasty(words, lexicon)
        or (_sexagenary(words, published) if published else None)
    )


@lru_cache(maxsize=2)
def _reign_pattern(reigns: tuple[str, ...]) -> re.Pattern[str]:
    return compiled(f"(?P<name>{alternation(reigns)})(?P<number>{NUMBER})年(?P<rest>.*)")


def _reign(words: str, lexicon: TimeWords) -> Days | None:
    match = _reign_pattern(tuple(lexicon.reigns)).fullmatch(words)
    if not match:
        return None
    first, length, common = lexicon.reigns[match["name"]]
    number = 1 if match["number"] == "元" else parse_ordinal(match["number"])
    if not number or number > length:
        return None
    year = first + number - 1
    return _common(year, match["rest"]) if common else _lunar(year, match["rest"])


def _common(year: int, rest: str) -> Days | None:
    """Resolve the rest of a reign that counted common years (昭和)."""
    return (date(year, 1, 1), date(year, 12, 31)) if not rest else None


def _lunar(year: int, rest: str) -> Days | None:
    """Resolve month and day of a lunar year."""
    if not rest:
        return lunar_year(year)
    if rest[0] in SEASONS and "月" not in rest[1:]:
        return lunar_months(year, SEASONS[rest[0]], SEASONS[rest[0]] + 2)
    if rest == EVE:
        day = lunar_day(year, 12, 30)
        return (day, day)
    sign, _, after = rest.removeprefix("闰").partition("月")
    month = LUNAR_MONTHS.get(sign) or parse_ordinal(sign)
    if not month:
        return None
    leap = rest.startswith("闰")
    if not after:
        return lunar_month(year, month, leap=leap)
    number = parse_ordinal(
        after.removeprefix("初").removesuffix("日").replace("廿", "二十").replace("十十", "十")
    )
    day = lunar_day(year, month, number or 0, leap=leap)
    return (day, day)


def _dynasty(words: str, lexicon: TimeWords) -> Days | None:
    """Resolve 清代 and 明清时期 to all their years; the beginning or the end of a dynasty has no days."""
    one, several = _dynasty_patterns(tuple(lexicon.dynasties))
    names, together = one.findall(words), several.match(words)
    if not names or not OF_DYNASTY.fullmatch(words, together.end() if together else 0):
        return None
    first, last = lexicon.dynasties[names[0]][0], lexicon.dynasties[names[-1]][1]
    return (date(first, 1, 1), date(last, 12, 31)) if 0 < first <= last else None


@lru_cache(maxsize=2)
def _dynasty_patterns(dynasties: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return expressions for one dynasty, and for all that stand in a row."""
    dynasty = alternation(dynasties)
    return compiled(dynasty), compiled(f"(?:{dynasty})+")


def _sexagenary(words: str, published: date) -> Days | None:
    """Resolve 甲午年 where it is the year of publication or one beside it; which one else is not sure."""
    place = CYCLE_NAMES.get(words[:2])
    if place is None or words[2:3] != "年":
        return None
    years = (published.year + shift for shift in (-1, 0, 1))
    year = next((one for one in years if (one - FIRST_OF_CYCLE) % CYCLE == place), None)
    return _lunar(year, "正月初一" if words[3:] == "春节" else words[3:]) if year else None
