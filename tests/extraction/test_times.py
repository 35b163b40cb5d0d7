import re
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.extraction.test_thresholds import engines

from etl.extraction.times import eras
from etl.model.mentions import Extraction, Time

TABLE = "times.toml"


def test_times_are_resolved_against_the_day_of_publication(
    case: dict[str, Any], found: Callable[..., Extraction]
) -> None:
    """Every time of the table is found whole with its days, unresolved where there is no anchor."""
    anchor = date.fromisoformat(case["published_on"]) if case["published_on"] else None
    times = [e for e in found(case["text"], anchor).entities if isinstance(e, Time)]

    assert [[t.text, t.start_date or "", t.end_date or ""] for t in times] == case["found"]


def test_the_first_two_characters_leave_no_era_out() -> None:
    """Every name of an era begins a time as without the look ahead, also one of a single character."""
    times = engines().lexicon.times
    reigns, dynasties = (*times.reigns, "隆"), tuple(times.dynasties)
    guard = eras._two_characters(reigns, dynasties)
    whole = eras.era_expression(reigns, dynasties)
    quick, plain = re.compile(whole), re.compile(whole.removeprefix(guard))
    ends = {
        reigns: ("元年", "3年", "甲子岁", "年间", "初年", "中叶"),
        dynasties: ("代", "朝末年", "时期", "初年", "清两代", "光绪元年"),
        tuple(eras.CYCLE_NAMES): ("年", "年春节"),
    }
    words = [name + end for names, behind in ends.items() for name in names for end in behind]

    assert whole.startswith(guard)
    assert [_span(quick, each) for each in words] == [_span(plain, each) for each in words]


def _span(pattern: re.Pattern[str], words: str) -> tuple[int, int] | None:
    found = pattern.match(words)
    return found and found.span()
