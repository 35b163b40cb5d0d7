"""Resolve years of reigns, dynasties and sexagenary years: 光绪二十四年六月, 昭和十五年, 清代, 甲午年.

A reign or dynasty is an entry in ``config/lexicon/times.toml``.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from etl.extraction.resources.lexicon import TimeWords
from etl.extraction.times.festivals import LUNAR_MONTHS
from etl.extraction.times.lunar_calendar import lunar_day, lunar_month, lunar_months, lunar_year
from etl.text.alternation import alternation
from etl.text.expressions import compiled
from etl.text.first_characters import any_of, first_characters
from etl.text.numerals import parse_ordinal

Days = tuple[date, date]

HAN, TENS = "[一二三四五六七八九]", "[一二三四五六七八九十]"
NUMBER = "(?:元|\\d{1,2}|[一二三四五六七八九十]{1,3})"
MONTH = f"闰?(?:[正冬腊]|十[一二]?|{HAN}|1[0-2]|[1-9])月"
DAY = f"(?:初{TENS}|三十一(?=日)|三十|[二廿]?十{HAN}?|廿{HAN}|{HAN}(?=日)|[12]\\d|3[01]|[1-9])日?"
# The first month of each season of a lunar year.
SEASONS = {"春": 1, "夏": 4, "秋": 7, "冬": 10}
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
# Year 4 of the common calendar is the first of a cycle of sixty.
CYCLE, FIRST_OF_CYCLE = 60, 4
CYCLE_NAMES = {STEMS[i % len(STEMS)] + BRANCHES[i % len(BRANCHES)]: i for i in range(CYCLE)}
EVE = "除夕"
# Behind 朝 or 代 that belongs to the next word: 北魏|朝野, 清|代表.
NO_COURT = "(?![表理替办野廷臣贡堂鲜]|政(?![府权]))"
# Behind the name of a year that begins that of an event: 宣统三年|辛亥革命.
NO_EVENT = "(?!革命|战争|变法|政变|条约|之役|事变|科场)"
SPAN_END = "(?:时期|时代|年间|之际|两朝|两代)"
FIRST_COMMON_YEAR = 1873
_COMMON = compiled("(?P<month>[^月]{1,3})月(?:(?P<day>[^日]{1,3})日)?")
OF_DYNASTY = compiled(f"[朝代]|{SPAN_END}")


@lru_cache(maxsize=2)
def era_expression(reigns: tuple[str, ...], dynasties: tuple[str, ...]) -> str:
    """Return an expression for all times that are counted by eras; every part of it is bounded."""
    dated = f"(?:{MONTH}(?:{DAY})?|[春夏秋冬](?:[季天月]|(?![一-鿿])))?"
    dynasty, reign, name = alternation(dynasties), alternation(reigns), alternation(CYCLE_NAMES)
    of = f"(?:(?:{dynasty})[朝代]?)?"
    one = f"(?:{dynasty})(?:[朝代]{NO_COURT}(?:[末初](?:年|期)?|中[叶期])?|时期|时代|[末初]年)"
    several = f"(?:{dynasty}){{1,2}}{SPAN_END}"
    cycle = f"(?:{name})年(?:{MONTH}(?:{DAY})?|{EVE}|春节)?"
    numbered = f"(?:{reign}){NUMBER}年(?:[（(](?:{name})年?[）)]|(?:{name})年?{NO_EVENT})?{dated}"
    named = f"(?:{reign})(?:{name})(?:年{dated}|岁|[春夏秋冬](?![一-鿿]))"
    lasting = f"(?:{reign})(?:年间|[末初]年|初(?=[，,。])|中叶)"
    every = f"{of}(?:{numbered}|{named}|{lasting})|{several}|{one}|{cycle}"
    return f"{_two_characters(reigns, dynasties)}(?:{every})"


def _two_characters(reigns: tuple[str, ...], dynasties: tuple[str, ...]) -> str:
    """Return a look ahead at the first two characters: many begin as a name of an era does, few go on so."""
    names = (*reigns, *dynasties, *CYCLE_NAMES)
    behind = first_characters(
        f"{alternation((*names, '时期', '年间', '中叶'))}|[朝代末初]|{SPAN_END}|{NUMBER}"
    )
    pairs = (
        ({name for name in names if len(name) == 1}, behind or frozenset()),
        ({name[0] for name in names if len(name) > 1}, {name[1] for name in names if len(name) > 1}),
    )
    return f"(?={'|'.join(''.join(map(any_of, pair)) for pair in pairs if all(pair))})"


def resolve_era(words: str, published: date | None, lexicon: TimeWords) -> Days | None:
    """Resolve a time of a reign, a dynasty, or a sexagenary year next to that of publication."""
    return (
        _reign(words, lexicon)
        or _dynasty(words, lexicon)
        or (_sexagenary(words, published) if published else None)
    )


@lru_cache(maxsize=2)
def _reign_pattern(reigns: tuple[str, ...], dynasties: tuple[str, ...]) -> re.Pattern[str]:
    cycle = alternation(CYCLE_NAMES)
    return compiled(
        f"(?:(?:{alternation(dynasties)})[朝代]?)?(?P<name>{alternation(reigns)})(?:(?P<whole>年间)|(?P<number>{NUMBER})年"
        f"(?:[（(]?(?P<cycle>{cycle})年?[）)]?)?(?P<rest>.*)|(?P<alone>{cycle})[年岁]?(?P<left>.*))"
    )


def _reign(words: str, lexicon: TimeWords) -> Days | None:
    match = _reign_pattern(tuple(lexicon.reigns), tuple(lexicon.dynasties)).fullmatch(words)
    if not match:
        return None
    first, length, common = lexicon.reigns[match["name"]]
    make = _common if common else _lunar
    if match["whole"]:
        begin, end = make(first, ""), make(first + length - 1, "")
        return (begin[0], end[1]) if begin and end else None
    years = [year for year in _numbered(first, length, match["number"]) if _is_named(year, match)]
    # A reign of more than sixty years has had some names of years twice.
    return make(years[0], match["rest"] or match["left"] or "") if len(years) == 1 else None


def _numbered(first: int, length: int, number: str | None) -> range:
    """Return the years of a reign that a number means: one, none, or all where none is written."""
    if not number:
        return range(first, first + length)
    nth = 1 if number == "元" else parse_ordinal(number) or 0
    return range(first + nth - 1, first + nth) if 1 <= nth <= length else range(0)


def _is_named(year: int, match: re.Match[str]) -> bool:
    """Check a year against the sexagenary name that is written beside its number or alone."""
    name = match["cycle"] or match["alone"]
    return not name or (year - FIRST_OF_CYCLE) % CYCLE == CYCLE_NAMES[name]


def _common(year: int, rest: str) -> Days | None:
    """Resolve the rest of a reign that counted common years (昭和); Japan has common months since 1873."""
    if not rest:
        return (date(year, 1, 1), date(year, 12, 31))
    match = _COMMON.fullmatch(rest)
    if not match or year < FIRST_COMMON_YEAR:
        return None
    month, number = (parse_ordinal(sign) if sign else None for sign in match.groups())
    if not month or (match["day"] and not number):
        return None
    first = date(year, month, number or 1)
    return (first, first if number else first.replace(day=monthrange(year, month)[1]))


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
