"""A time whose ends another than the forms has told has days where its words or its parts tell them."""

from datetime import date

import pytest

from etl.engines import Engines
from etl.extraction.context import Context
from etl.extraction.times.chosen import date_spans
from etl.extraction.times.finder import find_times

DAY = ("2020-03-05", "2020-03-05")


@pytest.mark.parametrize(
    ("text", "span", "days"),
    [
        ("会议于3月5日召开", (3, 7), DAY),
        ("会议于3月5日当地时间召开", (3, 11), DAY),
        ("会议于3月5日和3月6日召开", (3, 12), (None, None)),
        ("预算为八十八年下半年所用", (3, 10), (None, None)),
        ("恐龙生于白垩纪晚期", (4, 9), (None, None)),
        ("新年伊始", (0, 2), (None, None)),
    ],
    ids=["as it was found", "one inside", "two that differ", "a number beside", "no days", "no form"],
)
def test_days_of_spans(
    engines: Engines, text: str, span: tuple[int, int], days: tuple[str | None, str | None]
) -> None:
    """The days are those that were found, or those of all parts together; else nobody knows them."""
    context = Context(text, text, (), engines.lexicon, date(2020, 6, 1))

    (time,) = date_spans(context, [span], find_times(context))

    assert (time.text, time.start_date, time.end_date) == (text[slice(*span)], *days)
