"""The days that a written time means: pure functions from words and an anchor to a first and last day.

A new word for a day, month or year is an entry in the tables below. Nothing is guessed: without an
anchor only a time with its year has days.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from borax.calendars.lunardate import LunarDate

from etl.extract.lexicon import TimeWords
from etl.extract.numerals import DIGITS, parse_number

Days = tuple[date, date]

SAID_YEARS = {
    "今年": 0,
    "去年": -1,
    "明年": 1,
    "前年": -2,
    "后年": 2,
    "上年": -1,
    "上一年": -1,
    "本年": 0,
    "本年度": 0,
    "下一年": 1,
}
SAID_DAYS = {
    "今天": 0, "今日": 0, "今晨": 0, "今早": 0, "今晚": 0, "昨天": -1, "昨日": -1, "昨晚": -1,
    "明天": 1, "明日": 1, "明晚": 1, "前天": -2, "后天": 2,
}  # fmt: skip
SAID_MONTHS = {"本月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
# Months of a part of the year, first and last.
PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12),
    "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12),
    "第一季度": (1, 3), "第二季度": (4, 6), "第三季度": (7, 9), "第四季度": (10, 12),
    "前两季度": (1, 6), "前二季度": (1, 6), "前三季度": (1, 9),
    "年初": (1, 1), "初": (1, 1), "年底": (12, 12), "年末": (12, 12), "底": (12, 12), "末": (12, 12),
}  # fmt: skip
THIRDS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "月初": (1, 10),
    "初": (1, 10),
    "月底": (21, 31),
    "底": (21, 31),
    "月末": (21, 31),
    "末": (21, 31),
}
LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
WEEK = {sign: i for i, sign in enumerate("一二三四五六日")} | {"天": 6}
HISTORY = 1912

_YEAR = re.compile(
    "(?:公元)?(?:(?P<roc>民国)(?P<reign>\\d{1,3})|(?P<number>\\d{4}|[一二三四五六七八九〇零○]{4}))年?"
)
_SAID_YEAR = re.compile("|".join(sorted(SAID_YEARS, key=len, reverse=True)))
_MONTH = re.compile("(?P<number>\\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_SAID_MONTH = re.compile("|".join(sorted(SAID_MONTHS, key=len, reverse=True)))
_DAY = re.compile("(?P<number>\\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
_SLASHED = re.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})")
_LUNAR = re.compile(
    "(?P<month>[正腊冬]|[一二三四五六七八九十]{1,2})月(?P<day>初[一二三四五六七八九十]|[二廿三]?十?[一二三四五六七八九]?)$"
)
_WEEKDAY = re.compile("(?P<which>[本上下这]?)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]?)")
_RANGE = re.compile("[—–~～至到-]+")
_PLAN = re.compile('[“"「]?(十?[一二三四五六七八九]五)[”"」]?(?:时期|期间|末|初期)')
_YEARS = re.compile("(\\d{4})年?[—–~～至到-]+(\\d{4})年")


def resolve(words: str, anchor: date | None, lexicon: TimeWords) -> Days | None:
    """First and last day of a time; None where they cannot be known.

    Args:
        words: the time as it is written, folded.
        anchor: the day of publication.
        lexicon: festivals and plans.
    """
    try:
        return _special(words, anchor, lexicon) or _range(words, anchor) or _single(words, anchor)
    except (ValueError, OverflowError):
        # No such day: 2月30日, 13月, a lunar year outside of the tables.
        return None


def _special(words: str, anchor: date | None, lexicon: TimeWords) -> Days | None:
    if slashed := _SLASHED.fullmatch(words):
        day = date(*(int(part) for part in slashed.groups()))
        return (day, day)
    if years := _YEARS.fullmatch(words):
        return (date(int(years[1]), 1, 1), date(int(years[2]), 12, 31))
    if plan := _PLAN.match(words):
        span = lexicon.plans.get(plan[1])
        return (date(span[0], 1, 1), date(span[1], 12, 31)) if span else None
    return _festival(words, anchor, lexicon) or _lunar(words, anchor) or _weekday(words, anchor)


def _festival(words: str, anchor: date | None, lexicon: TimeWords) -> Days | None:
    year, rest = _take_year(words, anchor)
    rest = rest.removeprefix("农历")
    names = [name for name in (*lexicon.lunar, *lexicon.solar) if rest.startswith(name)]
    if not names:
        return None
    name = max(names, key=len)
    if name in lexicon.solar:
        day = _near(anchor, year, lambda y: date(y, *lexicon.solar[name]))
    else:
        day = _near(anchor, year, lambda y: _lunar_day(y, *lexicon.lunar[name]))
    return (day, day) if day else None


def _lunar(words: str, anchor: date | None) -> Days | None:
    year, rest = _take_year(words, anchor)
    match = _LUNAR.fullmatch(rest.removeprefix("农历").removeprefix("阴历"))
    if not match or not match["day"]:
        return None
    month = LUNAR_MONTHS.get(match["month"]) or _whole(match["month"])
    day = _whole(match["day"].removeprefix("初").replace("廿十", "二十").replace("廿", "二十"))
    found = _near(anchor, year, lambda y: _lunar_day(y, month, day))
    return (found, found) if found else None


def _lunar_day(year: int, month: int, day: int) -> date:
    """A day of the lunar year that begins in ``year``; the 30th of a short month is its 29th (除夕)."""
    try:
        return LunarDate(year, month, day).to_solar_date()  # type: ignore[no-any-return]
    except ValueError:
        return LunarDate(year, month, day - 1).to_solar_date()  # type: ignore[no-any-return]


def _weekday(words: str, anchor: date | None) -> Days | None:
    match = _WEEKDAY.match(words)
    if not match or not anchor:
        return None
    monday = (
        anchor
        - timedelta(days=anchor.weekday())
        + timedelta(weeks={"上": -1, "下": 1}.get(match["which"], 0))
    )
    if match["day"] == "末":
        return (monday + timedelta(days=5), monday + timedelta(days=6))
    if not match["day"]:
        return (monday, monday + timedelta(days=6))
    day = monday + timedelta(days=WEEK[match["day"]])
    # A bare 周五 in a report is the last one that has been.
    if not match["which"] and day > anchor:
        day -= timedelta(weeks=1)
    return (day, day)


def _range(words: str, anchor: date | None) -> Days | None:
    """Both ends of 2月26日至28日; what the second end leaves out it takes from the first."""
    parts = _RANGE.split(words)
    if len(parts) != 2 or ":" in words or not any(unit in parts[1] for unit in "年月日号"):  # noqa: PLR2004
        return None
    first = _single(parts[0] if parts[0][-1] in "年月日号份" else parts[0] + parts[1][-1], anchor)
    if not first:
        return None
    head = ""
    if "年" not in parts[1]:
        head = f"{first[0].year}年"
        if "月" not in parts[1]:
            head += f"{first[0].month}月"
    last = _single(head + parts[1], anchor)
    return (first[0], last[1]) if last and first[0] <= last[1] else None


def _single(words: str, anchor: date | None) -> Days | None:
    for word, shift in SAID_DAYS.items():
        if words.startswith(word):
            return _around(anchor, shift)
    year, rest = _take_year(words, anchor)
    month, rest, year = _take_month(rest, anchor, year)
    if match := _DAY.match(rest):
        return _day(anchor, year, month, _whole(match["number"]))
    if month:
        return _month(anchor, year, month, rest)
    if rest in PARTS:
        return _part(year or (anchor.year if anchor else None), PARTS[rest])
    return (date(year, 1, 1), date(year, 12, 31)) if year and rest in {"", "度"} else None


def _around(anchor: date | None, shift: int) -> Days | None:
    if not anchor:
        return None
    day = anchor + timedelta(days=shift)
    return (day, day)


def _take_year(words: str, anchor: date | None) -> tuple[int | None, str]:
    if match := _YEAR.match(words):
        if match["roc"]:
            return int(match["reign"]) + HISTORY - 1, words[match.end() :]
        if words[match.end() - 1 : match.end()] == "年":
            number = match["number"]
            value = int(number) if number.isascii() else int("".join(str(DIGITS[c]) for c in number))
            return value, words[match.end() :]
    if match := _SAID_YEAR.match(words):
        rest = words[match.end() :]
        return (anchor.year + SAID_YEARS[match[0]], rest) if anchor else (None, f"?{rest}")
    return None, words


def _take_month(words: str, anchor: date | None, year: int | None) -> tuple[int | None, str, int | None]:
    if match := _MONTH.match(words):
        return _whole(match["number"]), words[match.end() :], year
    if anchor and (match := _SAID_MONTH.match(words)):
        months = anchor.year * 12 + anchor.month - 1 + SAID_MONTHS[match[0]]
        return months % 12 + 1, words[match.end() :], months // 12
    return None, words, year


def _day(anchor: date | None, year: int | None, month: int | None, day: int) -> Days | None:
    found = _near(anchor, year, lambda y: date(y, month, day)) if month else _near_month(anchor, day)
    return (found, found) if found else None


def _month(anchor: date | None, year: int | None, month: int, rest: str) -> Days | None:
    first = _near(anchor, year, lambda y: date(y, month, 1))
    if not first or rest not in {"", *THIRDS}:
        return None
    end = _month_end(first)
    if not rest:
        return (first, end)
    low, high = THIRDS[rest]
    return (first.replace(day=low), min(end, first + timedelta(days=high - 1)))


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _part(year: int | None, months: tuple[int, int]) -> Days | None:
    if not year:
        return None
    return (date(year, months[0], 1), _month_end(date(year, months[1], 1)))


def _near(anchor: date | None, year: int | None, make: Callable[[int], date]) -> date | None:
    """The day in its year; without a year the one that is nearest to the anchor, which a report means."""
    if year:
        return make(year)
    if not anchor:
        return None
    options = []
    for candidate in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            options.append(make(candidate))
        except ValueError:
            continue  # 29 February
    return min(options, key=lambda day: abs((day - anchor).days), default=None)


def _near_month(anchor: date | None, day: int) -> date | None:
    """A day without its month: the nearest to the anchor."""
    if not anchor:
        return None
    options = []
    for shift in (-1, 0, 1):
        months = anchor.year * 12 + anchor.month - 1 + shift
        try:
            options.append(date(months // 12, months % 12 + 1, day))
        except ValueError:
            continue  # no 31st in that month
    return min(options, key=lambda option: abs((option - anchor).days), default=None)


def _whole(words: str) -> int:
    value = parse_number(words)
    if value is None:
        raise ValueError(f"{words!r} is no number")
    return int(value)
