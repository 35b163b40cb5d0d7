"""Find divisions by their full names, whatever the tagger makes of them: 立|山区, 海南省通|什市.

A name begins and ends where words do, so that 长宁|县域 and 南山|区域 hold none.
"""

import re
from collections.abc import Container, Iterable, Iterator

from etl.extraction.context import Context, Span

# Characters of a full name: one of two (绛县) may be the end and the beginning of others.
MIN_LENGTH = 3
# From this length on a name is no other words' beginning and end: 从察|哈尔右翼中旗.
UNMISTAKABLE = 5
# A government stands for what it governs; those of Taiwan, Hong Kong and Macau, whose divisions have one code
# for all years, are organizations alone.
WITHOUT_YEARS = ("71", "81", "82")
GOVERNMENT = re.compile("(?<=[省市县区州旗盟])(?:人民)?政府$")


def find_full_names(context: Context) -> Iterator[Span]:
    """Yield divisions named in full, each with those above it where they stand before it."""
    if context.gazetteer is None:
        return
    starts = context.starts
    ends = context.ends
    done = 0
    for start in context.gazetteer.table.beginnings(context.folded):
        end = _longest_chain(context, start, ends) if start >= done else 0
        if end and (start in starts or end - start >= UNMISTAKABLE):
            yield (start, end)
            done = end


def find_governed(context: Context, organizations: Iterable[Span]) -> Iterator[Span]:
    """Yield the division that a government's name begins with: 绛县 of 绛县人民政府."""
    for start, end in organizations:
        government = GOVERNMENT.search(context.folded, start, end)
        if government and _is_dated(context, (start, government.start())):
            yield (start, government.start())


def _is_dated(context: Context, span: Span) -> bool:
    """Check for a division of a table that tells of each year which divisions there were."""
    name = context.folded[slice(*span)]
    readings = context.gazetteer.read_name(name) if context.gazetteer else ()
    return any(r.length == len(name) and not r.division.code.startswith(WITHOUT_YEARS) for r in readings)


def _longest_chain(context: Context, start: int, ends: Container[int]) -> int:
    """Return where the longest chain of full names ends that begins here; 0 where there is none."""
    gazetteer = context.gazetteer
    for end in gazetteer.table.full_names(context.folded, start) if gazetteer else ():
        further = _longest_chain(context, end, ends)
        if further and context.is_division(start, further):
            return further
        sure = end in ends or end - start >= UNMISTAKABLE
        if sure and end - start >= MIN_LENGTH and context.is_division(start, end):
            return end
    return 0
