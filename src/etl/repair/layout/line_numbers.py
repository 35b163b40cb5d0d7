"""Find the numbers that some courts and parliaments print before each line of a page: 01, 02 … and again 01.

`line_numbers` is called once a report, on its raw text. Rows of a list are numbered alike, but none of them
breaks off as long as all others.
"""

import itertools
import re
from collections.abc import Sequence

from etl.text.expressions import compiled

NUMBERED = re.compile(
    r"^[ \u3000]*(?P<number>[0-9]{2})(?P<rest>[ \u3000]+(?P<words>\S.*?))[ \u3000]*$", re.MULTILINE
)
BREAKS_OFF = compiled(r"[，。；、,].*[^。！？；：、，.!?;:…”」』）)]$")
NARROW = re.compile("[ -~]")
FIRST = "01"  # number of the first line of a page
# Set by hand; the tests have a text on each side (docs/decisions/0140).
FEWEST = 8  # lines that count on, from which on they are numbered
LEAST_WIDTH = 18  # characters of a full line
SLACK = 4  # characters that it may lack
FULL_SHARE = 0.25  # share of the lines that are full, have a mark inside and break off


def line_numbers(text: str) -> list[tuple[int, int]]:
    """Return where the number of each numbered line ends and its words begin; [] where lines have none."""
    found = list(NUMBERED.finditer(text)) if FIRST in text else []
    numbers = [one["number"] for one in found]
    follow = sum(b == FIRST or int(b) - int(a) == 1 for a, b in itertools.pairwise(numbers))
    if len(found) < FEWEST or FIRST not in numbers or follow < len(found) - 1:
        return []
    return [(one.end("number"), one.start("words")) for one in found] if _wrapped(found) else []


def _wrapped(found: Sequence[re.Match[str]]) -> bool:
    """Check whether many lines are about as long as the page, have marks inside, and break off."""
    rests = [one["rest"] for one in found]  # indents count
    sizes = [len(one) - len(NARROW.findall(one)) / 2 for one in rests]
    least = max(LEAST_WIDTH, max(sizes) - SLACK)
    broken = [bool(BREAKS_OFF.search(one)) for one, size in zip(rests, sizes, strict=True) if size >= least]
    return sum(broken) >= FULL_SHARE * len(rests)
