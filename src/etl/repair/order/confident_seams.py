"""Evidence strong enough to override how lines look: a confident score, a line too long for a heading.

`seams_of` puts seams as `constraints` asks for them, `goes_on` finds lines that end no paragraph.
"""

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import RUNNING
from etl.repair.layout.lines import Bools, Floats
from etl.repair.order.constraints import LONGEST_HEADING, NEVER_ENDS, Seams, is_confident, short_ones
from etl.repair.order.content import Content

Index = npt.NDArray[np.intp]


def goes_on(content: Content, left: Index) -> Bools:
    """Which lines are too long for a heading and end in mid-sentence, so that no paragraph ends with them."""
    lines, line = content.lines, content.kept[left]
    out: Bools = (lines.size[line] > LONGEST_HEADING) & RUNNING[lines.end[line]]
    return (
        out & (content.scores.ends[line] < NEVER_ENDS) & ~(content.guard.fresh[left] | content.sheet.wrapped)
    )


def seams_of(
    content: Content, ends: tuple[Index, Index], scores: Floats, wraps: Bools | None = None
) -> Seams:
    """These seams as `constraints` asks for them; `ends` are the content lines before and behind each."""
    left, right = ends
    verse = short_ones(content.guard, left, right)
    confident = is_confident(scores, content.scores.ends[content.kept[left]], verse=verse)
    return Seams(left, right, confident, np.zeros(len(left), np.bool_) if wraps is None else wraps)
