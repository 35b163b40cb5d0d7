"""Resolve days of the lunar calendar, festivals with their holidays, and solar terms.

A festival is an entry in ``config/lexicon/times.toml``, and so is a holiday that lasted longer than usual.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from etl.extraction.resources.lexicon import TimeWords
from etl.extraction.times.lunar_calendar import lunar_day, solar_term
from etl.text.numerals import parse_whole

Days = tuple[date, date]
Near = Callable[[Callable[[int], date]], date | None]

LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
LUNAR = re.compile(
    "(?:农历|阴历)?(?P<leap>闰)?(?P<month>[正腊冬]|[一二三四五六七八九十]{1,2})月"
    "(?P<day>初[一二三四五六七八九十]|[二廿三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)"
)
CALENDAR_WORD = re.compile("农历|阴历")
HOLIDAY = re.compile("假|黄金周|期间")
EVE = "前夕"


def resolve_lunar(words: str, near: Near) -> Days | None:
    """Resolve a day by month and day of the lunar calendar: 正月初一, 闰四月初八."""
    match = LUNAR.fullmatch(words)
    if not match:
        return None
    month = LUNAR_MONTHS.get(match["month"]) or parse_whole(match["month"])
    day = parse_whole(match["day"].removeprefix("初").replace("廿十", "二十").replace("廿", "二十"))
    found = near(lambda year: lunar_day(year, month, day, leap=bool(match["leap"])))
    return (found, found) if found else None


def resolve_festival(words: str, near: Near, lexicon: TimeWords) -> Days | None:
    """Resolve 春节 to its day and 春节假期 to its holiday; None for a day before it (前夕)."""
    rest = CALENDAR_WORD.sub("", words, count=1)
    match = lexicon.festival.match(rest)
    if not match or rest.endswith(EVE):
        return None
    name = match[0]
    day = near(lambda year: _day_of_festival(name, year, lexicon))
    if not day or not HOLIDAY.search(rest, len(name)):
        return (day, day) if day else None
    return _holiday(name, day, lexicon)


def _day_of_festival(name: str, year: int, lexicon: TimeWords) -> date:
    if name in lexicon.lunar:
        return lunar_day(year, *lexicon.lunar[name])
    if term := lexicon.terms.get(name):
        return solar_term(year, term)
    return date(year, *lexicon.solar[name])


def _holiday(name: str, day: date, lexicon: TimeWords) -> Days:
    """Return the days off work: those of that year where the table has them, else the usual ones."""
    holiday = lexicon.holidays.get(name)
    if holiday is None:
        return (day, day)
    if special := holiday.years.get(day.year):
        return special
    first = day + timedelta(days=holiday.first)
    return (first, first + timedelta(days=holiday.days - 1))
