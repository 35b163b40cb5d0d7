"""Find the series of numbers that count the pages of a report, and the running heads beside them.

`page_numbers` is called once a report. Another way to write the number of a page is one more alternative in
`NUMBER`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.repair.layout.cells import in_list
from etl.repair.layout.chars import CLOSED_END, DIGIT
from etl.repair.layout.lines import Lines
from etl.repair.layout.stats import FULL_SLACK, SHORTEST_CUT, LayoutStats, cut_lines
from etl.structure import is_byline, is_caption, is_footnote, is_heading, is_numbered, is_row
from etl.text.expressions import compiled
from etl.text.numerals import parse_ordinal
from etl.text.page_number import HAN_PAGE, HAN_SIGNS, OF_ALL

NUMBER = compiled(
    r"(?P<before>[-—–－·•~～\[【(（|/]{0,3}(?:第|[Pp](?:age)?\.?)?)"
    rf"(?:(?P<arabic>[0-9０-９]{{1,5}})|(?P<han>{HAN_PAGE})|(?P<roman>[ivxl]{{1,8}}|[IVXL]{{1,8}}))"
    rf"(?P<after>(?:[页頁版]{OF_ALL}|/[0-9]{{1,4}})?[-—–－·•~～\]】)）|/]{{0,3}})"
)
BEHIND_HEAD = compiled(
    r"(?P<ahead>.{2,}?)(?P<before>[-—–·•\[/]{1,3}第?|第(?=.+页)|(?=[0-9]{1,4}/))"
    rf"(?:(?P<arabic>[0-9]{{1,4}})|(?P<han>{HAN_PAGE})|(?P<roman>[ivxl]{{1,8}}))"
    rf"(?P<after>(?:[页頁版]{OF_ALL}|/[0-9]{{1,4}})?[-—–·•\]】)）|/]{{0,3}})"
)
HEAD_BEFORE_NUMBER = compiled(r".*[^0-9](?<!附[件录錄表])(?<![号號次题題例])(?P<number>[0-9]{1,3})")
HEAD_BEHIND_NUMBER = compiled(r"(?P<number>[0-9]{1,3})[^0-9.．、，].*")
HEAD_APART = compiled(r"(?P<number>[0-9]{1,3})[ 　]{2,}(?P<head>\S.*)")
RUNS = compiled(r"[0-9０-９]+")
WORDS = compiled(r"[^\W\d_]+")  # of a head that comes once; rows have figures, blanks or marks
OF_PAGES = compiled("/([0-9]{1,4})")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
ISSUE = compiled(
    "[0-9]{4}年第?[0-9]{1,3}期|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日[（(]?(?:星期|周|週).[）)]?"
    f"|第[0-9{HAN_SIGNS}]{{1,4}}卷，?第[0-9{HAN_SIGNS}]{{1,4}}[期号號]"
)
OF_DAY = compiled(ISSUE.pattern + "|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$")  # what heads an issue or a sitting
CHAPTER = compiled(f"第[{HAN_SIGNS}0-9]{{1,3}}[章编編节節卷回](?!，)[^，。；：、]{{0,20}}")
DATED = compiled("[0-9]{4}年[0-9]{1,2}月")
INNER = compiled("[，。；、]")
# Set by hand on whole texts and printed pages; the tests have a text on each side (docs/decisions/0035).
LEAST_HEAD = 3  # characters of a head
LONGEST_HEAD = 40  # characters of a head, its number included
SPACING = 120  # characters from one page's number to the next, at least; short poems fill a page with fewer
STEP = 2  # by how much numbers of pages count on at most; odd pages alone count by two
EDGE_SHARE = 0.25  # share of numbers that stand where a page ends; most pages end in mid-sentence
FIRST_LINES = 3  # lines among which the title stands
NEAR = 3  # lines on each side of a number among which running text stands
MOST_HEADS = 3  # heads one beyond the other
LEAST_BESIDE = 2  # lines on one side of the numbers from which on all of them may be heads
BESIDE_SHARE = 0.3  # share of the numbers beside which the same line stands, on either side
LEAST_SAME = 3  # heads that are the same, from which on they are heads wherever they stand
LATE = 10  # number from which on a series counts no sections
YEARS = 1000  # number from which on a series counts years
ALONE, ONE_HEAD, BEHIND, SAME = "alone", "bare beside one head", "behind any head", "behind the same head"
TWINS = frozenset("-—–－·•~～|")
NUMBER_ENDS = frozenset("0123456789页頁版]】)）|·•—–-ivxl" + HAN_SIGNS)
Numbered = tuple[int, int]
"""A line, and the number it shows."""


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The lines that number the pages of a report, and the running heads beside them.

    Attributes:
        numbers: indexes of the lines that number the pages.
        beside: indexes of the running heads.
    """

    numbers: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()

    def joined(self, other: "PageMarks") -> "PageMarks":
        """Return what either has; a number that the other takes for a head is one."""
        numbers = self.numbers | other.numbers
        return PageMarks(numbers, (self.beside | other.beside) - numbers)


def page_numbers(lines: Lines, stats: LayoutStats) -> PageMarks:
    """Find lines in series of numbers that ascend by one or two, a page of text apart, where pages end."""
    counted = {frame: longest_series(lines, members) for frame, members in _frames(lines).items()}
    comes = Counter(lines.texts) if any(counted.values()) else Counter[str]()
    numbers, beside = set[int](), set[int]()
    for frame, found in counted.items():
        at = [k for k, _ in found]
        ends = bool(found) and (_written_out(frame, found) or _at_edges(lines, stats, at, comes))
        if ends and _among_text(lines, stats, at):
            numbers.update(at)
            beside |= _beside(lines, stats, found)
    if not numbers:
        return PageMarks()
    heads, more = _further(lines, numbers, beside)
    heads -= {_title(lines, numbers, heads)}
    return PageMarks(frozenset(numbers | more), frozenset(heads - numbers - more))


def shape_of(lines: Lines, k: int) -> str:
    """Return the text of line ``k``, each figure written as #."""
    return RUNS.sub("#", lines.texts[k])


def shows_series(lines: Lines) -> bool:
    """Check whether two lines or more show numbers that are framed alike."""
    return any(len(members) > 1 for members in _frames(lines).values())


def _frames(lines: Lines) -> dict[tuple[str, ...], list[Numbered]]:
    """Group short lines that show a number by what frames it: dashes, 第 and 页, or the text of a head."""
    frame: tuple[str, ...]
    out: dict[tuple[str, ...], list[Numbered]] = {}
    digits = (lines.end == DIGIT) | (lines.start == DIGIT)
    for k in ((lines.size <= LONGEST_HEAD) & ~lines.settled).nonzero()[0].tolist():
        text = lines.texts[k]
        if (found := NUMBER.fullmatch(text)) and not _is_beyond_last(found):
            frame = (ALONE, found["before"], _script(found), RUNS.sub("#", found["after"]))
            out.setdefault(frame, []).append((k, value_of(found)))
        for pattern in (HEAD_BEFORE_NUMBER, HEAD_BEHIND_NUMBER) if digits[k] else ():
            if (found := pattern.fullmatch(text)) and not INNER.search(text):
                head = text[: found.start("number")], text[found.end("number") :]
                out.setdefault((ONE_HEAD, *head), []).append((k, int(found["number"])))
        if digits[k] and (found := HEAD_APART.fullmatch(lines.line(k))) and not INNER.search(text):
            out.setdefault((SAME, found["head"]), []).append((k, int(found["number"])))
        found = BEHIND_HEAD.fullmatch(text) if text[-1] in NUMBER_ENDS else None
        if found and not INNER.search(found["ahead"]) and not _is_beyond_last(found):
            frame = (found["before"], _script(found), RUNS.sub("#", found["after"]))
            for which in ((BEHIND, *frame), (SAME, found["ahead"], *frame)):
                out.setdefault(which, []).append((k, value_of(found)))
    return out


def _is_beyond_last(found: re.Match[str]) -> bool:
    """Check whether a matched number is greater than that of all pages behind it, as in 117/24."""
    last = OF_PAGES.match(found["after"])
    return last is not None and value_of(found) > int(last[1])


def _script(found: re.Match[str]) -> str:
    """Return the script of a matched number: arabic, han or roman."""
    return next(name for name in ("arabic", "han", "roman") if found[name])


def value_of(found: re.Match[str]) -> int:
    """Return the value of a matched number in any script; 0 where it has none."""
    told = found.groupdict()
    if told["arabic"]:
        return int(told["arabic"])
    if told.get("roman"):
        signs = [ROMAN[c] for c in told["roman"].lower()]
        return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))
    return parse_ordinal(told["han"] or "") or 0


def longest_series(lines: Lines, members: Sequence[Numbered]) -> list[Numbered]:
    """Return the longest series that counts on by one or two, each number a page behind the one before.

    A single number is no series: [].
    """
    length, back = [1] * len(members), [-1] * len(members)
    ending: dict[int, int] = {}  # for each value the member that ends the longest series at it
    for n, (k, value) in enumerate(members):
        last, late = k == len(lines) - 1, lines.ends[-1] - lines.starts[k] < SPACING  # its page may be short
        for before in (ending[v] for v in range(value - STEP, value) if v in ending):
            short = last or (late and length[before] > 1)
            spaced = short or lines.starts[k] - lines.starts[members[before][0]] >= SPACING
            if spaced and length[before] >= length[n]:
                length[n], back[n] = length[before] + 1, before
        if value not in ending or length[n] > length[ending[value]]:
            ending[value] = n
    at, found = max(range(len(members)), key=length.__getitem__), []
    while at >= 0:
        found.append(members[at])
        at = back[at]
    return found[::-1] if len(found) > 1 else []


def _among_text(lines: Lines, stats: LayoutStats, numbers: Sequence[int]) -> bool:
    """Check whether running text stands near half of the lines, or one dated head over all of them."""
    long = min(SHORTEST_CUT, stats.width - FULL_SLACK) if stats.wrapped else SHORTEST_CUT
    text = (lines.size >= long) & ~in_list(lines, stats)
    near = [bool(text[max(0, k - NEAR) : k + NEAR + 1].any()) for k in numbers]
    heads = {lines.texts[k - 1] for k in numbers if k}
    return 2 * sum(near) >= len(near) or (len(heads) == 1 and DATED.search(heads.pop()) is not None)


def _written_out(frame: tuple[str, ...], numbers: Sequence[Numbered]) -> bool:
    """Check whether numbers so framed can only count pages: 第3页, 3/12; — 3 — if the first is over 1."""
    if frame[0] in (ONE_HEAD, SAME):
        late = numbers[0][1] >= LATE and numbers[-1][1] < YEARS
        return late or (frame[0] == SAME and len(numbers) >= LEAST_SAME)
    before, after = frame[1], frame[-1]
    if {"页", "頁", "/"} & {*before, *after}:
        return True
    return bool(before and after and {before[-1], after[0]} <= TWINS and numbers[0][1] > 1)


def _at_edges(lines: Lines, stats: LayoutStats, numbers: Sequence[int], comes: Counter[str]) -> bool:
    """Check whether pages end at the numbers: some stand behind a cut line or by a head.

    Numbers over the sections of an essay count up too, but stand between whole paragraphs and begin with 1.
    """
    inner = [k for k in numbers if 0 < k < len(lines) - 1]
    if not inner:
        return False
    shown = sum(_stands_behind_cut(lines, stats, k) or _beside_head(lines, k, comes) for k in inner)
    return shown > 0 and shown >= EDGE_SHARE * len(inner)


def _beside_head(lines: Lines, k: int, comes: Counter[str]) -> bool:
    """Check whether the line above or below line ``k`` is as long as a head and comes more than once."""
    near = (lines.texts[k - 1], lines.texts[k + 1])
    return any(LEAST_HEAD <= len(text) <= LONGEST_HEAD and comes[text] > 1 for text in near)


def _stands_behind_cut(lines: Lines, stats: LayoutStats, k: int) -> bool:
    """Check whether the line before ``k``, a head skipped, may end a page."""
    cut, before = cut_lines(lines, stats), k - 1
    if before > 0 and not cut[before] and may_be_head(lines, stats, before):
        before -= 1
    return bool(cut[before] and (stats.wrapped or not is_heading(lines.line(before))))


def _beside(lines: Lines, stats: LayoutStats, numbers: Sequence[Numbered]) -> set[int]:
    """Return the running heads on the same side of every number, or of every odd or every even one."""
    out: set[int] = set()
    for side in (-1, 1):
        slots = [(k + side, value % 2) for k, value in numbers if 0 <= k + side < len(lines)]
        same = _same_lines(lines, slots, side)
        out |= same
        others = [k for k, _ in slots if k not in same] or same
        like = not same or shape_of(lines, 0) in {shape_of(lines, k) for k in others}
        if side > 0 and numbers[0][0] > FIRST_LINES and like:  # at the foot: the first head is over the title
            slots.insert(0, (0, 1 - numbers[0][1] % 2))
        for group in ((0, 1), (0,), (1,)):
            found = [k for k, odd in slots if odd in group]
            comes = Counter(shape_of(lines, k) for k in found)
            again = {k for k in found if comes[shape_of(lines, k)] > 1 and names(lines, k)}
            every = all(k in again or may_be_head(lines, stats, k) for k in found)
            if len(found) < LEAST_BESIDE or not every or not (again or len(group) > 1):
                continue
            once = {k for k in found if _may_come_once(lines, stats, k, k - side)}
            sure = again or once >= {k for k in found if k}
            out |= again | {k for k in once if sure or _cuts(lines, stats, k, k - side)}
    return out


def _same_lines(lines: Lines, slots: Sequence[Numbered], side: int) -> set[int]:
    """Return the lines beside most numbers that are the same but for figures, and those beyond them."""
    out, at = set[int](), [k for k, _ in slots]
    for _ in range(MOST_HEADS):
        comes = Counter(shape_of(lines, k) for k in at)
        often = {text for text, n in comes.items() if n >= LEAST_BESIDE and 2 * n >= len(slots)}
        found = [k for k in at if shape_of(lines, k) in often and names(lines, k)]
        out.update(k for k in found if len(lines.texts[k]) >= LEAST_HEAD)
        at = [k + side for k in found if 0 <= k + side < len(lines)]
    return out


def _may_come_once(lines: Lines, stats: LayoutStats, k: int, number: int) -> bool:
    """Check whether a head beside a number may come once: it is words alone, a day, or cuts a sentence."""
    plain = WORDS.fullmatch(lines.line(k)) or OF_DAY.search(lines.texts[k])
    return bool(plain) or _cuts(lines, stats, k, number)


def _cuts(lines: Lines, stats: LayoutStats, k: int, number: int) -> bool:
    """Check whether a head and its number stand behind a line that may be cut."""
    before = min(k, number) - 1
    if before < 0 or lines.unmatched_brackets[k] or is_row(lines.line(before)):
        return False
    return bool(cut_lines(lines, stats)[before])


def _further(lines: Lines, numbers: set[int], beside: set[int]) -> tuple[set[int], set[int]]:
    """Return all heads, also repeated ones elsewhere, and numbers beside them that are in no series."""
    comes = Counter(lines.texts[k] for k in beside - {0})
    often = {text for text, n in comes.items() if n >= LEAST_SAME}
    heads = {k for k, text in enumerate(lines.texts) if text in often} if often else set[int]()
    firsts = range(min(FIRST_LINES + 1, len(lines)))
    known = {lines.texts[k] for k in firsts if k not in numbers}
    edges = {k for n in numbers for k in (n - 1, n + 1) if FIRST_LINES < k < len(lines)}
    often_near = Counter(lines.texts[k] for k in edges - numbers)
    twice = {text for text, n in often_near.items() if n > 1 and n >= BESIDE_SHARE * len(numbers)}
    heads |= {k for k in edges - numbers if lines.texts[k] in known | twice and _heads_page(lines, k)}
    comes.update(lines.texts[k] for k in heads)
    heads |= {k for k in firsts if comes[lines.texts[k]]}
    near = {k for head in heads for k in (head - 1, head + 1) if 0 <= k < len(lines)}
    shapes = {shape_of(lines, k) for k in numbers}
    return heads | beside, {k for k in near - numbers if shape_of(lines, k) in shapes}


def _heads_page(lines: Lines, k: int) -> bool:
    """Check whether line ``k`` may head pages: it `names` something, or is the title of a chapter."""
    return len(lines.texts[k]) >= LEAST_HEAD and (names(lines, k) or bool(CHAPTER.fullmatch(lines.texts[k])))


def _title(lines: Lines, numbers: set[int], heads: set[int]) -> int:
    """Return which of the first two lines is the title: no issue or day, the longer one, heading no pages."""
    firsts = [k for k in range(FIRST_LINES + 1) if k < len(lines) and k not in numbers][:2]
    texts, others = lines.texts, {lines.texts[k] for k in heads - set(firsts)}
    told = [(not OF_DAY.search(texts[k]), lines.size[k], texts[k] not in others, k) for k in firsts]
    return max(told)[-1] if told else 0


def may_be_head(lines: Lines, stats: LayoutStats, k: int) -> bool:
    """Check whether line ``k`` could be a running head: no full line of wrapped text, and it `names`."""
    return not (stats.wrapped and abs(stats.width - lines.size[k]) <= FULL_SLACK) and names(lines, k)


def names(lines: Lines, k: int, longest: int = LONGEST_HEAD) -> bool:
    """Check whether line ``k`` may name something: short, no part of a sentence, no caption, note or item."""
    line, text = lines.line(k), lines.texts[k]
    if len(text) > longest or CLOSED_END[lines.end[k]] or INNER.search(text):
        return False
    return not (is_caption(line) or is_footnote(line) or is_numbered(line) or is_byline(line))
