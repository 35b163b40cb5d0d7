"""Keep the times read so far in a text, against which the next time is resolved.

A new dependence on earlier times is a field of `TimeAnchor`, filled in `TimeContext.anchor` and read in
`calendar`.
"""

import re
from datetime import date
from typing import NamedTuple

Days = tuple[date, date]

SENTENCE = re.compile("[。！？!?\n]")
PARAGRAPH = re.compile("\n")
# Days of the longest month and year.
MAX_MONTH_DAYS = 31
MAX_YEAR_DAYS = 366


class TimeAnchor(NamedTuple):
    """The days against which a time is resolved that leaves out its year, month or day.

    Attributes:
        published: the day of publication, for 昨日, 去年, 上周.
        near: the month and day without a year that is nearest to it is meant.
        year: of the same sentence; wins over ``near``.
        month: the day without a month that is nearest to it is meant.
        day: the single day read last, for 当日 and 次日.
        last_month: a day in the month read last, for 当月.
        last_year: a day in the year read last, for 当年.
        past: the time is not after publication (截至2月10日).
        republic: years of two digits are the Republic's, as in Taiwan's texts.
    """

    published: date | None = None
    near: date | None = None
    year: int | None = None
    month: date | None = None
    day: date | None = None
    last_month: date | None = None
    last_year: date | None = None
    past: bool = False
    republic: bool = False


class TimeContext(NamedTuple):
    """The last times read in a text, with the offsets at which they end.

    Attributes:
        year: the last year alone (2019年), and where.
        dated: the last month or day whose year the text itself says.
        last: the last month or day of any kind.
        day: the last single day.
        heading: the last year that has its line for itself: that of times that begin a line behind it.
    """

    year: tuple[int, int] | None = None
    dated: tuple[date, int] | None = None
    last: tuple[date, int] | None = None
    day: date | None = None
    heading: int | None = None

    def anchor(self, text: str, start: int, published: date | None) -> TimeAnchor:
        """Return what the time that begins at ``start`` is resolved against.

        A year is carried on within a sentence, a date within its paragraph; where the day of publication
        is not known they are all there is, and hold for the whole text.
        """
        year = self.year[0] if self.year and not _are_apart(SENTENCE, text, self.year[1], start) else None
        last = self.last[0] if self.last else None
        last_year = date(self.year[0], 1, 1) if self.year else last
        if self.heading and text[start - 1 : start] == "\n":
            return TimeAnchor(published, last, self.heading, last, self.day, last, last_year)
        dated = self.dated[0] if self.dated else None
        if published is None:
            year = year or (self.year[0] if self.year and not dated else None)
            return TimeAnchor(None, dated, year, last, self.day, last, last_year)
        # A plan for years to come dates nothing that is reported.
        if not self.dated or self.dated[0] > published or _are_apart(PARAGRAPH, text, self.dated[1], start):
            dated = None
        near = dated or published
        nearby = last if self.last and not _are_apart(SENTENCE, text, self.last[1], start) else None
        return TimeAnchor(published, near, year, nearby or near, self.day, last, last_year)

    def after(self, days: Days | None, end: int, *, dated: bool, heads: bool = False) -> "TimeContext":
        """Return the context behind a time that was read.

        Args:
            days: of the time.
            end: where it ends in the text.
            dated: whether the text itself says its year.
            heads: whether it has its line for itself.
        """
        if days is None or days[0].year != days[1].year:
            return self
        length = (days[1] - days[0]).days + 1
        if length > MAX_MONTH_DAYS:
            whole = length in {MAX_YEAR_DAYS - 1, MAX_YEAR_DAYS} and dated
            year = days[0].year
            return self._replace(year=(year, end), heading=year if heads else self.heading) if whole else self
        # To the middle of a month all its days are nearer than those of others.
        return self._replace(
            year=None,
            dated=(days[0], end) if dated else self.dated,
            last=(days[0] + (days[1] - days[0]) // 2, end),
            day=days[0] if length == 1 else self.day,
        )


def _are_apart(sign: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return bool(sign.search(text, start, end))
