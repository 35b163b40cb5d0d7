"""Find what a page printed together, set off from the text: its number, its heads, its sheet and day.

`page_blocks` is called once a report. A block is a few short lines with more space around them than the text
has. It is furniture where blocks are alike but for a number that counts on, or where one names sheet and day
as a newspaper's page does. A new form is one more alternative in `SHEET` or `DAY`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from etl.repair.furniture.page_numbers import (
    FIRST_LINES,
    INNER,
    LATE,
    LONGEST_HEAD,
    NUMBER,
    SPACING,
    STEP,
    PageMarks,
    names,
    shape_of,
    value_of,
)
from etl.repair.layout.chars import CLOSED_END, COMMA, PAUSE
from etl.repair.layout.lines import Lines
from etl.repair.layout.stats import LayoutStats, cut_lines
from etl.structure import is_row
from etl.text.expressions import compiled
from etl.text.page_number import HAN_PAGE, HAN_SIGNS, OF_ALL, PAGE

_FIGURE = f"[0-9０-９{HAN_SIGNS}]"
DAY = compiled(
    rf"{_FIGURE}{{1,4}}年{_FIGURE}{{1,3}}月{_FIGURE}{{1,3}}日|(?:19|20)[0-9]{{2}}([./-])[0-9]{{1,2}}\1[0-9]{{1,2}}"
)
SHEET = compiled(
    rf"第{_FIGURE}{{1,3}}(?:[张張]第{_FIGURE}{{1,3}}版|[版张張])|(?<![0-9A-Za-z])[A-Z]?[0-9]{{1,2}}版|^[A-Z][0-9]{{1,2}}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[A-D][0-9]{{1,2}}$"
)
OF_ISSUE = compiled(
    rf"第{_FIGURE}{{1,4}}[期卷]|{_FIGURE}{{1,4}}卷{_FIGURE}{{1,3}}[期号號]|年{_FIGURE}{{1,2}}月[号號]"
)
PLAINLY = compiled(
    rf"[-—–－·•~～]{{1,3}}(?:[0-9０-９]{{1,4}}|{HAN_PAGE})[-—–－·•~～]{{1,3}}|第(?:[0-9]{{1,4}}|{HAN_PAGE}){PAGE}{OF_ALL}"
)
"""A number that nothing but a page has."""
NO_NAME = compiled("[《》“”「」『』（(【〔載载]|出版|印刷|[发發]行")  # of a paper that is quoted, or a source
ANY_HEAD = ("any head",)  # key of blocks whose number stands far from a head
# Set by hand on whole texts and printed pages; the tests have a text on each side (docs/decisions/0140).
MOST_LINES = 4  # lines of a block
LEAST_ROOM, MUCH_ROOM = 2, 4  # blanks between a head and a number beside it, an ideographic one counts two
LEAST_NAMED = 4  # characters of a head that counts pages with a number; 练习　二 is a section


@dataclass(frozen=True, slots=True)
class Block:
    """A few lines with more space around them than the text has.

    Attributes:
        lines: indexes of its lines.
        key: what blocks of other pages share with it: its lines without the number, sorted.
        number: index of the line with the number of the page; -1 for none.
        value: the number, 0 for none.
        room: blanks between the number and a head on its line.
    """

    lines: range
    key: tuple[str, ...]
    number: int
    value: int
    room: int


def page_blocks(lines: Lines, stats: LayoutStats) -> PageMarks:
    """Return the lines of blocks that a page printed: those that number pages, and all others."""
    found = [_block(lines, at) for at in _set_off(lines, stats)]
    inside = {k for block in found for k in block.lines}
    found += [_block(lines, range(k, k + 1)) for k in _with_room(lines) if k not in inside]
    families: dict[tuple[str, ...], list[Block]] = {}
    for block in found:
        if block.number >= 0:
            families.setdefault(block.key, []).append(block)
        if block.room >= MUCH_ROOM:
            families.setdefault(ANY_HEAD, []).append(block)
    printed = [block for family in families.values() if _count(lines, stats, family) for block in family]
    printed += [block for block in found if _is_masthead(lines, block)]
    numbers, heads = _with_top(lines)
    numbers |= {block.number for block in printed if block.number >= 0}
    heads |= {k for block in printed for k in block.lines}
    return PageMarks(frozenset(numbers), frozenset(heads - numbers))


def _with_room(lines: Lines) -> Iterator[int]:
    """Yield the lines with much room between a head and a number, no rows of a table."""
    for k in np.flatnonzero((lines.size <= LONGEST_HEAD) & ~lines.settled).tolist():
        apart = _apart(lines.line(k))
        if not apart or apart.room < MUCH_ROOM or INNER.search(lines.texts[k]):
            continue
        if not any(is_row(lines.line(n)) for n in (k - 1, k + 1) if 0 <= n < len(lines)):
            yield k


def _with_top(lines: Lines) -> tuple[set[int], set[int]]:
    """Return numbers that only pages have, and what stands beside them and over the text alike."""
    numbers, heads = set[int](), set[int]()
    over = [text for text in lines.texts[:FIRST_LINES] if len(text) >= LEAST_NAMED]
    for k in range(FIRST_LINES, len(lines)) if over else ():
        here = lines.texts[k]
        known = any(here.startswith(text) or (len(here) >= LEAST_NAMED and here in text) for text in over)
        if not known or not names(lines, k):
            continue
        near = [n for n in (k - 1, k + 1) if n < len(lines) and PLAINLY.fullmatch(lines.texts[n])]
        if near:
            heads.add(k)
            numbers.update(near)
    return numbers, heads


def _set_off(lines: Lines, stats: LayoutStats) -> Iterator[range]:
    """Yield the runs of a few short lines between gaps that are wider than usual."""
    wide = (lines.gap > max(stats.gap, stats.closed_gap)) | (lines.feed > 0)
    cuts = [0, *np.flatnonzero(wide).tolist(), len(lines)]
    fits = (lines.size <= LONGEST_HEAD) & ~CLOSED_END[lines.end] & ~lines.settled
    for a, b in pairwise(cuts):
        if 0 < b - a <= MOST_LINES and fits[a:b].all() and not any(INNER.search(t) for t in lines.texts[a:b]):
            yield range(a, b)


def _block(lines: Lines, at: range) -> Block:
    """Read the number of a page in a block; of several lines with one the last counts."""
    number, value, room, parts = -1, 0, 0, list[str]()
    for k in at:
        text = shape_of(lines, k)
        if found := NUMBER.fullmatch(lines.texts[k]):
            number, value, text, room = k, value_of(found), "#", 0
        elif apart := _apart(lines.line(k)):
            number, (text, value, room) = k, apart
        parts.append(text)
    return Block(at, tuple(sorted(parts)), number, value, room)


class Apart(NamedTuple):
    """A head and the number of the page on one line: the head, the number, and the blanks between."""

    head: str
    value: int
    room: int


def _apart(line: str) -> Apart | None:
    """Read a head and a number with room between, the number at either end; None where there is none."""
    words = line.split()
    if len(words) < 2:  # noqa: PLR2004 - a head and a number
        return None
    for number, rest in ((words[-1], line[: -len(words[-1])]), (words[0], line[len(words[0]) :])):
        found, head = NUMBER.fullmatch(number), rest.strip()
        room = len(rest) - len(head) + rest.replace(head, "", 1).count("\u3000")
        if found and not found["roman"] and room >= LEAST_ROOM:
            return Apart("".join(head.split()), value_of(found), room)
    return None


def _count(lines: Lines, stats: LayoutStats, family: Sequence[Block]) -> bool:
    """Check whether blocks that are alike count pages, as numbered sections do not.

    They have a head, count on, a page apart (the last page may be short), and cut a sentence, begin late or
    end the text, where a section would have nothing behind its head.
    """
    named = max(map(len, family[0].key)) >= LEAST_NAMED
    if len(family) < 2 or not named or any(b.value <= a.value for a, b in pairwise(family)):  # noqa: PLR2004
        return False
    starts = [lines.starts[block.lines[0]] for block in family]
    apart = [b - a >= SPACING for a, b in pairwise(starts)]
    if not all(apart[:-1]) or not (apart[-1] or len(apart) > 1 or _ends(lines, family[-1])):
        return False
    cut = cut_lines(lines, stats)
    before = [block.lines[0] - 1 for block in family if block.lines[0]]
    cuts = any(cut[k] or lines.end[k] in {COMMA, PAUSE} for k in before)
    room = all(block.room >= MUCH_ROOM for block in family)
    steps = all(b.value - a.value <= STEP for a, b in pairwise(family))
    return cuts or (steps and (room or family[0].value >= LATE or _ends(lines, family[-1])))


def _ends(lines: Lines, block: Block) -> bool:
    """Check whether a block ends the text."""
    return block.lines[-1] == len(lines) - 1


def _is_masthead(lines: Lines, block: Block) -> bool:
    """Check whether a block within a text names sheet and day, or the sheet of the paper at the top."""
    first, last = block.lines[0], block.lines[-1]
    if first < FIRST_LINES or last == len(lines) - 1:
        return False
    told = [lines.texts[k] for k in block.lines]
    if any(NO_NAME.search(text) for text in told):
        return False
    sheet = any(SHEET.search(text) for text in told)
    day = any(DAY.search(text) for text in told)
    bare = len(told) > 2 and any(NUMBER.fullmatch(text) for text in told)  # noqa: PLR2004 - number, name, day
    issue = block.room >= MUCH_ROOM and any(OF_ISSUE.search(text) for text in told)
    return (day and (sheet or bare)) or issue or (sheet and _names_paper(lines, told))


def _names_paper(lines: Lines, told: Sequence[str]) -> bool:
    """Check whether what is told beside the sheet stands over the text, too."""
    name = SHEET.sub("", "".join(told))
    over = [lines.texts[k] for k in range(min(FIRST_LINES, len(lines)))]
    return len(name) >= LEAST_NAMED and any(text.startswith(name) for text in over)
