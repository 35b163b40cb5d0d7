"""What every word for a time means in days: the numbers of the calendar's tables, one row for each."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extraction.test_thresholds import engines

from etl.extraction.times import calendar
from etl.extraction.times.calendar import resolve_days
from etl.extraction.times.lunar_calendar import lunar_day
from etl.extraction.times.time_anchor import TimeAnchor, TimeContext

PUBLISHED = date(2024, 5, 15)  # a Wednesday
DAYS = """
前天 2024-05-13
大前天 2024-05-12
后天 2024-05-17
大后天 2024-05-18
上星期天 2024-05-12
下周日 2024-05-26
前年 2022-01-01 2022-12-31
大前年 2021-01-01 2021-12-31
后年 2026-01-01 2026-12-31
春天 2024-03-01 2024-05-31
这个夏季 2024-06-01 2024-08-31
去年秋 2023-09-01 2023-11-30
冬季 2024-12-01 2025-02-28
上半年 2024-01-01 2024-06-30
下半年 2024-07-01 2024-12-31
全年 2024-01-01 2024-12-31
一季度 2024-01-01 2024-03-31
第二季度 2024-04-01 2024-06-30
第二季度初 2024-04-01 2024-04-30
三季度末 2024-09-01 2024-09-30
四季度底 2024-12-01 2024-12-31
第三季 2024-07-01 2024-09-30
第4季 2024-10-01 2024-12-31
前一季度 2024-01-01 2024-03-31
前两季度 2024-01-01 2024-06-30
前二季度 2024-01-01 2024-06-30
前三季度 2024-01-01 2024-09-30
前四季度 2024-01-01 2024-12-31
头两季度 2024-01-01 2024-06-30
头三季度 2024-01-01 2024-09-30
第一个季度 2024-01-01 2024-03-31
最后一个季度 2024-10-01 2024-12-31
最后一个月 2024-12-01 2024-12-31
年中 2024-06-01 2024-07-31
年底 2024-12-01 2024-12-31
年末 2024-12-01 2024-12-31
2023年底 2023-12-01 2023-12-31
2023年末 2023-12-01 2023-12-31
2月上旬 2024-02-01 2024-02-10
2月中旬 2024-02-11 2024-02-20
2月下旬 2024-02-21 2024-02-29
3月5—7日 2024-03-05 2024-03-07
1980年代初 1980-01-01 1982-12-31
1980年代早期 1980-01-01 1983-12-31
1980年代前期 1980-01-01 1984-12-31
1980年代中期 1984-01-01 1986-12-31
1980年代中后期 1984-01-01 1989-12-31
1980年代后期 1985-01-01 1989-12-31
1980年代晚期 1987-01-01 1989-12-31
1980年代末 1987-01-01 1989-12-31
20世纪初 1900-01-01 1909-12-31
20世纪早期 1900-01-01 1929-12-31
20世纪中叶 1940-01-01 1959-12-31
20世纪晚期 1970-01-01 1999-12-31
20世纪末 1990-01-01 1999-12-31
20世纪上半叶 1901-01-01 1950-12-31
20世纪前半叶 1901-01-01 1950-12-31
20世纪下半叶 1951-01-01 2000-12-31
20世纪后半叶 1951-01-01 2000-12-31
正月初一 2024-02-10
冬月初一 2023-12-13
腊月三十 2024-02-09
癸卯年 2023-01-22 2024-02-09
甲辰年春节 2024-02-10
甲辰年八月 2024-09-03 2024-10-02
乙巳年 2025-01-29 2026-02-16
光绪二十四年春 1898-01-22 1898-05-19
光绪二十四年夏 1898-05-20 1898-08-16
光绪二十四年秋 1898-08-17 1898-11-13
光绪二十四年冬 1898-11-14 1899-02-09
光绪二十四年腊月 1899-01-12 1899-02-09
清光绪二十四年腊月 1899-01-12 1899-02-09
唐代贞观年间 0627-01-23 0650-02-06
"""
NO_DAYS = ["丙午年", "第5季", "甲辰八月", "1月—2月—3月"]


@pytest.mark.parametrize("row", DAYS.split("\n")[1:-1])
def test_days_of_a_word(row: str) -> None:
    """A word means the first and the last day of its row, which may be one."""
    words, *days = row.split()

    found = resolve_days(words, TimeAnchor(PUBLISHED, PUBLISHED), engines().lexicon.times)

    assert found == (date.fromisoformat(days[0]), date.fromisoformat(days[-1]))


@pytest.mark.parametrize(
    ("words", "first"), [("甲子年", "1984-02-02"), ("癸亥年", "1983-02-13"), ("壬戌年", "1982-01-25")]
)
def test_years_of_the_cycle(words: str, first: str) -> None:
    """The cycle of sixty begins anew with 1984."""
    days = resolve_days(words, TimeAnchor(date(1983, 6, 1), date(1983, 6, 1)), engines().lexicon.times)

    assert days is not None
    assert days[0] == date.fromisoformat(first)


@pytest.mark.parametrize("words", NO_DAYS)
def test_words_without_days(words: str) -> None:
    """What is no time, or cannot be known, has no days."""
    assert resolve_days(words, TimeAnchor(PUBLISHED, PUBLISHED), engines().lexicon.times) is None


def test_the_thirtieth_of_a_short_month_is_its_last_day() -> None:
    """The twelfth month of 2021 has 29 days, that of 2022 has 30."""
    assert lunar_day(2021, 12, 30) == lunar_day(2021, 12, 29) == date(2022, 1, 31)
    assert lunar_day(2022, 12, 30) == date(2023, 1, 21)


@pytest.mark.parametrize(
    ("first", "last", "year", "day"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), 2023, None),
        (date(2024, 1, 1), date(2024, 12, 31), 2024, None),
        (date(2024, 1, 1), date(2024, 12, 30), 2024, None),
        (date(2024, 1, 2), date(2024, 12, 30), None, None),
        (date(2024, 1, 1), date(2024, 1, 31), None, date(2024, 1, 1)),
        (date(2024, 1, 1), date(2024, 2, 1), None, None),
    ],
)
def test_what_a_time_dates(first: date, last: date, year: int | None, day: date | None) -> None:
    """A whole year dates the sentence by its year, up to a month by its first day, other spans by nothing."""
    context = TimeContext().after((first, last), 9, dated=True)

    assert context.year == (None if year is None else (year, 9))
    assert context.dated == (None if day is None else (day, 9))


@given(st.from_regex("((1[0-9]|20)[0-9]{2}年|[今去]年)?([0-9]{1,2}月)?([0-9]{1,2}日)?", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_plain_days_are_what_every_form_together_tells(words: str) -> None:
    """Days that are looked for in no special form are those that all forms, asked in turn, would tell."""
    anchor = TimeContext().anchor(words, 0, PUBLISHED)
    told = resolve_days(words, anchor, engines().lexicon.times)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendar, "_PLAIN", re.compile("(?!)"))
        assert resolve_days(words, anchor, engines().lexicon.times) == told
