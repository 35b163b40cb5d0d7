"""Describe the result of a pass again where it differs from the text in line breaks alone.

`with_single_breaks` says when a further pass would find the same, and why.
"""

from dataclasses import replace

import numpy as np

from etl.repair.furniture.page_numbers import shows_series
from etl.repair.order.content import Content
from etl.repair.scorer.feature_names import TABLES

BREAKS = frozenset(("gap", "gap_before", "gap_after", "closed_gap"))  # features that count line breaks
MOST_BREAKS = np.array([1 if one.name in BREAKS else np.inf for one in TABLES["adjacent"]], np.float32)
"""By feature of `adjacent` what it is at most where all line breaks are single."""


def with_single_breaks(content: Content, text: str) -> Content | None:
    """Return what repair would find in ``text``, the result of a pass over ``content``; None where not known.

    It is known where the raw text is ``text`` with every line break written as often, if all of it is content
    without page ends and the format said nothing of its line ends. Both then have the same lines and no
    indents, and differ in two ways. All gaps are 1 in place of some n: gaps are only ranked and compared with
    each other and their mode, which says the same; `inside_blocks` alone asks for a gap of 1, and finds no
    block where all gaps are equal. And lines stand nearer to each other: of what needs `SPACING`, evidence of
    furniture only grows rarer, and there must be no series of numbers that could count pages.
    """
    gap, lines = content.gap, content.lines
    more = int(gap[1]) - 1
    if more < 0 or (gap[1:] != gap[1]).any() or lines.feed.any() or shows_series(lines):
        return None
    if text.replace("\n", "\n" * (more + 1)) != lines.raw.strip("\n"):
        return None
    spans = [(start - k * more, end - k * more) for k, (start, end) in enumerate(content.spans)]
    stats = replace(content.stats, gap=1, closed_gap=1)
    return replace(content, stats=stats, spans=spans, gap=np.minimum(gap, 1))
