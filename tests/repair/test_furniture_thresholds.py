"""Every length, count, share and score by which repair knows furniture and notes has a text on each side.

A row of `EDGES` is a question, what still holds and what no longer does. The numbers stand here a second
time, so that no threshold changes unseen; ``benchmarks/mutants.py`` says which have no row.
"""

from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest
from tests.repair.edges import BODY, END, REST, TITLE, UNWRAPPED, WHOLE, han, model, read
from tests.thresholds import Edges, divides

from etl.model.report import Encoding, Reading
from etl.repair import repair
from etl.repair.furniture import judge
from etl.repair.furniture import page_numbers as numbers
from etl.repair.furniture.floats import continued, find_floats
from etl.repair.furniture.page_blocks import _apart, page_blocks
from etl.repair.layout.line_numbers import line_numbers
from etl.repair.scorer.scores import Scores

# ------------------------------------------------------------------ notes, captions, marks


def steps_aside(before: int, note: str, *more: str) -> bool:
    """Whether the last line given does, behind a line of so many characters that breaks off."""
    lines, stats = read(han(before), note, *more, han(30) + END, blank="\n\n")
    return bool(find_floats(lines, stats, np.zeros(len(lines), np.bool_))[1 + len(more)])


def pairs(count: int) -> bool:
    """Whether so many marks of continuation pair."""
    marks = [line for _ in range(count) for line in (han(40), "（下转第3版）", han(40), "（上接第1版）")]
    return bool(continued(read(*marks, han(40) + END)[0]))


# ------------------------------------------------------------------ what the page printed


def gone(*texts: str, blank: str = "\n\n") -> list[str]:
    """The lines that are taken out as printed by the page."""
    done = repair(Reading(blank.join(texts), (), Encoding("utf-8", 1.0)), model(), 0.7)
    return [change.before for change in done.changes if change.rule == "furniture"]


def cut_title(head: int, at: int = 3, before: int = 60) -> bool:
    """Whether the beginning of the title goes that stands as line `at` among whole paragraphs."""
    above = [*[WHOLE] * (at - 2), han(before - 1) + END]
    return TITLE[:head] in gone(TITLE, *above, TITLE[:head], WHOLE)


@dataclass(frozen=True)
class Told:
    """What the continuation model might say of the halves around a line, of either with it, of each alone."""

    meet: float = 9.0
    beside: float = -9.0
    ends: float = -9.0
    starts: float = -9.0
    here: float = 0.0

    def seams(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The score of each pair; line 1 is the one between."""
        return np.where((left == 0) & (right == 2), self.meet, self.beside)


def cuts(told: Told, size: int = 8, *, place: bool = True) -> bool:
    """Whether a line of so many characters cuts a sentence, shown a page's end there or not."""
    lines, _ = read(BODY, han(size), REST)
    three = (np.array([0]), np.array([1]), np.array([2]))
    scores = Scored(told)
    return bool(judge._cuts(lines, cast(Scores, scores), three, np.array([place]))[0])


class Scored:
    """`Told` for three lines, which were all read."""

    def __init__(self, told: Told) -> None:
        self.seams = told.seams
        self.encode = lambda *_: None
        self.ends = np.array([told.ends, 0.0, 0.0])
        self.starts = np.array([0.0, told.here, told.starts])


def shows_page(ends: float) -> bool:
    """Whether a line that may be furniture stands where a page may end, behind words that break off."""
    lines, stats = read(BODY, han(8), REST, blank="\n")
    found = judge._look(
        lines, stats, cast(Scores, Scored(Told(ends=ends))), numbers.PageMarks(frozenset(), frozenset())
    )
    return bool(found.shown[0])


def repeated(shown: int, count: int) -> bool:
    """Whether lines that are alike are heads, one of which cuts a sentence and some of which show a page."""
    lines, _ = read(*(line for _ in range(count) for line in (BODY * 2, "北坡县志")), REST)
    at = np.array([k for k, text in enumerate(lines.texts) if text == "北坡县志"])
    none = np.zeros(count, np.bool_)
    first, some = none.copy(), np.arange(count) < shown
    first[0] = True
    found = judge.Candidates(at, first, some, none)
    return "repeated" in [name for name, _ in judge._cutting(lines, found, list(range(count)))]


def is_watermark(count: int) -> bool:
    """Whether so many lines that are alike, each of which cuts a sentence, are a watermark."""
    lines, _ = read(*(line for _ in range(count) for line in (BODY * 2, "北坡县志")), REST)
    at = np.array([k for k, text in enumerate(lines.texts) if text == "北坡县志"])
    every = np.ones(count, np.bool_)
    found = judge.Candidates(at, every, every, ~every)
    return "watermark" in [name for name, _ in judge._cutting(lines, found, list(range(count)))]


def line_before(count: int) -> int:
    """How many lines back the one before a candidate is looked for, behind so many others."""
    lines, _ = read(BODY, *["北坡县志"] * count, REST)
    marks = numbers.PageMarks(frozenset(), frozenset())
    return count - int(judge._around(lines, np.arange(1, count + 1), marks)[0][-1])


# ------------------------------------------------------------------ numbers of pages


def value(number: str) -> int:
    """What a number of a page says."""
    found = numbers.NUMBER.fullmatch(number)
    assert found
    return numbers.value_of(found)


def near_text(size: int, distance: int) -> bool:
    """Whether a number stands near running text, one line of so many characters, so far away."""
    lines, _ = read(han(size), *["，、。"] * (distance - 1), "7")
    return numbers._among_text(lines, UNWRAPPED, [distance])


def mostly_near(count: int) -> bool:
    """Whether so many numbers, the first of which stands near running text, count as standing there."""
    lines, _ = read(han(40), *(line for k in range(count) for line in (str(k), *["，、。"] * 5)))
    return numbers._among_text(lines, UNWRAPPED, [k for k, text in enumerate(lines.texts) if text.isdigit()])


def at_edges(cut: int, whole: int) -> bool:
    """Whether numbers stand where pages end: so many behind a cut sentence, so many behind a whole one."""
    before = [BODY] * cut + [han(60 + k) + END for k in range(whole)]
    lines, stats = read(TITLE, *(line for k, text in enumerate(before) for line in (text, str(k + 7))), REST)
    at = [k for k, text in enumerate(lines.texts) if text.isdigit()]
    return numbers._at_edges(lines, stats, at, Counter(lines.texts))


def heads(*over: str) -> set[int]:
    """The heads among the lines over even numbers of pages."""
    rows = [line for k, head in enumerate(over) for line in (han(90 + k) + END, head, str(2 * k + 2))]
    lines, stats = read(TITLE, *rows, WHOLE, blank="\n\n")
    found = [(k, int(text)) for k, text in enumerate(lines.texts) if text.isdigit()]
    return numbers._beside(lines, stats, found)


def three_over(which: int) -> bool:
    """Whether the line that stands so far over each number is a head."""
    rows = [
        line
        for k in (2, 3)
        for line in (han(90 + k) + END, *["北坡县志", "南坡新报", "湖东文摘", "湖西画刊"], str(k))
    ]
    lines, stats = read(TITLE, *rows, WHOLE)
    found = [(k, int(text)) for k, text in enumerate(lines.texts) if text.isdigit()]
    return found[0][0] - which in numbers._beside(lines, stats, found)


def near_on_either_side(pages: int, often: int) -> bool:
    """Whether a line is a head that stands beside so many of the numbers, now above and now below."""
    rows = list[str]()
    for k in range(pages):
        head = "北坡县志" if k < often else han(9 + k)
        rows += [han(90 + k) + END, *([head, str(k + 12)] if k % 2 else [str(k + 12), head])]
    lines, _ = read(TITLE, WHOLE, WHOLE, WHOLE, *rows, WHOLE)
    at = {k for k, text in enumerate(lines.texts) if text.isdigit()}
    return len({k for k in numbers._further(lines, at, set())[0] if lines.texts[k] == "北坡县志"}) == often


def may_be_title(size: int) -> bool:
    """Whether a line of so many characters may be the title under a head."""
    return numbers.names(read(BODY, han(size), REST)[0], 1, judge.LONGEST_TITLE)


def counts(first: int, last: int) -> bool:
    """Whether two numbers beside one head can only count pages."""
    return numbers._written_out((numbers.ONE_HEAD, "北坡县志", ""), [(3, first), (9, last)])


def beside_head(head: str) -> bool:
    """Whether a number stands beside a line that comes again."""
    lines, _ = read(WHOLE, head, "7", WHOLE, head, "8", WHOLE)
    return numbers._beside_head(lines, 2, Counter(lines.texts))


def pages(first: int, step: int, text: int, count: int = 4, form: str = "{}") -> set[int]:
    """The values of the lines that number pages of so many characters of text, cut in mid-sentence."""
    written = [line for k in range(count) for line in (han(text), form.format(first + k * step))]
    lines, stats = read("北坡县今年新修水渠", *written, han(text) + END, blank="\n\n")
    return set(numbers.page_numbers(lines, stats).numbers)


def blocks(head: str, first: int, step: int = 1, more: int = 0, last: str = WHOLE) -> bool:
    """Whether blocks of a head and a number, more lines in each, are taken for what pages printed."""
    over = "\n".join([head, *["北坡县志"] * more])
    text = "\n".join(f"{WHOLE}\n{WHOLE}\n{WHOLE}\n\n{over}\n{first + k * step}\n" for k in range(3))
    lines, stats = read(f"{TITLE}\n{WHOLE}\n{text}\n{last}")
    return len(page_blocks(lines, stats).numbers) == 3


def roomy(blanks: int) -> bool:
    """Whether a head so many blanks before its number counts pages, with no more space around it."""
    text = "\n".join(f"{WHOLE}\n北坡县志选编{' ' * blanks}{k}" for k in (3, 4))
    return bool(page_blocks(*read(f"{TITLE}\n{text}\n{WHOLE}")).numbers)


def numbered(count: int, full: int, lack: int = 0, size: int = 30) -> bool:
    """Whether so many lines are numbered, so many of them full and others short, full ones lacking some."""
    sizes = [size] + [size - lack] * (full - 1) + [9] * (count - full)
    words = [f"{han(2)}，{han(long - 5)}" for long in sizes]  # and two blanks
    return bool(line_numbers("\n".join(f"{k + 1:02}  {text}" for k, text in enumerate(words))))


EDGES: Edges = {
    "page_blocks LEAST_NAMED": (lambda head: blocks(head, 12), ("北坡县志",), ("县志报",)),
    "page_blocks MOST_LINES": (lambda n: blocks("北坡县报", 12, more=n), (2,), (3,)),
    "page_blocks STEP": (lambda n: blocks("北坡县志", 12, n), (2,), (3,)),
    "page_blocks LATE": (lambda n: blocks("北坡县志", n), (10,), (9,)),
    "page_blocks MUCH_ROOM": (roomy, (4,), (3,)),
    "page_blocks LEAST_ROOM": (lambda n: bool(_apart("北坡县志" + " " * n + "12")), (2,), (1,)),
    "line_numbers FEWEST": (lambda n: numbered(n, n), (8,), (7,)),
    "line_numbers FULL_SHARE": (lambda n: numbered(12, n), (3,), (2,)),
    "line_numbers SLACK": (lambda n: numbered(12, 4, n), (4,), (5,)),
    "line_numbers LEAST_WIDTH": (lambda n: numbered(9, 9, size=n), (19,), (18,)),
    "stats SHORTEST_CUT, of a note": (lambda n: steps_aside(n, "图1 水渠"), (20,), (19,)),
    "floats LONGEST_FLOAT": (lambda n: steps_aside(40, "注：" + han(n - 2)), (120,), (121,)),
    "floats CLOSED": (lambda end: steps_aside(40, "图1 水渠（东段" + end, "西段）通水"), ("；",), ("”",)),
    "floats MOST_PAIRS": (pairs, (16,), (17,)),
    "judge SHORTEST_HEAD": (cut_title, (8,), (7,)),
    "page_numbers FIRST_LINES, of a cut title": (lambda at: cut_title(12, at), (3,), (2,)),
    "page_numbers SHORTEST_CUT, of a cut title": (lambda n: cut_title(12, 3, n), (20,), (19,)),
    "judge FEWEST_LINES": (lambda n: bool(judge._ends(read(*[WHOLE] * n)[0])), (4,), (3,)),
    "judge LEAD": (lambda n: cuts(Told(meet=2.0, beside=n)), (0.4,), (0.6,)),
    "judge BEGINS": (lambda n: cuts(Told(starts=n)), (-1.1,), (-0.9,)),
    "judge SURELY_CUT, before": (lambda n: cuts(Told(ends=n), place=False), (-5.1,), (-4.9,)),
    "judge SURELY_CUT, after": (lambda n: cuts(Told(starts=n), place=False), (-5.1,), (-4.9,)),
    "judge SURELY_CUT, here": (lambda n: cuts(Told(here=n), 13), (-4.9,), (-5.1,)),
    "judge LONGEST_NAME": (lambda n: cuts(Told(here=-9.0), n), (12,), (13,)),
    "judge LONGEST_CUTTER": (lambda n: cuts(Told(), n), (30,), (31,)),
    "judge NEAREST_CUTS": (
        lambda n: not judge._are_words(read("北坡县志", han(n - 6), REST)[0], 0, 2), (60,), (59,)
    ),
    "judge LONGEST_TITLE": (may_be_title, (60,), (61,)),
    "scores NEVER_ENDS": (shows_page, (-3.1,), (-2.9,)),
    "judge SHOWN_SHARE": (repeated, (1, 3), (1, 4)),
    "judge OFTEN": (is_watermark, (3,), (2,)),
    "judge LONGEST_RUN": (lambda n: line_before(6) == n, (4,), (3,)),
    "page_numbers ROMAN": (lambda number, n: value(number) == n, ("xlvi", 46), ("lxiv", 66)),
    "page_numbers LATE": (lambda n: counts(n, n + 1), (10,), (9,)),
    "page_numbers YEARS": (lambda n: counts(900, n), (999,), (1000,)),
    "page_numbers LEAST_SAME": (
        lambda n: numbers._written_out((numbers.SAME, "北坡县志"), [(k, k) for k in range(n)]), (3,), (2,)
    ),
    "page_numbers NEAR": (lambda n: near_text(40, n), (3,), (4,)),
    "page_numbers near half of them": (mostly_near, (2,), (3,)),
    "page_numbers SHORTEST_CUT": (lambda n: near_text(n, 1), (20,), (19,)),
    "page_numbers EDGE_SHARE": (at_edges, (1, 3), (1, 4)),
    "page_numbers LEAST_BESIDE": (lambda n: heads(*["北坡县志"] * n), (2,), (1,)),
    "page_numbers BESIDE_SHARE": (near_on_either_side, (6, 2), (7, 2)),
    "page_numbers MOST_HEADS": (three_over, (3,), (4,)),
    "page_numbers LEAST_BESIDE, each other": (heads, ("北坡县志", "南坡新报"), ("北坡县志",)),
    "page_numbers LEAST_HEAD": (beside_head, ("县志报",), ("县志",)),
    "page_numbers LONGEST_HEAD": (lambda n: beside_head(han(n)), (40,), (41,)),
    "page_numbers STEP": (lambda n: pages(3, n, 300), (2,), (3,)),
    "page_numbers SPACING": (lambda n: len(pages(3, 1, n)) == 4, (115,), (114,)),
}  # fmt: skip


CUT = (BODY, "北坡县志", REST)
PAGES = [line for k in range(3, 7) for line in (han(150), "北坡县志", str(k))]
# By the kind of evidence: how sure it makes, the line that it speaks of, and a text that has it.
SURE: dict[str, tuple[float, str, str]] = {
    "continued": (
        0.99,
        "（下转第3版）",
        "\n\n".join([han(40), "（下转第3版）", han(40), "（上接第1版）", han(40) + END]),
    ),
    "series": (0.99, "4", "\n\n".join([TITLE, *PAGES, han(150) + END])),
    "counted": (
        0.99,
        "04",
        "\n".join([*(f"{k:02}  {han(9)}，{han(20)}" for k in range(1, 10)), han(20) + END]),
    ),
    "beside": (0.98, "北坡县志", "\n\n".join([TITLE, *PAGES, han(150) + END])),
    "page break": (0.97, "北坡县志", "\n".join([TITLE, *[f"{BODY}\n\f北坡县志", REST] * 2])),
    "repeated": (0.96, "北坡县志", "\n\n".join([TITLE, *[*CUT, WHOLE] * 2])),
    "watermark": (0.96, "北坡县志", "\n\n".join([TITLE, *CUT * 3])),
    "title": (0.9, TITLE[:9], "\n\n".join([TITLE, WHOLE, WHOLE, TITLE[:9], WHOLE])),
    "cut": (0.9, "北坡县志", "\n\n".join([TITLE, *CUT])),
    "issue": (0.9, "2009年第4期", f"2009年第4期\n{TITLE}\n{WHOLE}\n{WHOLE}\n{WHOLE}\n2009年第4期\n{WHOLE}"),
    "written": (0.85, "—12—", f"{TITLE}\n\n{WHOLE}\n\n{WHOLE}\n\n—12—"),
    "set off": (0.8, "7", f"{TITLE}\n\n{WHOLE}\n\n{WHOLE}\n\n\n\n7\n\n\n\n{WHOLE}\n\n{WHOLE}"),
}


@pytest.mark.parametrize("kind", judge.EVIDENCE)
def test_how_sure_evidence_is(kind: str) -> None:
    """Each kind of evidence alone makes as sure as the ledger says."""
    sure, line, text = SURE[kind]
    lines, stats = read(text)

    found = judge.find_furniture(lines, stats, Scores(model().scorer, lines.texts))

    assert found[lines.texts.index(line)] == pytest.approx(sure)


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])


def test_series_count_on() -> None:
    """Numbers of pages stand 120 characters apart; the last may stand nearer."""
    lines, _ = read(*(line for k in range(4) for line in (han(119), str(k + 3))), "完")
    at = [k for k, text in enumerate(lines.texts) if text.isdigit()]

    assert len(numbers.longest_series(lines, [(k, int(lines.texts[k])) for k in at])) == 4
