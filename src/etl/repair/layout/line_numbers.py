"""Find the numbers that some courts and parliaments print before each line of a page: 01, 02 … and again 01.

`line_numbers` is called once a report, on its raw text. Rows of a list are numbered alike, but none of them
breaks off as long as all others.
"""

import itertools
import re
from collections.abc import Sequence

from etl.text.expressions import compiled

NUMBERED = re.compile(
    r"^[ \u3000]*(?P<number>[0-9]{2})[ \u3000]+(?=\S)(?P<words>.+?)[ \u3000]*$", re.MULTILINE
)
RUNS_ON = compiled(r"[^。！？；：、，.!?;:…”」』）)]$")
NARROW = re.compile("[ -~]")
FIRST = "01"  # number of the first line of a page
# Set by hand; the tests have a text on each side (docs/decisions/0140).
FEWEST = 8  # lines that count on, from which on they are numbered
SLACK = 2  # characters that a full line may lack
FULL_SHARE = 0.3  # share of them that are full and break off in mid-sentence


def line_numbers(text: str) -> list[tuple[int, int]]:
    """Return where the number of each numbered line ends and its words begin; [] where lines have none."""
    found = list(NUMBERED.finditer(text)) if FIRST in text else []
    numbers = [one["number"] for one in found]
    follow = sum(b == FIRST or int(b) - int(a) == 1 for a, b in itertools.pairwise(numbers))
    if len(found) < FEWEST or FIRST not in numbers or follow < len(found) - 1:
        return []
    return [(one.end("number"), one.start("words")) for one in found] if _wrapped(found) else []


def _wrapped(found: Sequence[re.Match[str]]) -> bool:
    """Check whether many lines are equally long and break off in mid-sentence."""
    words = [one["words"] for one in found]
    sizes = [len(one) - len(NARROW.findall(one)) / 2 for one in words]
    full = [size >= max(sizes) - SLACK for size in sizes]
    broken = sum(bool(RUNS_ON.search(one)) for one in itertools.compress(words, full))
    return broken >= FULL_SHARE * len(words)
