"""Resolve a written time and an anchor to a first and a last day; pure functions.

A new word for a day, month or year is an entry in the tables below; festivals and lunar days are in
`festivals`, centuries in `decades`, reigns in `eras`. Nothing is guessed: without an anchor only a time with
its year has days. A deictic word is counted from the day of publication (昨天), an anaphoric one from the
time read last (次日).
"""

from collections.abc import Callable
from datetime import date, timedelta

from etl.extraction.resources.lexicon import TimeWords
from etl.extraction.times.decades import resolve_century
from etl.extraction.times.eras import resolve_era
from etl.extraction.times.festivals import resolve_festival, resolve_lunar
from etl.extraction.times.time_anchor import TimeAnchor
from etl.extraction.times.years import REPUBLIC_YEAR_ONE, take_year
from etl.text.alternation import alternation
from etl.text.expressions import compiled
from etl.text.numerals import parse_whole

Days = tuple[date, date]

DEICTIC_DAYS = {
    "今天": 0, "今日": 0, "今晨": 0, "今早": 0, "今晚": 0, "昨天": -1, "昨日": -1, "昨晚": -1,
    "明天": 1, "明日": 1, "明晚": 1, "前天": -2, "大前天": -3, "后天": 2, "大后天": 3,
}  # fmt: skip
ANAPHORIC_DAYS = {"当天": 0, "当日": 0, "同日": 0, "同一天": 0, "当晚": 0, "次日": 1, "翌日": 1, "第二天": 1}
DEICTIC_MONTHS = {"本月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
ANAPHORIC_MONTHS = {"当月": 0, "同月": 0, "次月": 1}
# Months, first and last, as statistics and the weather service count them; a winter ends in the next year.
QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))
SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}
# Months of a part of the year, first and last.
PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12), "前一季度": (1, 3), "前四季度": (1, 12),
    "前两季度": (1, 6), "前二季度": (1, 6), "前三季度": (1, 9), "头两季度": (1, 6), "头三季度": (1, 9),
    **{f"{before}{k}{end}": months for k, months in SEASONS.items()
       for before, end in (("", ""), ("", "季"), ("", "天"), ("这个", "季"), ("这个", "天"))},
    **{f"{sign}{k}季度{end}": months for k, (first, last) in zip("一二三四", QUARTERS, strict=True)
       for sign in ("", "第")
       for end, months in
       (("", (first, last)), ("初", (first, first)), ("末", (last, last)), ("底", (last, last)))},
    **{f"第{k}季": months for signs in ("一二三四", "1234")
       for k, months in zip(signs, QUARTERS, strict=True)},
    "最后一个月": (12, 12), "最后一个季度": (10, 12), "第一个月": (1, 1), "第一个季度": (1, 3),
    "年中": (6, 7),
    "年初": (1, 1), "初": (1, 1), "年底": (12, 12), "年末": (12, 12), "底": (12, 12), "末": (12, 12),
}  # fmt: skip
LAST_DAYS = frozenset({"最后一天"})
# Days of a part of a month, first and last; None for the last of the month.
FIRST_THIRD, LAST_THIRD = (1, 10), (21, None)
THIRDS: dict[str, tuple[int, int | None]] = {
    "上旬": FIRST_THIRD, "上、中旬": (1, 20), "中旬": (11, 20), "中、下旬": (11, None), "下旬": LAST_THIRD,
    "月初": FIRST_THIRD, "初": FIRST_THIRD,
    "月底": LAST_THIRD, "底": LAST_THIRD, "月末": LAST_THIRD, "末": LAST_THIRD,
}  # fmt: skip
WEEK = {sign: i for i, sign in enumerate("一二三四五六日")} | {"天": 6}
_DEICTIC_MONTH, _ANAPHORIC_MONTH = (
    compiled(alternation(words)) for words in (DEICTIC_MONTHS, ANAPHORIC_MONTHS)
)
_DEICTIC_DAY, _ANAPHORIC_DAY = (compiled(alternation(words)) for words in (DEICTIC_DAYS, ANAPHORIC_DAYS))
_MONTH = compiled("(?P<number>\\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_DAY = compiled("(?P<number>\\d{1,2}|[一二三四五六七八九十廿卅]{1,3})[日号]")
_SLASHED = compiled("(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})")
_WEEKDAY = compiled("(?P<which>上上|下下|[本上下这]?)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]?)")
# A mark of a range stands behind its first end: 至 begins the name of a reign, too (至正初年).
_RANGE = compiled("(?<=.)[—–－~～至到-]+")
# 今（15）日, 今（2025）年: the number says more than the word.
_BRACKETED = compiled("[今昨明][（(](\\d+)[）)]([日晚年])")
_TWO_MONTHS = compiled("(\\d)、(?=\\d)|(?<![十\\d])([一二三四五六七八])、?(?=[二三四五六七八九]月)")
# 10月26日0—24时: hours are no range of days.
_HOURS = compiled("(?<=日)\\d{1,2}[—–~～至到-]+\\d{1,2}[时点].*")
_PLAN = compiled('[“"「『]?(十?[一二三四五六七八九]五|十五)[”"」』]?(?:时期|期间|末|初期)')
_NTH_PLAN = compiled("第(十?[一二三四五六七八九]|十)个五年计划")
_REPUBLIC_MONTHS = compiled("(\\d{3})/(\\d\\d)(?:[-~～至](\\d{3})/(\\d\\d))?")
_YEARS = compiled("(\\d{4})年?[—–－~～至到-]+(\\d{4})年")
_YEAR_RANGE = compiled("(.{1,4}?)年?度?[—–~～至到-]+(.{1,4}?)(?:学|会计)?年度")
_GLOSS = compiled("^(?:今|昨|明|前|后|大前|大后)[天日][（(](.*?[日号])[）)].*$")
_COMPACT = compiled("(\\d{4})(\\d\\d)(\\d\\d)")
_REPUBLIC_DAY = compiled("(\\d{2,3})[/.](\\d{1,2})[/.](\\d{1,2})")
_QUARTER = compiled("(?P<which>上上|上|下|本|当)一?个?季度")
# What has no form of its own, no word and no range: most times.
_PLAIN = compiled("(?:(?:\\d{4}|[今去])年)?(?:\\d{1,2}月)?(?:\\d{1,2}日)?")
_FIRST_MONTHS = compiled("前(\\d{1,2}|[两二三四五六七八九十]{1,2})个月")


def resolve_days(words: str, anchor: TimeAnchor, lexicon: TimeWords) -> Days | None:
    """Return the first and last day of a written time; None where they cannot be known.

    Args:
        words: the time as it is written, folded.
        anchor: the day of publication, and what the text has told before.
        lexicon: festivals and plans.
    """
    plain = bool(_PLAIN.fullmatch(words))
    words = words if plain else _without_glosses(words)
    try:
        formed = None if plain else _special(words, anchor, lexicon) or _range(words, anchor)
        return formed or _single(words, anchor)
    except (ValueError, OverflowError, KeyError):
        # No such day: 2月30日, 13月, a lunar year outside of the tables.
        return None


def _without_glosses(words: str) -> str:
    """Leave out what says a time once more, and hours; two months become a range."""
    words = _BRACKETED.sub(lambda m: m[1] + m[2].replace("晚", "日"), words)
    words = _GLOSS.sub(r"\1", words).replace("元月", "1月")
    return _TWO_MONTHS.sub(r"\1\2—", _HOURS.sub("", words))


def _special(words: str, anchor: TimeAnchor, lexicon: TimeWords) -> Days | None:
    """Resolve days that a form of its own or a word tells."""
    formed = _by_form(words, anchor, lexicon)
    return _by_words(words, anchor, lexicon) if formed == () else formed or None


def _by_form(words: str, anchor: TimeAnchor, lexicon: TimeWords) -> Days | tuple[()] | None:
    """Resolve numbers in a form of their own; nothing known is None, another form an empty tuple."""
    if slashed := [date(int(d[1]), int(d[3]), int(d[4])) for d in _SLASHED.finditer(words)]:
        return (slashed[0], slashed[-1])
    if years := _YEARS.fullmatch(words):
        return (date(int(years[1]), 1, 1), date(int(years[2]), 12, 31))
    if republic := _REPUBLIC_DAY.fullmatch(words):
        reign, month, number = map(int, republic.groups())
        day = date(reign + REPUBLIC_YEAR_ONE - 1, month, number)
        return (day, day) if anchor.republic else None
    if compact := _COMPACT.fullmatch(words):
        day = date(*map(int, compact.groups()))
        return (day, day)
    if months := _REPUBLIC_MONTHS.fullmatch(words):
        return (
            _republic_months(*(int(number or 0) for number in months.groups())) if anchor.republic else None
        )
    return _plan(words, lexicon)


def _republic_months(year: int, month: int, last_year: int, last: int) -> Days | None:
    """Resolve 094/07 and 102/12-103/02; the last two numbers are 0 where there is one month."""
    begin = date(year + REPUBLIC_YEAR_ONE - 1, month, 1)
    end = _month_end(date((last_year or year) + REPUBLIC_YEAR_ONE - 1, last or month, 1))
    return (begin, end) if begin <= end else None


def _plan(words: str, lexicon: TimeWords) -> Days | tuple[()] | None:
    """Resolve “十五”时期 and 第七个五年计划期间; other words are an empty tuple."""
    plan = _PLAN.match(words) or _NTH_PLAN.match(words)
    if not plan:
        return ()
    span = lexicon.plans.get(plan[1] + "五" * (plan.re is _NTH_PLAN))
    return (date(span[0], 1, 1), date(span[1], 12, 31)) if span else None


def _by_words(words: str, anchor: TimeAnchor, lexicon: TimeWords) -> Days | None:
    """Resolve festivals, lunar days, days of the week, centuries, eras, quarters and fiscal years."""
    year, rest = take_year(words, anchor)

    def near(make: Callable[[int], date]) -> date | None:
        return _near(anchor, year, make)

    return (
        resolve_festival(rest, near, lexicon)
        or resolve_lunar(rest, near)
        or _weekday(words, anchor.published)
        or resolve_century(words, anchor.published)
        or resolve_era(words, anchor.published, lexicon)
        or _quarter(words, anchor.published)
        or _fiscal(words, anchor)
    )


def _quarter(words: str, published: date | None) -> Days | None:
    """Resolve 上一季度 and 本季度."""
    match = _QUARTER.fullmatch(words)
    if not match or not published:
        return None
    shift = match["which"].count("下") - match["which"].count("上")
    quarter = published.year * 4 + (published.month - 1) // 3 + shift
    return _part(quarter // 4, (quarter % 4 * 3 + 1, quarter % 4 * 3 + 3))


def _fiscal(words: str, anchor: TimeAnchor) -> Days | None:
    """Resolve 91至93年度, whose first year shares the word of the second."""
    match = _YEAR_RANGE.fullmatch(words)
    if not match:
        return None
    first, last = (take_year(number + "年", anchor)[0] for number in match.groups())
    return (date(first, 1, 1), date(last, 12, 31)) if first and last and first < last else None


def _weekday(words: str, published: date | None) -> Days | None:
    match = _WEEKDAY.match(words)
    if not match or not published:
        return None
    weeks = match["which"].count("下") - match["which"].count("上")
    monday = published - timedelta(days=published.weekday()) + timedelta(weeks=weeks)
    if match["day"] == "末":
        return (monday + timedelta(days=5), monday + timedelta(days=6))
    if not match["day"]:
        return (monday, monday + timedelta(days=6))
    day = monday + timedelta(days=WEEK[match["day"]])
    # A bare 周五 in a report is the last one that has been.
    if not match["which"] and day > published:
        day -= timedelta(weeks=1)
    return (day, day)


def _range(words: str, anchor: TimeAnchor) -> Days | None:
    """Resolve both ends of 2月26日至28日; without a year, to the range that is nearest to the anchor."""
    parts = _RANGE.split(words)
    if len(parts) != 2 or ":" in words or not any(unit in parts[1] for unit in "年月日号"):  # noqa: PLR2004
        return None
    first = parts[0] if parts[0][-1] in "年月日号份" else parts[0] + _unit(parts[1])
    if not anchor.near or anchor.year or not _MONTH.match(first):
        return _ends(first, parts[1], anchor)
    near = anchor.near
    years = (f"{near.year + shift}年" for shift in (-1, 0, 1))
    found = [days for year in years if (days := _ends(year + first, parts[1], anchor))]
    return min(found, key=lambda days: max(days[0] - near, near - days[1]), default=None)


def _ends(begin: str, end: str, anchor: TimeAnchor) -> Days | None:
    """Resolve the ends of a range; the second takes what it leaves out from the first."""
    first = _single(begin, anchor)
    if not first:
        return None
    year = "" if "年" in end else f"{first[0].year}年"
    last = _single(year + ("" if "月" in end or not year else f"{first[0].month}月") + end, anchor)
    if last and last[0] < first[0] and year and "月" in end:
        # 12月28日至1月3日 goes over the end of the year.
        last = _single(f"{first[0].year + 1}年{end}", anchor)
    return (first[0], last[1]) if last and first[0] <= last[1] else None


def _unit(words: str) -> str:
    """Return the unit that the first end of a range shares with the second: the 月 of 1—10月份."""
    return next(c for c in words if c in "年月日号")


def _single(words: str, anchor: TimeAnchor) -> Days | None:
    if days := _relative_day(words, anchor):
        return days
    year, rest = take_year(words, anchor)
    month, rest, year = _take_month(rest, anchor, year)
    if match := _DAY.match(rest):
        return _day(anchor, year, month, parse_whole(match["number"]))
    if month:
        return _month(anchor, year, month, rest)
    return _of_year(year, rest, anchor)


def _of_year(year: int | None, rest: str, anchor: TimeAnchor) -> Days | None:
    """Resolve a year or a part of it."""
    if rest in PARTS or _FIRST_MONTHS.fullmatch(rest):
        near = anchor.near.year if anchor.near else None
        return _part(year or anchor.year or near, PARTS.get(rest) or _first_months(rest))
    if year and rest in LAST_DAYS:
        return (date(year, 12, 31), date(year, 12, 31))
    return (date(year, 1, 1), date(year, 12, 31)) if year and rest in {"", "度", "内"} else None


def _first_months(words: str) -> tuple[int, int]:
    """Return the months of 前11个月, the first of a year."""
    match = _FIRST_MONTHS.fullmatch(words)
    return (1, parse_whole(match[1]) if match else 12)


def _relative_day(words: str, anchor: TimeAnchor) -> Days | None:
    for table, pattern, day in (
        (DEICTIC_DAYS, _DEICTIC_DAY, anchor.published),
        (ANAPHORIC_DAYS, _ANAPHORIC_DAY, anchor.day),
    ):
        match = pattern.match(words)
        if match and day:
            found = day + timedelta(days=table[match[0]])
            return (found, found)
    return None


def _take_month(words: str, anchor: TimeAnchor, year: int | None) -> tuple[int | None, str, int | None]:
    if match := _MONTH.match(words):
        return parse_whole(match["number"]), words[match.end() :], year
    for table, pattern, day in (
        (DEICTIC_MONTHS, _DEICTIC_MONTH, anchor.published),
        (ANAPHORIC_MONTHS, _ANAPHORIC_MONTH, anchor.last_month),
    ):
        if day and (match := pattern.match(words)):
            months = day.year * 12 + day.month - 1 + table[match[0]]
            # 去年本月 keeps the year that stands before it.
            return months % 12 + 1, words[match.end() :], year or months // 12
    return None, words, year


def _day(anchor: TimeAnchor, year: int | None, month: int | None, day: int) -> Days | None:
    found = _near(anchor, year, lambda y: date(y, month, day)) if month else _near_month(anchor.month, day)
    return (found, found) if found else None


def _month(anchor: TimeAnchor, year: int | None, month: int, rest: str) -> Days | None:
    first = _near(anchor, year, lambda y: date(y, month, 1))
    if not first or rest not in {"", *THIRDS}:
        return None
    end = _month_end(first)
    if not rest:
        return (first, end)
    low, high = THIRDS[rest]
    return (first.replace(day=low), first.replace(day=high) if high else end)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _part(year: int | None, months: tuple[int, int]) -> Days | None:
    if not year:
        return None
    over, last = divmod(months[1] - 1, 12)
    return (date(year, months[0], 1), _month_end(date(year + over, last + 1, 1)))


def _near(anchor: TimeAnchor, year: int | None, make: Callable[[int], date]) -> date | None:
    """Return the day in its year; without a year, the one nearest to the anchor."""
    near = anchor.near
    if year or anchor.year:
        return make(year or anchor.year or 0)
    if not near:
        return None
    options = []
    for candidate in (near.year - 1, near.year, near.year + 1):
        try:
            options.append(make(candidate))
        except ValueError:
            continue  # 29 February
    if anchor.past and anchor.published:
        options = [day for day in options if day <= anchor.published] or options
    return min(options, key=lambda day: abs((day - near).days), default=None)


def _near_month(near: date | None, day: int) -> date | None:
    """Return a day without its month nearest to the anchor."""
    if not near:
        return None
    options = []
    for shift in (-1, 0, 1):
        months = near.year * 12 + near.month - 1 + shift
        try:
            options.append(date(months // 12, months % 12 + 1, day))
        except ValueError:
            continue  # no 31st in that month
    return min(options, key=lambda option: abs((option - near).days), default=None)
