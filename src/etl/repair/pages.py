"""What pages print at their edges, seen over the whole file: numbers that count up, heads over a title.

`page_marks` is called once a report, before any model is asked. Another way to write the number of a page is
one more alternative in `NUMBER` and a line in `_value`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from etl.repair.asides import breaks_off
from etl.repair.lines import Lines
from etl.repair.sheet import FULL_SLACK, Marks, Sheet
from etl.structure import is_byline, is_heading, is_numbered

NUMBER = re.compile(
    r"(?P<before>[-—–－·•~～\[【(（|/]{0,3}(?:第|[Pp](?:age)?\.?)?)"
    r"(?:(?P<arabic>[0-9０-９]{1,4})|(?P<han>[〇零一二三四五六七八九十百]{1,5})|(?P<roman>[ivxl]{1,8}|[IVXL]{1,8}))"
    r"(?P<after>(?:[页頁版](?:[，/]?共[0-9〇一二三四五六七八九十百]{1,5}[页頁])?|/[0-9]{1,4})?[-—–－·•~～\]】)）|/]{0,3})"
)
AT_EDGE = re.compile(
    r"(?P<ahead>.*[^0-9])(?P<last>[0-9]{1,3})|(?P<first>[0-9]{1,3})(?P<behind>[^0-9.．、，].*)"
)
HAN = {char: n for n, chars in enumerate(("〇零", *"一二三四五六七八九")) for char in chars}
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
RUNS = re.compile(r"[0-9０-９]+")
ISSUE = re.compile(r"期|[0-9]{4}[.·/-]|年.{0,6}[月日]")
DIGIT, LONGEST_NUMBER, LEAST_HEAD, LONGEST_HEAD, LONGEST_TITLE, FIRST_LINES = 10, 16, 3, 40, 60, 3
LEAST_CUT, OFTEN, MOST_MARKS = 6, 2, 6
STEP, SPACING, SHORTEST_CUT, LEAST_TORN, LATE, YEARS = 2, 120, 20, 0.25, 10, 1000
Numbered = tuple[int, int]


def page_marks(lines: Lines, sheet: Sheet) -> Marks:
    """The lines that number pages, for they count up and cut sentences; the lines over the title."""
    series: dict[tuple[str, str, str], list[Numbered]] = {}
    for k in (lines.size <= LONGEST_NUMBER).nonzero()[0].tolist():
        found = NUMBER.fullmatch(lines.texts[k])
        if found:
            like = (found["before"], _script(found), RUNS.sub("#", found["after"]))
            series.setdefault(like, []).append((k, _value(found)))
    for k in (
        ((lines.size <= LONGEST_HEAD) & ((lines.end == DIGIT) | (lines.start == DIGIT))).nonzero()[0].tolist()
    ):
        found = AT_EDGE.fullmatch(lines.texts[k])
        if found:
            series.setdefault((found["ahead"] or "", "head", found["behind"] or ""), []).append(
                (k, int(found["last"] or found["first"]))
            )
    counted = [_longest(lines, members) for members in series.values()]
    comes = Counter(lines.texts) if any(counted) else Counter()
    numbers = frozenset(
        k
        for found in counted
        if _late(found) or _at_edges(lines, sheet, [k for k, _ in found], comes)
        for k, _ in found
    )
    return Marks(numbers, _heads(lines, sheet, numbers))


def _script(found: re.Match[str]) -> str:
    return next(name for name in ("arabic", "han", "roman") if found[name])


def _value(found: re.Match[str]) -> int:
    """The number, in any of the scripts."""
    if found["arabic"]:
        return int(found["arabic"])
    if found["roman"]:
        signs = [ROMAN[c] for c in found["roman"].lower()]
        return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))
    return han_value(found["han"])


def han_value(text: str) -> int:
    """A number in Chinese, counted out or digit by digit.

    >>> han_value("一百二十三"), han_value("十六"), han_value("一〇七")
    (123, 16, 107)
    """
    total = digit = 0
    if "十" not in text and "百" not in text:
        return int("".join(str(HAN[c]) for c in text))
    for char in text:
        if char in HAN:
            digit = HAN[char]
        else:
            total += max(digit, 1) * (100 if char == "百" else 10)
            digit = 0
    return total + digit


def _longest(lines: Lines, members: Sequence[Numbered]) -> list[Numbered]:
    """The longest series in which each counts on by one or two, far enough behind the one before."""
    length, back = [1] * len(members), [-1] * len(members)
    ending: dict[int, int] = {}  # for each value the member that ends the longest series at it
    for n, (k, value) in enumerate(members):
        last = k == len(lines) - 1  # a report may end soon behind the head of a page
        for before in (ending[v] for v in range(value - STEP, value) if v in ending):
            spaced = last or lines.starts[k] - lines.starts[members[before][0]] >= SPACING
            if spaced and length[before] >= length[n]:
                length[n], back[n] = length[before] + 1, before
        if value not in ending or length[n] > length[ending[value]]:
            ending[value] = n
    at, found = max(range(len(members)), key=length.__getitem__), []
    while at >= 0:
        found.append(members[at])
        at = back[at]
    return found[::-1] if len(found) > 1 else []


def _late(numbers: Sequence[Numbered]) -> bool:
    """Whether a series begins where no list or essay does; years are no pages."""
    return bool(numbers) and numbers[0][1] >= LATE and numbers[-1][1] < YEARS


def _at_edges(lines: Lines, sheet: Sheet, numbers: Sequence[int], comes: Counter[str]) -> bool:
    """Whether enough of the numbers stand behind a line that breaks off or beside a head, or all at a feed.

    Numbers over the sections of an essay count up too, but stand between whole paragraphs and begin with 1.
    """
    inner = [k for k in numbers if 0 < k < len(lines) - 1]
    if not inner:
        return False
    if all(lines.feed[max(0, k - 1) : k + 3].any() for k in inner):
        return True
    shown = sum(_torn(lines, sheet, k, comes) or _beside_head(lines, k, comes) for k in inner)
    return shown > 0 and shown >= LEAST_TORN * len(inner)


def _beside_head(lines: Lines, k: int, comes: Counter[str]) -> bool:
    """Whether a line of some length that comes again stands above or below."""
    near = (lines.texts[k - 1], lines.texts[k + 1])
    return any(LEAST_HEAD <= len(text) <= LONGEST_HEAD and comes[text] > 1 for text in near)


def _torn(lines: Lines, sheet: Sheet, k: int, comes: Counter[str]) -> bool:
    """Whether the last line before that does not come again breaks off."""
    before = k - 1
    while before > max(0, k - MOST_MARKS) and comes[lines.texts[before]] > 1:
        before -= 1
    if not breaks_off(lines, before):
        return False
    if sheet.wrapped:
        return bool(sheet.width - lines.size[before] <= FULL_SLACK)
    return bool(lines.size[before] >= SHORTEST_CUT and not is_heading(lines.line(before)))


def _heads(lines: Lines, sheet: Sheet, numbers: frozenset[int]) -> int:
    """How many of the first lines the first page printed over the title."""
    for k in range(min(FIRST_LINES, len(lines) - 1)):
        if k not in numbers and not _is_head(lines, sheet, k, numbers):
            return k
    return min(FIRST_LINES, len(lines) - 1)


def _is_head(lines: Lines, sheet: Sheet, k: int, numbers: frozenset[int]) -> bool:
    """Whether the line comes again at the edges of pages and what looks like a title stands under it."""
    text = lines.texts[k]
    if len(text) > LONGEST_HEAD or lines.end[k] <= 1:
        return False
    under = next(n for n in range(k + 1, len(lines)) if n not in numbers or n == len(lines) - 1)
    titled = _may_be_title(lines, sheet, under)
    rest = lines.texts[under].removeprefix(text)
    if titled and len(text) >= LEAST_CUT and rest and rest != lines.texts[under]:
        return True
    issue = ISSUE.search(text) is not None
    if not issue and (not titled or lines.size[under] < lines.size[k]):
        return False
    comes = list(_edges(lines, sheet, (k, under), numbers))
    return (
        any(comes)
        or (len(comes) >= OFTEN and bool(rest))
        or bool(issue and titled and numbers & {k - 1, k + 1})
    )


def _may_be_title(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether line k could be a title under a head: no sentence, no line of a paragraph, no item."""
    line, size = lines.line(k), lines.size[k]
    if size > LONGEST_TITLE or lines.end[k] <= 1:
        return False
    if sheet.wrapped and abs(sheet.width - size) <= FULL_SLACK:
        return False
    return "。" not in line and "，" not in lines.texts[k] and not (is_numbered(line) or is_byline(line))


def _edges(lines: Lines, sheet: Sheet, first: tuple[int, int], numbers: frozenset[int]) -> Iterator[bool]:
    """For each line like a head, numbers aside, behind the title under it: is it at the edge of a page?"""
    (k, under), comes = first, Counter[str]()
    text = lines.texts[k]
    like = re.compile(RUNS.sub("[0-9０-９]+", re.escape(text))) if RUNS.search(text) else None
    before = lines.starts[k]
    for n in range(under + 1, len(lines)):
        if lines.starts[n] - before < SPACING:
            continue
        if lines.texts[n] == text or (
            like and lines.texts[n][0] == text[0] and like.fullmatch(lines.texts[n])
        ):
            beside = numbers & {n - 1, n, n + 1} or lines.feed[n : n + 2].any()
            before = lines.starts[n]
            yield bool(beside) or _torn(lines, sheet, n, comes)
