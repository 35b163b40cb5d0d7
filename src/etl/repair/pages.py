"""What pages print at their edges, seen over the whole file: numbers that count up, heads beside them.

`page_marks` is called once a report, before any model is asked. Another way to write the number of a page is
one more alternative in `NUMBER` and a line in `_value`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from etl.repair.asides import breaks_off
from etl.repair.lines import Lines
from etl.repair.sheet import FULL_SLACK, Marks, Sheet
from etl.repair.witness import ANNEX, RUNS
from etl.structure import is_byline, is_caption, is_footnote, is_heading, is_numbered

NUMBER = re.compile(
    r"(?P<before>[-—–－·•~～\[【(（|/]{0,3}(?:第|[Pp](?:age)?\.?)?)"
    r"(?:(?P<arabic>[0-9０-９]{1,4})|(?P<han>[〇零一二三四五六七八九十百]{1,5})|(?P<roman>[ivxl]{1,8}|[IVXL]{1,8}))"
    r"(?P<after>(?:[页頁版](?:[，/]?共[0-9〇一二三四五六七八九十百]{1,5}[页頁])?|/[0-9]{1,4})?[-—–－·•~～\]】)）|/]{0,3})"
)
BEHIND_HEAD = re.compile(
    r"(?P<ahead>.{2,}?)(?P<before>[-—–·•\[/]{1,3}第?|第(?=.+页)|(?=[0-9]{1,4}/))"
    r"(?:(?P<arabic>[0-9]{1,4})|(?P<han>[〇零一二三四五六七八九十百]{1,5})|(?P<roman>[ivxl]{1,8}))"
    r"(?P<after>(?:[页頁版](?:[，/]?共[0-9〇一二三四五六七八九十百]{1,5}[页頁])?|/[0-9]{1,4})?[-—–·•\]】)）|/]{0,3})"
)
AT_EDGE = re.compile(
    r"(?P<ahead>.*[^0-9])(?P<last>[0-9]{1,3})|(?P<first>[0-9]{1,3})(?P<behind>[^0-9.．、，].*)"
)
HAN = {char: n for n, chars in enumerate(("〇零", *"一二三四五六七八九")) for char in chars}
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
ISSUE = re.compile(r"[0-9一二三四五六七八九十]期|[0-9]{4}[.·/-]|年.{0,6}[月日]")
DIGIT, LONGEST_NUMBER, LEAST_HEAD, LONGEST_HEAD, LONGEST_TITLE, FIRST_LINES = 10, 16, 3, 40, 60, 3
LEAST_CUT, OFTEN, MOST_MARKS, LEAST_BESIDE, BESIDE_SHARE, LEAST_SAME = 6, 2, 6, 2, 0.75, 3
NO_HEAD, INNER = frozenset((0, 1, 3, 4, 5, 6)), re.compile("[，。；]")
STEP, SPACING, SHORTEST_CUT, LEAST_TORN, LATE, YEARS = 2, 120, 20, 0.25, 10, 1000
NUMBER_ENDS = frozenset("0123456789页頁版]】)）|·•—–-〇零一二三四五六七八九十百ivxl")
ALONE, ONE_HEAD, BEHIND, SAME = "alone", "bare beside one head", "behind any head", "behind the same head"
TWINS = frozenset("-—–－·•~～|")
Numbered = tuple[int, int]


def page_marks(lines: Lines, sheet: Sheet) -> Marks:
    """The lines that number pages, for they count up and cut sentences, and the heads with them."""
    counted = [(kind, _longest(lines, members)) for kind, members in _series(lines).items()]
    comes = Counter(lines.texts) if any(found for _, found in counted) else Counter()
    numbers: set[int] = set()
    beside: set[int] = set()
    for kind, found in counted:
        if not found:
            continue
        edges = _written_out(kind, found) or _at_edges(lines, sheet, [k for k, _ in found], comes)
        if edges or (kind[0] != BEHIND and _late(found)):
            numbers |= {k for k, _ in found}
            beside |= _beside(lines, sheet, found, torn=edges)
    known = Marks(frozenset(numbers), 0, frozenset(beside - numbers))
    return replace(known, heads=_heads(lines, sheet, known))


def _series(lines: Lines) -> dict[tuple[str, ...], list[Numbered]]:
    """Lines that may number pages with their numbers, those written alike together."""
    like: tuple[str, ...]
    out: dict[tuple[str, ...], list[Numbered]] = {}
    for k in (lines.size <= LONGEST_NUMBER).nonzero()[0].tolist():
        found = NUMBER.fullmatch(lines.texts[k])
        if found:
            like = (ALONE, found["before"], _script(found), RUNS.sub("#", found["after"]))
            out.setdefault(like, []).append((k, _value(found)))
    digits = (lines.end == DIGIT) | (lines.start == DIGIT)
    for k in (lines.size <= LONGEST_HEAD).nonzero()[0].tolist():
        text = lines.texts[k]
        if digits[k] and (found := AT_EDGE.fullmatch(text)) and not ANNEX.search(text):
            like = (ONE_HEAD, found["ahead"] or "", found["behind"] or "")
            out.setdefault(like, []).append((k, int(found["last"] or found["first"])))
        if text[-1] in NUMBER_ENDS and (found := BEHIND_HEAD.fullmatch(text)) and not INNER.search(text):
            like = (found["before"], _script(found), RUNS.sub("#", found["after"]))
            for which in ((BEHIND, *like), (SAME, found["ahead"], *like)):
                out.setdefault(which, []).append((k, _value(found)))
    return out


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


def _written_out(kind: tuple[str, ...], numbers: Sequence[Numbered]) -> bool:
    """Whether nothing else is numbered so: 第3页, 3/12; — 3 — only from 2 on, as sections have it."""
    if kind[0] in (ONE_HEAD, SAME):
        return kind[0] == SAME and len(numbers) >= LEAST_SAME
    before, after = kind[1], kind[-1]
    if {"页", "頁", "/"} & {*before, *after}:
        return True
    return bool(before and after and {before[-1], after[0]} <= TWINS and numbers[0][1] > 1)


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
    if before > 0 and not _breaks(lines, sheet, before) and _may_be_head(lines, sheet, before):
        before -= 1
    return _breaks(lines, sheet, before)


def _breaks(lines: Lines, sheet: Sheet, before: int) -> bool:
    if not breaks_off(lines, before):
        return False
    if sheet.wrapped:
        return bool(sheet.width - lines.size[before] <= FULL_SLACK)
    return bool(lines.size[before] >= SHORTEST_CUT and not is_heading(lines.line(before)))


def _beside(lines: Lines, sheet: Sheet, numbers: Sequence[Numbered], *, torn: bool) -> set[int]:
    """Heads that stand beside the numbers: on the same side of every one, or of every other one."""
    out: set[int] = set()
    for side in (-1, 1):
        slots = [(k + side, value % 2) for k, value in numbers if 0 <= k + side < len(lines)]
        if side > 0 and numbers[0][0] > FIRST_LINES:  # numbers stand at the foot, so a head is over the title
            slots.insert(0, (0, 1 - numbers[0][1] % 2))
        for group in ((0, 1), (0,), (1,)):
            found = [k for k, odd in slots if odd in group]
            comes = Counter(RUNS.sub("#", lines.texts[k]) for k in found)
            again = {k for k in found if comes[RUNS.sub("#", lines.texts[k])] > 1 and _names(lines, k)}
            like = [k for k in found if _may_be_head(lines, sheet, k)]
            every = len(found) >= LEAST_BESIDE and set(found) == {*like, *again}
            if torn and every and (again or len(group) > 1):
                out |= set(found)
            elif len(like) >= BESIDE_SHARE * len(found):
                out |= again
    return out


def _may_be_head(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether the line could be a head: it is no full line of running text."""
    return not (sheet.wrapped and sheet.width - lines.size[k] <= FULL_SLACK) and _names(lines, k)


def _names(lines: Lines, k: int) -> bool:
    """Whether the line is short and no part of a sentence, nor anything else that stands alone."""
    line, text = lines.line(k), lines.texts[k]
    if len(text) > LONGEST_HEAD or int(lines.end[k]) in NO_HEAD or INNER.search(text):
        return False
    return not (is_caption(line) or is_footnote(line) or is_numbered(line) or is_byline(line))


def _heads(lines: Lines, sheet: Sheet, known: Marks) -> int:
    """How many of the first lines the first page printed over the title."""
    for k in range(min(FIRST_LINES, len(lines) - 1)):
        if k not in known.numbers and not _is_head(lines, sheet, k, known):
            return k
    return min(FIRST_LINES, len(lines) - 1)


def _is_head(lines: Lines, sheet: Sheet, k: int, known: Marks) -> bool:
    """Whether the line comes again at the edges of pages and what looks like a title stands under it."""
    text, numbers = lines.texts[k], known.numbers
    if len(text) > LONGEST_HEAD or lines.end[k] <= 1:
        return False
    under = next(n for n in range(k + 1, len(lines)) if n not in numbers or n == len(lines) - 1)
    titled = _may_be_title(lines, sheet, under)
    rest = lines.texts[under].removeprefix(text)
    paged = bool(numbers) or bool(lines.feed.any())  # without pages a first line is no head of one
    if titled and paged and len(text) >= LEAST_CUT and rest and rest != lines.texts[under]:
        return True
    if k in known.beside and not _may_be_text(lines, under):
        others = {lines.texts[n] for n in known.beside if n != k}
        again, under_again = text in others, lines.texts[under] in others
        if again > under_again or (again == under_again and lines.size[under] >= lines.size[k]):
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
    full = sheet.wrapped and abs(sheet.width - lines.size[k]) <= FULL_SLACK
    return not full and not _may_be_text(lines, k)


def _may_be_text(lines: Lines, k: int) -> bool:
    """Whether line k is a sentence, an item or a byline, or too long for a title."""
    line = lines.line(k)
    if lines.size[k] > LONGEST_TITLE or lines.end[k] <= 1:
        return True
    return "。" in line or "，" in lines.texts[k] or is_numbered(line) or is_byline(line)


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
