"""Find line ends inside a sentence, and marks inside a line, by fixed forms, before anything is measured.

`part_marks`, `join_forms` and `turns` are called once a report. A new form is one more function, called in
`join_forms`; what the format knows of a line end overrules it.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import rjieba

from etl.repair.layout.chars import CLAUSE, CLOSING, DASH, HAN_CLASS, LATIN, LETTER_CLASS, NEVER_FIRST, Bools
from etl.repair.layout.line_numbers import line_numbers
from etl.structure import is_continuation
from etl.text.folding import simplify
from etl.text.numerals import NUMERAL_SIGNS

if TYPE_CHECKING:
    from etl.repair.layout.lines import Lines

Index = npt.NDArray[np.int64]
HYPHENATED = re.compile(r"(?s:.*)(?<![A-Za-z0-9./—－-])(?![A-D]{1,3}[-－])[A-Za-z0-9][A-Za-z0-9./]*[-－—]")
"""A word or number with a hyphen behind it; a rating, AA-, is whole."""
CONJUNCTIONS = frozenset(("及", "以及", "和", "与", "與", "或", "或者", "并", "並", "且", "而且"))
FIGURES = frozenset(NUMERAL_SIGNS)
TURN = re.compile("[问問答](?:\u3000| {2})")
# Set by hand on printed pages (docs/decisions/0035, 0141).
FEWEST_TURNS = 2  # questions, and answers, from which on each stands by itself
SHORTEST_UPRIGHT = 5  # lines of one character each that may be words set upright
LONGEST_UPRIGHT = 40  # the same; a longer run is a column of something else
LEAST_IN_WORDS = 0.8  # share of these characters that stand in words of several
_CLOCK = "[0-9]{1,2}[时時点點](?:[0-9]{1,2}分)?"
TORN = re.compile(
    r"(?<![0-9])[0-9]{2,4}年(?:[0-9]{1,2}月[0-9]{1,2}日|(?=[0-9]{1,2}月))"
    rf"|第（[{NUMERAL_SIGNS}0-9]{{1,3}}）[项項款]|第[0-9]{{1,4}}[期页頁卷号號届屆次条條项項]"
    rf"|(?<![0-9])(?:{_CLOCK}[至到](?:[上下中]午)?{_CLOCK}|[0-9]{{1,2}}[时時点點][0-9]{{1,2}}分)"
    r"|(?<=[0-9])[.][0-9]+(?=[（，。；、）]|[%％][，。；、）])|(?<![0-9.])[0-9]+[.][0-9]+[%％](?=[，。；、）])"
    r"|(?<![0-9.，])[0-9]{1,3}(?:，[0-9]{3})*(?:[.][0-9]+)?[万亿萬億]{1,2}元(?=[，。；、（）])"
)
"""Dates, references to items, times of day, decimals and sums; a line end in one of them tears it apart."""
TORN_STARTS, TORN_ENDS = (
    frozenset("0123456789年月日（时時点點分至到上中下%％元万亿萬億期页頁卷号號届屆次条條项項"),
    frozenset("0123456789.年月第时時点點分至到午万亿萬億"),
)
TORN_REACH = 16  # characters on each side of a line end that are looked at
ONWARD = re.compile(
    r"(?<=[^\n　 ])[（【〔\[](?:下?[转轉]|下接)[^（）\n]{1,12}[）】〕\]](?=[ 　]*$)", re.MULTILINE
)
BACK = re.compile(
    r"^[ 　]*(?P<mark>[（【〔\[][上紧緊]?接[^（）\n]{1,12}[）】〕\]])(?=[^\n　 ])", re.MULTILINE
)

MARKED = re.compile(r"[（【〔\[](?:下?[转轉]|[上下紧緊]?接)")


def part_marks(text: str, starts: Index, ends: Index) -> tuple[Index, Index, Index]:
    """Cut off marks of continuation and numbers of lines; return starts, ends, and the lines before cuts."""
    cuts = line_numbers(text)
    if "接" in text and MARKED.search(text):
        cuts += [(one.start(), one.start()) for one in ONWARD.finditer(text) if is_continuation(one[0])]
        cuts += [(one.end(), one.end()) for one in BACK.finditer(text) if is_continuation(one["mark"])]
    if not cuts:
        return starts, ends, np.zeros(0, np.int64)
    before, behind = np.array(sorted(cuts), np.int64).T
    ends = np.sort(np.append(ends, before))
    return np.sort(np.append(starts, behind)), ends, np.searchsorted(ends, before)


def join_forms(lines: "Lines") -> Index:
    """Return the indexes of lines whose ends are inside a word or sentence by their form alone."""
    found = set[int]()
    for form in (_before_marks, _in_words, _conjunctions, _torn, _upright):
        found.update(form(lines))
    return np.array(sorted(found), np.int64)


def turns(lines: "Lines") -> Index:
    """Return the indexes of lines that open a question or an answer without a colon, as courts write."""
    found = [k for k in range(1, len(lines)) if lines.texts[k][0] in "问問答" and TURN.match(lines.line(k))]
    asked = sum(lines.texts[k][0] != "答" for k in found)
    return np.array(found if FEWEST_TURNS <= asked <= len(found) - FEWEST_TURNS else [], np.int64)


def _before_marks(lines: "Lines") -> Iterator[int]:
    """Yield lines before a mark that begins no line, or that closes a quote or bracket of the line."""
    left, right = lines.end[:-1], lines.start[1:]
    marked = NEVER_FIRST[right] & ~NEVER_FIRST[left]
    yield from np.flatnonzero(marked | CLOSING[right] & _enclosed(lines)).tolist()


def _enclosed(lines: "Lines") -> Bools:
    """Return behind which lines [lines - 1] a quote or bracket is open that the next line closes."""
    opened = (lines.open_quotes + lines.open_brackets)[:-1] > 0
    out: Bools = opened & ((lines.unmatched_quotes + lines.unmatched_brackets)[1:] > 0)
    return out


def _in_words(lines: "Lines") -> Iterator[int]:
    """Yield lines that end with a hyphen in a word or number, or between Latin words in one bracket."""
    left, right = lines.end[:-1], lines.start[1:]
    letters = (left == LETTER_CLASS) & (right == LETTER_CLASS)
    hyphen = np.flatnonzero((left == DASH) & LATIN[right])
    yield from np.flatnonzero(letters & _enclosed(lines)).tolist()
    yield from (k for k in hyphen.tolist() if HYPHENATED.fullmatch(lines.texts[k]))


def _conjunctions(lines: "Lines") -> Iterator[int]:
    """Yield lines that end a clause and stand before a line with nothing but an "and" (以及)."""
    for k in np.flatnonzero(CLAUSE[lines.end[:-1]]).tolist():
        if lines.texts[k + 1] in CONJUNCTIONS:
            yield k


def _torn(lines: "Lines") -> Iterator[int]:
    """Yield lines that end inside a date, time or figure (民国109|年8月), or a reference (第|（五）项).

    What is torn must not begin the line: a line that is a number may be the cell of a table.
    """
    for k, (left, right) in enumerate(pairwise(lines.texts)):
        if right[0] in TORN_STARTS and left[-1] in TORN_ENDS:
            cut = min(len(left), TORN_REACH)
            found = TORN.finditer(left[-TORN_REACH:] + right[:TORN_REACH])
            if any(torn.start() < cut < torn.end() and (torn.start() or cut < len(left)) for torn in found):
                yield k


def _upright(lines: "Lines") -> Iterator[int]:
    """Yield lines of one character each, but the last of a run, that together make words set upright."""
    han = np.flatnonzero((lines.start == HAN_CLASS) & (lines.end == HAN_CLASS)).tolist()
    singles = [k for k in han if len(lines.texts[k]) == 1]
    for _, run in groupby(enumerate(singles), lambda pair: pair[1] - pair[0]):
        at = [k for _, k in run]
        signs = "".join(lines.texts[k] for k in at)
        if SHORTEST_UPRIGHT <= len(signs) <= LONGEST_UPRIGHT and _are_words(signs):
            yield from at[:-1]


def _are_words(signs: str) -> bool:
    """Check whether most of the characters make several words, as those of a list (金木水火土) do not."""
    words: list[str] = rjieba.cut(simplify(signs), False)  # noqa: FBT003 - the library names no arguments
    longer = {word for word in words if len(word) > 1 and not set(word) <= FIGURES}
    return len(longer) > 1 and sum(map(len, longer)) >= LEAST_IN_WORDS * len(signs)
