"""Turn days, months and years of the lunar calendar, and solar terms, into days of the common calendar.

The only module that knows the library of the calendar. Before 15 October 1582 days are those of the Julian
calendar, as histories give them.
"""

from datetime import date
from functools import lru_cache

from lunar_python import Lunar, LunarYear, Solar

Days = tuple[date, date]

# What the library calls the terms of the winter that ends a year, which it names twice.
SECOND_WINTER = {"冬至": "DONG_ZHI", "大雪": "大雪"}
# Days of a long lunar month; a short one has one less.
LONG_MONTH = 30


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """Return a day of the lunar year begun in ``year``; the 30th of a short month is its 29th (除夕).

    Raises:
        ValueError: there is no such month or day.
    """
    first, length = _month(year, -month if leap else month)
    if day == LONG_MONTH > length:
        day = length
    if not 1 <= day <= length:
        raise ValueError(f"month {month} of {year} has {length} days")
    return _date(first + day - 1)


def lunar_month(year: int, month: int, *, leap: bool = False) -> Days:
    """Return the first and last day of a month of the lunar calendar."""
    first, length = _month(year, -month if leap else month)
    return (_date(first), _date(first + length - 1))


def lunar_months(year: int, first: int, last: int) -> Days:
    """Return the first and last day of several months of a lunar year, leap months between them included."""
    return (lunar_month(year, first)[0], _date(_end(year, last)))


def lunar_year(year: int) -> Days:
    """Return the first and last day of a lunar year."""
    return lunar_months(year, 1, max(abs(month) for month, _, _ in _months(year)))


@lru_cache(maxsize=256)
def solar_term(year: int, name: str) -> date:
    """Return the day of a solar term in a year of the common calendar."""
    table = Lunar.fromYmd(year, 6, 1).getJieQiTable()
    return _of(table[SECOND_WINTER.get(name, name)])


def _end(year: int, month: int) -> float:
    """Return the last day of a month, of its leap month where there is one."""
    return max(first + length - 1 for number, first, length in _months(year) if abs(number) == month)


def _month(year: int, month: int) -> tuple[float, int]:
    """Return the Julian day on which a month begins (a leap month is negative), and its length."""
    for number, first, length in _months(year):
        if number == month:
            return first, length
    raise ValueError(f"the lunar year {year} has no month {month}")


@lru_cache(maxsize=256)
def _months(year: int) -> tuple[tuple[int, float, int], ...]:
    found = LunarYear.fromYear(year).getMonthsInYear()
    return tuple((one.getMonth(), one.getFirstJulianDay(), one.getDayCount()) for one in found)


def _date(julian_day: float) -> date:
    return _of(Solar.fromJulianDay(julian_day))


def _of(day: Solar) -> date:
    return date(day.getYear(), day.getMonth(), day.getDay())
