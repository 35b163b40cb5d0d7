"""Decide which lines are furniture: page numbers, running heads and feet, watermarks, continuation marks.

`find_furniture` alone decides. Furniture needs pages: each kind of evidence shows where a page ends, and
`EVIDENCE` says how sure that makes a line to be furniture. A line that is content by its kind (a date, a
stage direction, a row, an item) is furniture only where it counts or heads pages. A new kind of evidence is a
name there and a line in `_evidence`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from etl.repair.furniture.floats import continued, is_float
from etl.repair.furniture.page_blocks import page_blocks
from etl.repair.furniture.page_numbers import (
    FIRST_LINES,
    INNER,
    ISSUE,
    LEAST_HEAD,
    LONGEST_HEAD,
    OF_DAY,
    SPACING,
    PageMarks,
    names,
    page_numbers,
    shape_of,
)
from etl.repair.layout.cells import in_list
from etl.repair.layout.chars import CLOSED_END, RUNNING
from etl.repair.layout.lines import JOINED, Bools, Floats, Index, Lines
from etl.repair.layout.stats import FULL_SLACK, SHORTEST_CUT, LayoutStats, cut_lines, opening
from etl.repair.scorer.scores import NEVER_ENDS, Scores
from etl.structure import is_numbered, is_row, stands_alone
from etl.text.expressions import compiled
from etl.text.page_number import HAN_SIGNS, OF_ALL, PAGE

EVIDENCE = {
    "continued": 0.99,  # 下转第3版 and 上接第1版 that pair
    "series": 0.99,  # counts the pages
    "counted": 0.99,  # counts the lines of a page
    "beside": 0.98,  # heads them, beside their numbers
    "page break": 0.97,  # all its like stand where the format says that a page ends
    "repeated": 0.96,  # cuts a sentence, and its like stand where pages end
    "watermark": 0.96,  # cuts every sentence at which it comes
    "title": 0.9,  # the beginning of the title, cut off, between long lines (docs/decisions/0127)
    "issue": 0.9,  # names the issue, over the title and again
    "cut": 0.9,  # stands alone between the halves of a sentence
    "written": 0.85,  # — 12 —, 第3页: could be nothing else; also at either end of the text
    "set off": 0.8,  # a number of a page or with a head, between long lines, more space around it than usual
}
WRITTEN = compiled(
    r"[-—–－·•~～]{1,3}[0-9０-９]{1,4}[-—–－·•~～]{1,3}"
    rf"|[-—]?第[0-9{HAN_SIGNS}]{{1,5}}{PAGE}{OF_ALL}[-—]?"
    r"|[0-9]{1,3}/[0-9]{1,3}"
    r"|[（－—-](?:封[面底二三]|扉[页頁]|[内內][页頁][0-9]{0,2})[）－—-]"
    r"|(?:Page|page|PAGE|P|p)[.]?[0-9]{1,4}"
    r"|.*([·•—–~|-])[0-9]{1,4}\1"
)
NUMBER_APART = compiled(
    r"[0-9]{1,4}|[0-9]{1,4}[ 　]{2,}\S.*|.*\S[ 　]{2,}[0-9]{1,4}|.*[·•—–~|-] ?[0-9]{1,4} ?[·•—–~|-]"
)
NUMERIC = compiled("[#第]")  # in a line that may number pages, its numbers written as #
BARE = compiled("[0-9]{1,4}")
YEAR = compiled("[0-9]{4}年(?!.*[期日])")  # begins a sentence, unless it comes again
SENTENCE = compiled("[，。；、]|[.][.]$")  # a clause, or speech that breaks off
CLAUSE = compiled("[\u4e00-\u9fff][，。；、]")
BRACKETED = compiled(r"[（(【\[〔].*[）)】\]〕]")
BEGINS_WITH_NUMBER = compiled(r"[0-9]{1,4}(?:$|[ 　]{2,}\S)")
PARTING = frozenset("，。、；：？！—…·")
# Set by hand on whole texts and printed pages; the tests have a text on each side (docs/decisions/0035).
SHORTEST_HEAD = 8  # characters of a head that is the title cut off
LONGEST_CUTTER = 30  # characters of what may cut a sentence
LONGEST_NAME = 12  # characters of a name; a longer line that begins in mid-sentence cuts none
LONGEST_RUN = 4  # lines looked over on each side for one that is no furniture
NEAREST_CUTS = 60  # characters between lines that cut sentences; words of a dictionary are nearer
FEWEST_LINES = 4  # lines of a text whose first two and last two are its edges
SHOWN_SHARE = 0.3  # share of lines that are alike which must stand where a page ends
OFTEN = 3  # lines that are alike, from which on they come often
LONGEST_TITLE = 60  # characters of a title that stands under a head
# Scores of the continuation model (log-odds), set as above.
LEAD = 1.5  # by how much the halves around a line must meet better than either meets the line
BEGINS = -1.0  # score of a start below which the second half begins in mid-sentence
SURELY_CUT = -5.0  # score of an end or a start below which a half surely is one


@dataclass(frozen=True, slots=True)
class Candidates:
    """Short lines that may be furniture.

    Attributes:
        at: [n] indexes of the lines.
        cuts: [n] it stands between the halves of a sentence.
        shown: [n] a page may end there: a line breaks off before it, the format has a break, or more space.
        fed: [n] the format says that a page ends beside it.
    """

    at: Index
    cuts: Bools
    shown: Bools
    fed: Bools


def find_furniture(lines: Lines, stats: LayoutStats, scores: Scores) -> Floats:
    """Return how sure it is [lines] that the page printed each line (0 to 1); 0 where no evidence says so."""
    out = np.zeros(len(lines), np.float32)
    marks = page_numbers(lines, stats).joined(page_blocks(lines, stats))
    evidence = list(_evidence(lines, marks, _look(lines, stats, scores, marks)))
    cuts = sorted(k for name, members in evidence if name == "cut" for k in members)
    near = {k for pair in pairwise(cuts) if _are_words(lines, *pair) for k in pair}
    for name, members in evidence:
        free = [k for k in members if name != "cut" or k not in near]
        out[free] = np.maximum(out[free], EVIDENCE[name])
    _mark_over_title(lines, out, marks)
    return out


def _are_words(lines: Lines, a: int, b: int) -> bool:
    """Check whether two lines that seem to cut sentences stand as near as words of a dictionary."""
    return b - a > 1 and lines.starts[b] - lines.starts[a] < NEAREST_CUTS


def _mark_over_title(lines: Lines, out: Floats, marks: PageMarks) -> None:
    """Mark in ``out`` the running head of the first page, where a longer line under it may be the title."""
    heads = {shape_of(lines, k) for k in np.flatnonzero(out).tolist()}
    for k in range(min(FIRST_LINES, len(lines) - 1)):
        if out[k] > 0:
            continue
        under = next((n for n in range(k + 1, len(lines)) if out[n] == 0), k)
        known = k in marks.beside or shape_of(lines, k) in heads
        over = lines.size[under] > lines.size[k] or OF_DAY.search(lines.texts[k])
        if not (known and over) or under == k or not names(lines, under, LONGEST_TITLE):
            return
        out[k] = EVIDENCE["beside"]


def _evidence(lines: Lines, marks: PageMarks, found: Candidates) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield evidence: a name of `EVIDENCE` with the indexes of the lines that it shows to be furniture."""
    yield "continued", [k for pair in continued(lines) for k in pair]
    yield "series", sorted(marks.numbers)
    parted = (lines.gap[1:] == 0) & (lines.line_end_states[:-1] == JOINED)  # from the rest of their lines
    yield "counted", [k for k in np.flatnonzero(parted).tolist() if BARE.fullmatch(lines.texts[k])]
    yield "beside", sorted(marks.beside - {0})
    yield "title", list(_cut_titles(lines))
    again = [k for k, text in enumerate(lines.texts) if text == lines.texts[0]]
    if len(again) > 1 and ISSUE.fullmatch(lines.texts[0]) and _spaced(lines, again):
        yield "issue", again
    known = {shape_of(lines, k) for k in marks.numbers | marks.beside}
    for shape, group in _alike(lines, found.at):
        members = found.at[group].tolist()
        if (len(group) > 1 or shape in known) and found.fed[group].all() and _spaced(lines, members):
            yield "page break", members
        if found.cuts[group].any() or NUMERIC.search(shape):
            free = [n for n in group if not _is_content(lines, int(found.at[n]))]
            yield from _cutting(lines, found, free)
    yield "written", [k for k in _ends(lines) if WRITTEN.fullmatch(lines.texts[k])]


def _ends(lines: Lines) -> set[int]:
    """Return the indexes of the first two and last two lines; none where the text has too few lines."""
    last = len(lines) - 1
    return {0, 1, last - 1, last} if len(lines) >= FEWEST_LINES else set()


def _cut_titles(lines: Lines) -> Iterator[int]:
    """Yield lines that repeat the beginning of the title between long lines: heads that had no more room."""
    title = lines.texts[0]
    for k in range(FIRST_LINES, len(lines) - 1):
        text = lines.texts[k]
        if text[0] != title[0] or not SHORTEST_HEAD <= len(text) < len(title) or not title.startswith(text):
            continue
        if CLOSED_END[lines.end[k]] or INNER.search(text):  # a sentence that the first line told before
            continue
        if title[len(text)] not in PARTING and min(lines.size[k - 1], lines.size[k + 1]) >= SHORTEST_CUT:
            yield k


def _cutting(lines: Lines, found: Candidates, group: list[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield evidence of equal lines that cut the sentences around them, then that of each line's form."""
    cuts, members = int(found.cuts[group].sum()), found.at[group].tolist()
    if cuts >= OFTEN and cuts >= len(group) - 1:
        yield "watermark", members
    elif cuts and len(group) > 1 and found.shown[group].mean() >= SHOWN_SHARE and _spaced(lines, members):
        yield "repeated", members
    elif cuts and len(group) == 1 and opening(lines.line(members[0])) != "label":
        yield "cut", members
    for n in group:
        yield from _by_looks(lines, found, n, single=len(group) == 1)


def _by_looks(
    lines: Lines, found: Candidates, n: int, *, single: bool
) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield evidence that a line is a page number, by its form and its surroundings; it need cut nothing."""
    k = int(found.at[n])
    long = k + 1 < len(lines) and min(lines.size[k - 1], lines.size[k + 1]) >= SHORTEST_CUT
    if WRITTEN.fullmatch(lines.texts[k]) and (long or found.shown[n]):
        yield "written", [k]
    elif single and long and found.shown[n] and NUMBER_APART.fullmatch(lines.line(k)):
        yield "set off", [k]


def _pick(lines: Lines, stats: LayoutStats, marks: PageMarks) -> Index:
    """Return the indexes of short lines that are no sentences and, in wrapped text, not full or set apart."""
    short = (lines.size <= LONGEST_HEAD) & ~CLOSED_END[lines.end] & (lines.unmatched_brackets == 0)
    if stats.wrapped:
        wide = (lines.gap > stats.gap) | (lines.feed > 0)
        apart = wide & np.append(wide[1:], True)
        short &= (stats.width - lines.size > FULL_SLACK) | apart
    short[:1] = False
    short[sorted(marks.numbers | marks.beside)] = False
    short &= ~lines.settled
    texts = {k: lines.texts[k] for k in np.flatnonzero(short).tolist()}
    comes = Counter(texts.values())
    kept = {t for t, often in comes.items() if not SENTENCE.search(t) and (often > 1 or not YEAR.match(t))}
    return np.array([k for k, text in texts.items() if text in kept], np.intp)


def _look(lines: Lines, stats: LayoutStats, scores: Scores, marks: PageMarks) -> Candidates:
    """Describe the candidates for furniture: where they stand, what is around them and what they cut."""
    at = _pick(lines, stats, marks)
    if not len(at):
        return Candidates(at, *np.zeros((3, 0), np.bool_))
    comes = Counter(lines.texts)
    fed = (lines.feed[at] > 0) | (np.append(lines.feed, 0)[at + 1] > 0)
    usual = max(stats.gap, stats.closed_gap)
    wide = (lines.gap[at] > usual) | (np.append(lines.gap, 0)[at + 1] > usual)
    before, after = _around(lines, at, marks)
    pairs = zip(at, before, strict=True)
    often = [comes[lines.texts[k]] >= OFTEN and bool(CLAUSE.search(lines.texts[b])) for k, b in pairs]
    broken = cut_lines(lines, stats)[before] & ~np.isin(before, at)  # an item is whole
    if broken.any():
        broken &= ~in_list(lines, stats)[before]
    broken |= RUNNING[lines.end[before]] & np.array(often, np.bool_)
    scores.encode(before[broken], before[:0])
    broken &= scores.ends[before] < NEVER_ENDS
    cuts = np.zeros(len(at), np.bool_)
    asked = np.flatnonzero(broken & (after < len(lines)))
    if len(asked):
        around = before[asked], at[asked], after[asked]
        cuts[asked] = _cuts(lines, scores, around, fed[asked] | wide[asked])
    return Candidates(at, cuts, broken | fed | wide, fed)


def _cuts(lines: Lines, scores: Scores, three: tuple[Index, Index, Index], places: Bools) -> Bools:
    """Return which lines [n] surely stand between two halves of one sentence.

    ``three`` are the lines before, here and after, [n] each; ``places`` [n] says where more than the words
    shows that a page ends.
    """
    before, here, after = three
    surely = scores.ends[before] < SURELY_CUT
    out: Bools = (lines.size[here] <= LONGEST_CUTTER) & (places | surely)
    scores.encode(after[:0], after[out])
    begun = scores.starts[after]
    out &= (begun < BEGINS) & (places | (surely & (begun < SURELY_CUT)))
    if out.any():
        before, here, after = before[out], here[out], after[out]
        meets = scores.seams(before, after)
        beside = np.maximum(scores.seams(before, here), scores.seams(here, after))
        own = (lines.size[here] > LONGEST_NAME) & (scores.starts[here] < SURELY_CUT)
        out[out] = (meets > 0) & (meets - beside > LEAD) & ~own
    return out


def _around(lines: Lines, at: Index, marks: PageMarks) -> tuple[Index, Index]:
    """Return the nearest lines [n] before and behind each candidate that are neither furniture nor notes."""
    known = marks.numbers | marks.beside
    items = {k for k in at.tolist() if len(lines.texts[k]) >= LEAST_HEAD and is_numbered(lines.line(k))}
    skipped = known | set(at.tolist()) - items
    before, after = list[int](), list[int]()
    for k in at.tolist():
        low, high = k - 1, k + 1
        while low > max(0, k - LONGEST_RUN) and (low in skipped or is_float(lines.line(low))):
            low -= 1
        while high < min(len(lines), k + LONGEST_RUN) and high in skipped:
            high += 1
        before.append(low)
        after.append(high)
    return np.array(before, np.intp), np.array(after, np.intp)


def _is_content(lines: Lines, k: int) -> bool:
    """Check whether line ``k`` is content by its kind wherever it stands: a table's row, an item, a date."""
    line = lines.line(k)
    if WRITTEN.fullmatch(lines.texts[k]) or BEGINS_WITH_NUMBER.match(line):
        return False
    above, below = lines.texts[k - 1], lines.texts[min(k + 1, len(lines) - 1)]
    if BARE.fullmatch(above) and BARE.fullmatch(below) and int(below) - int(above) == 1:  # a counted step
        return True
    if is_row(line) or NUMBER_APART.fullmatch(line):  # one row is no table
        return any(is_row(lines.line(n)) for n in (k - 1, k + 1) if 0 <= n < len(lines))
    return bool(BRACKETED.fullmatch(line)) or is_numbered(line) or stands_alone(line)


def _alike(lines: Lines, at: Index) -> Iterator[tuple[str, list[int]]]:
    """Yield what lines have in common that are equal but for their numbers, and their positions in `at`."""
    members: dict[str, list[int]] = {}
    for n, k in enumerate(at.tolist()):
        members.setdefault(shape_of(lines, k), []).append(n)
    yield from members.items()


def _spaced(lines: Lines, members: Sequence[int]) -> bool:
    """Check whether each line is at least `SPACING` characters, a page of text, behind the one before."""
    return all(lines.starts[b] - lines.starts[a] >= SPACING for a, b in pairwise(members))
