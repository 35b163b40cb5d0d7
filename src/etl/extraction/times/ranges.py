"""Join times that are one: 12月28日至次年1月3日, 9时至下午5时, 九月十五日（星期五）上午十时.

Ranges whose second end leaves out what the first says (2月26日至28日) are read as one by `finder`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from etl.extraction.times.eras import FIRST_COMMON_YEAR
from etl.extraction.times.time_anchor import Days
from etl.extraction.times.years import REPUBLIC_YEAR_ONE

# A place in the dense text, and its days.
Found = tuple[tuple[int, int], Days | None]

SIGN = re.compile("[—–－-]{1,2}|[~～]|起?[至到]|迄")
OPEN, CLOSED = frozenset("（("), frozenset(")）")
# A time, its gloss, and what goes on behind it.
GLOSSED = 3
CLOCK = re.compile("(?:[上中下]午|凌晨|清晨|早晨|早上|傍晚|晚上|晚间|深夜|夜间|\\d{1,2}[时点:：]).*")


def join_ranges(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Yield times in order of place, two with only a sign of a range between them as one."""
    held: Found | None = None
    for one in _join_glossed(text, found):
        joined = _join(text, held, one) if held else None
        if held and not joined:
            yield held
        held = joined or one
    if held:
        yield held


def _join_glossed(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Yield times in order of place, one with its gloss in brackets and what goes on behind as one."""
    held: list[Found] = []
    for one in found:
        held.append(one)
        if len(held) == GLOSSED:
            whole = _glossed(text, held)
            if not whole:
                yield held[0]
            held = [whole] if whole else held[1:]
    yield from held


def _glossed(text: str, times: list[Found]) -> Found | None:
    """Return one time of three, where the second is the gloss of the first and the third goes on with it.

    An hour leaves the day as it is. Other days are known in a year of the common calendar, before the
    Republic only where its gloss is one, too: those of a reign have other months.
    """
    (first, days), (gloss, again), (rest, own) = times
    if text[first[1] : gloss[0]] not in OPEN or text[gloss[1] : rest[0]] not in CLOSED:
        return None
    if CLOCK.fullmatch(text, *rest):
        return (first[0], rest[1]), again or days
    if text[first[1] - 1] != "年":
        return None
    return (first[0], rest[1]), own if days and _has_common_months(days, again) else None


def _has_common_months(days: Days, again: Days | None) -> bool:
    """Check for a year of common months: since the Republic, or in Japan where its gloss is the same year."""
    year = days[0].year
    whole = days == (date(year, 1, 1), date(year, 12, 31))
    return whole and year >= (FIRST_COMMON_YEAR if days == again else REPUBLIC_YEAR_ONE)


def _join(text: str, first: Found, second: Found) -> Found | None:
    """Return the range of two times; None where they are none, or the second is before the first."""
    (start, until), begin = first
    (since, end), last = second
    if not SIGN.fullmatch(text, until, since):
        return None
    if begin is None or last is None:
        clock = CLOCK.fullmatch(text, since, end)
        return ((start, end), begin) if last is None and (begin is None or clock) else None
    return ((start, end), (begin[0], last[1])) if begin[0] <= last[0] and begin[1] <= last[1] else None
