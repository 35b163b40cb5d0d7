"""What tells furniture from headings, cells and notes that look alike: where it stands, and what its like do.

`weigh` corrects what the trees say of each candidate. A new witness is a question here, asked in `weigh`, and
a case in ``tests/cases/repair/furniture.toml`` or ``undamaged.toml``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from etl.repair.lines import Floats, Lines
from etl.repair.scores import Scores
from etl.repair.sheet import FULL_SLACK, Sheet
from etl.structure import is_caption, is_footnote, is_heading

RUNS = re.compile(r"[0-9０-９]+")
NUMBER_SHAPES = (
    re.compile(r"[0-9０-９]{1,4}"),
    re.compile(r"[-—–－·•~～\[【(（|P.]{0,3}[0-9０-９]{1,4}[-—–－·•~～\]】)）|.]{0,3}"),
    re.compile(
        r"[-—]?第[0-9〇零一二三四五六七八九十百]{1,5}[页版](?:[，/]?共[0-9〇一二三四五六七八九十百]{1,5}页)?[-—]?|(?:Page|page|PAGE|P|p)[.]?[0-9]{1,4}"
    ),
    re.compile(r"[0-9]{1,4}/[0-9]{1,4}"),
)
QUOTED, SHORTEST_CUT, LONGEST_CELL, SPACING = 2, 20, 12, 120
REPEATED, LEAST_SHOWN, SURELY = np.float32(0.97), 0.3, np.float32(0.9)
INNER, YEAR, DATED = re.compile("[，。；、]"), re.compile("[0-9]{4}年(?!.*[期日])"), "#年#月#日"
LONGEST_LONE, LEAST_TORN, BEGINS, CUT_START = 30, np.float32(1.5), np.float32(0.5), -3
HELD = 4.0
MIXED, LEAST_TITLE, EDGES = 2, 6, "-—–·|/~ "
PAGED = re.compile(r"([0-9]{1,3})[ 　]+(?![年月日时點点分个人名万亿元%％])\S")
ITEM = re.compile(r"([0-9]{1,3})[ 　.．、]")
ORNATE = re.compile(r"([·•—–~|-])[0-9]{1,4}\1$|([·•—–~|-])[0-9]{1,4}\2")
ANNEX = re.compile("附[件录錄表][0-9０-９一二三四五六七八九十]{0,3}$")
LEAST_PAGE, LONGEST_PAGE, DOUBTED, LIKELY = 3, 3, 0.05, 0.5

Bools = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]


def weigh(lines: Lines, sheet: Sheet, picked: Sequence[int], found: Floats, scores: Scores) -> Floats:
    """The probabilities `found` that the candidates `picked` are furniture, corrected by what else is seen.

    Subheads come again and years count up, but between whole paragraphs; furniture stands in a sentence or
    at a page's end, if not each time then in a share of its like.
    """
    before, after = around(picked, found)
    torn, cut = (
        halves(lines, picked, (before, after), scores) > 0,
        scores.starts[np.minimum(after, len(lines) - 1)] < CUT_START,
    )
    sure = torn & cut & [parts(lines, sheet, k, b) for k, b in zip(picked, before, strict=True)]
    sure &= (found > DOUBTED) & ~_cut_itself(lines, picked, scores)
    out = _with_its_like(lines, picked, found, (torn | [_shown(lines, sheet, k) for k in picked], sure))
    for n, k in enumerate(picked):
        if _cuts_title(lines, sheet, k) or _ornate(lines.texts[k]):
            out[n] = max(out[n], REPEATED)
        elif (
            sure[n]
            or (found[n] > DOUBTED and _strays(lines, k))
            or _heads_a_page(lines, sheet, k, torn=bool(torn[n]))
        ):
            out[n] = max(out[n], SURELY)
    lone = _lone(lines, sheet, picked)
    never = [
        _among_cells(lines, k) or _belongs(lines, k) or k in lone or 0 < k == sheet.marks.heads
        for k in picked
    ]
    return np.where(never | _held(lines, picked, (before, after), scores), np.float32(0), out)


def _cut_itself(lines: Lines, picked: Sequence[int], scores: Scores) -> Bools:
    """Which candidates are longer than a header's name and begin in mid-sentence."""
    here = np.array(picked)
    out: Bools = (lines.size[here] > LONGEST_CELL) & (scores.starts[here] < CUT_START)
    return out


def _held(lines: Lines, picked: Sequence[int], near: tuple[Index, Index], scores: Scores) -> Bools:
    """Which candidates, longer than a header's name, surely share a sentence with a neighbour."""
    here, (before, after) = np.array(picked), near
    out = np.zeros(len(picked), np.bool_)
    asked = np.flatnonzero((lines.size[here] > LONGEST_CELL) & (after < len(lines)))
    if len(asked):
        k = here[asked]
        out[asked] = np.maximum(scores.seams(before[asked], k), scores.seams(k, after[asked])) > HELD
    return out


def _with_its_like(lines: Lines, picked: Sequence[int], found: Floats, stand: tuple[Bools, Bools]) -> Floats:
    """The probabilities, each seen with those of its like; `stand` says who shows, and who surely."""
    out, (shown, sure) = found.copy(), stand
    for group in _alike(lines, picked):
        members = [picked[n] for n in group]
        fed = all(lines.feed[k] or _fed_after(lines, k) for k in members)
        if len(group) > 1 and fed and _spaced(lines, members):
            out[group] = np.maximum(out[group], REPEATED)
        elif sure[group].any():
            out[group] = np.maximum(out[group], SURELY)
        elif shown[group].mean() < LEAST_SHOWN:
            out[group] = np.where([_numbers_a_page(lines, k) for k in members], out[group], 0)
        elif len(group) == 1 and RUNS.sub("#", lines.texts[members[0]]).startswith(DATED):
            out[group] = 0
        elif len(group) > 1 and found[group].mean() > LIKELY:
            out[group] = np.maximum(out[group], SURELY)
    return out


def halves(lines: Lines, picked: Sequence[int], near: tuple[Index, Index], scores: Scores) -> Floats:
    """How much more likely the lines around each candidate meet than either meets it; above 0 it is sure."""
    out = np.full(len(picked), np.float32(-1))
    loose = lines.opened + lines.wanted + lines.bracket_opened + lines.bracket_wanted
    here, (before, after) = np.array(picked), near
    asked = np.flatnonzero((after < len(lines)) & (lines.end[before] > QUOTED) & (loose[here] == 0))
    if len(asked):
        here, before, after = here[asked], before[asked], after[asked]
        up, down = scores.seams(before, here), scores.seams(here, after)
        meets = scores.seams(before, after)
        lead = np.minimum(meets, meets - np.maximum(up, down) - LEAST_TORN)
        out[asked] = np.minimum(lead, BEGINS - scores.starts[after])
    return out


def around(picked: Sequence[int], found: Floats) -> tuple[Index, Index]:
    """For each candidate the lines before and behind it that are no likely furniture; it comes in groups."""
    before, after = np.array(picked, np.intp) - 1, np.array(picked, np.intp) + 1
    likely = found > LIKELY
    for n in range(1, len(picked)):
        if likely[n - 1] and picked[n - 1] == before[n]:
            before[n] = before[n - 1]
    for n in range(len(picked) - 2, -1, -1):
        if likely[n + 1] and picked[n + 1] == after[n]:
            after[n] = after[n + 1]
    return before, after


def _alike(lines: Lines, picked: Sequence[int]) -> Iterator[list[int]]:
    """Candidates that are the same but for their numbers."""
    members: dict[str, list[int]] = {}
    for n, k in enumerate(picked):
        members.setdefault(RUNS.sub("#", lines.texts[k]), []).append(n)
    yield from members.values()


def parts(lines: Lines, sheet: Sheet, k: int, before: int | None = None) -> bool:
    """Whether the line stands behind one that breaks off (`before`), and could not be of its paragraph."""
    if sheet.wrapped and sheet.width - lines.size[k] <= FULL_SLACK and not _apart(lines, sheet, k):
        return False
    text = lines.texts[k]
    short = len(text) <= LONGEST_LONE and not YEAR.match(text) and not INNER.search(text)
    return bool(short and _breaks_off(lines, sheet, k - 1 if before is None else before))


def _apart(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether more space than between lines stands on both sides."""
    return k + 1 < len(lines) and bool(lines.gap[k] > sheet.gap and lines.gap[k + 1] > sheet.gap)


def _breaks_off(lines: Lines, sheet: Sheet, k: int) -> bool:
    if lines.end[k] <= QUOTED:
        return False
    if sheet.wrapped:
        return bool(sheet.width - lines.size[k] <= FULL_SLACK)
    return bool(lines.size[k] >= SHORTEST_CUT and not is_heading(lines.line(k)))


def _shown(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether the line stands in a sentence or at a page's end."""
    usual = max(sheet.gap, sheet.closed_gap)
    after = k + 1 < len(lines) and bool(lines.gap[k + 1] > usual)
    if lines.gap[k] > usual or after or lines.feed[k] or _fed_after(lines, k):
        return True
    cut = lines.end[k - 1] > QUOTED and (lines.size[k - 1] >= SHORTEST_CUT or sheet.wrapped)
    return bool(cut and not is_heading(lines.line(k - 1)))


def _fed_after(lines: Lines, k: int) -> bool:
    return k + 1 < len(lines) and bool(lines.feed[k + 1])


def _spaced(lines: Lines, members: Sequence[int]) -> bool:
    return all(lines.starts[b] - lines.starts[a] >= SPACING for a, b in pairwise(members))


def _numbers_a_page(lines: Lines, k: int) -> bool:
    """Whether it could be nothing else: — 12 —, 第3页, or a bare number in prose that counts nothing."""
    text = lines.texts[k]
    if not text.isdecimal():
        return any(shape.fullmatch(text) for shape in NUMBER_SHAPES[1:])
    prose = k + 1 < len(lines) and min(lines.size[k - 1], lines.size[k + 1]) >= SHORTEST_CUT
    page = len(text) <= LONGEST_PAGE and int(text) >= LEAST_PAGE
    return bool(prose and page and str(int(text) - 1) not in lines.texts)


def _ornate(text: str) -> bool:
    """Whether the line begins or ends with a number between two marks: 县域观察 · 32 ·."""
    found = ORNATE.search(text)
    return found is not None and (found.end() == len(text) or found.start() == 0)


def _cuts_title(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether the line, numbers aside, is the title cut off in mid-phrase, as stands over narrow pages."""
    bare, head = RUNS.sub("", lines.texts[k]).strip(EDGES), sheet.marks.heads
    whole = lines.texts[head]
    if len(bare) < LEAST_TITLE or not whole.startswith(bare) or whole == bare or k <= head:
        return False
    if k + 1 < len(lines) and bare + lines.texts[k + 1] == whole:  # the title itself, in two lines of print
        return False
    title = lines.line(head)
    visible = [n for n, char in enumerate(title) if not char.isspace()]
    short = not sheet.wrapped or (sheet.width - lines.size[k] > FULL_SLACK and _apart(lines, sheet, k))
    return bool(short) and title[visible[len(bare) - 1] + 1].isalnum()


def _heads_a_page(lines: Lines, sheet: Sheet, k: int, *, torn: bool) -> bool:
    """Whether the line stands beside the number of a page and is the title once more, or cuts a sentence."""
    numbers, head = sheet.marks.numbers, sheet.marks.heads
    if not numbers & {k - 1, k + 1} or k in numbers or k <= head:
        return False
    before = k - 2 if k - 1 in numbers else k - 1
    return lines.texts[k] == lines.texts[head] or (
        torn
        and before > 0
        and parts(lines, sheet, k, before)
        and not is_caption(lines.line(k))
        and not is_footnote(lines.line(k))
    )


def _lone(lines: Lines, sheet: Sheet, picked: Sequence[int]) -> set[int]:
    """Lines without their like, where an extraction mixed up columns, so that text stands by itself.

    Captions, too, which stand in a sentence because the picture does.
    """
    numbers = sheet.marks.numbers
    texts = Counter(RUNS.sub("#", lines.texts[k]) for k in picked)
    apart = (lines.gap > sheet.gap) & (np.append(lines.gap[1:], 0) > sheet.gap)
    full = np.abs(sheet.width - lines.size) <= FULL_SLACK
    mixed = sheet.wrapped and (sheet.gap > 1 or (apart & full & (lines.end > QUOTED)).sum() >= MIXED)
    out = set()
    for k in picked:
        alone = texts[RUNS.sub("#", lines.texts[k])] == 1 and not _numbers_a_page(lines, k)
        near = numbers & {k - 1, k + 1} or lines.feed[k : k + 2].any()
        if (mixed and alone and not near) or (k not in numbers and is_caption(lines.line(k)) and alone):
            out.add(k)
    return out


def _strays(lines: Lines, k: int) -> bool:
    """Whether the line begins with a number as items of a list do, but no item stands before or behind it."""
    found = PAGED.match(lines.line(k))
    if not found or (value := int(found[1])) < LEAST_PAGE:
        return False
    items = {int(item[1]) for n in range(len(lines)) if n != k and (item := ITEM.match(lines.line(n)))}
    return not items & {value - 1, value + 1}


def _belongs(lines: Lines, k: int) -> bool:
    """Whether the line is the rest of a sentence, for it closes what it did not open, or heads an annex."""
    return bool(lines.wanted[k] or lines.bracket_wanted[k]) or ANNEX.search(lines.texts[k]) is not None


def _among_cells(lines: Lines, k: int) -> bool:
    """Whether a bare number stands among other short lines, as the cells of a table do."""
    if not lines.texts[k].isdigit() or k + 1 >= len(lines):
        return False
    around = [n for n in (k - 2, k - 1, k + 1, k + 2) if 0 < n < len(lines)]
    return all(lines.size[n] <= LONGEST_CELL and lines.end[n] > QUOTED for n in around)
