"""Join two times of which one goes to the other into one: 12月28日至次年1月3日, 3月初到5月底, 9时至下午5时.

Ranges whose second end leaves out what the first says (2月26日至28日) are read as one by `finder`.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extraction.times.time_anchor import Days

# A place in the dense text, and its days.
Found = tuple[tuple[int, int], Days | None]

SIGN = re.compile("[—–-]{1,2}|[~～]|至|到")
CLOCK = re.compile("(?:[上中下]午|凌晨|清晨|早晨|早上|傍晚|晚上|晚间|深夜|夜间|\\d{1,2}[时点:：]).*")


def join_ranges(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Yield times in order of place, two with only a sign of a range between them as one."""
    held: Found | None = None
    for one in found:
        joined = _join(text, held, one) if held else None
        if held and not joined:
            yield held
        held = joined or one
    if held:
        yield held


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
