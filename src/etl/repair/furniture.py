"""Which lines are page furniture: running headers and footers, page numbers, continuation marks.

Furniture is known by what it is (a line that repeats from page to page, a number that counts up, a short line
between the halves of a sentence), never by its words. A new sign of it is one more column in `describe`.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from etl.repair.lines import Floats, Lines, classes
from etl.repair.scores import Scores
from etl.repair.sheet import FULL_SLACK, Sheet, numbering
from etl.structure import is_heading

LONGEST = 40
OWN_NUMBER = re.compile(r"[一二三四五六七八九十百]{1,4}、|（[一二三四五六七八九十百]{1,4}）")
EDGE_NUMBER = re.compile(r"^.{0,3}#|#.{0,4}$")
RUNS = re.compile(r"[0-9０-９]+")
NUMBER_SHAPES = (
    re.compile(r"[0-9０-９]{1,4}"),
    re.compile(r"[-—–－·•~～\[【(（|P.]{0,3}[0-9０-９]{1,4}[-—–－·•~～\]】)）|.]{0,3}"),
    re.compile(
        r"[-—]?第[0-9〇零一二三四五六七八九十百]{1,5}[页版](?:[，/]?共[0-9〇一二三四五六七八九十百]{1,5}页)?[-—]?|(?:Page|page|PAGE|P|p)[.]?[0-9]{1,4}"
    ),
    re.compile(r"[0-9]{1,4}/[0-9]{1,4}"),
)
ISSUE = re.compile(r"期|年.{0,6}月|(?:19|20)[0-9]{2}[.·/年-]")
CONTINUED = re.compile(r"[（(【]?(?:下转|上接|转第|接第)[^，。]{0,12}[版页][^，。]{0,6}[）)】]?")
Index = npt.NDArray[np.intp]
Model = Callable[[Floats], Floats]
SENTENCE = classes(0, 1, 3, 4, 5, 6)
QUOTED, SHORTEST_CUT, LONGEST_CELL, SPACING = 2, 20, 12, 120
REPEATED, LEAST_SHOWN = np.float32(0.97), 0.3
INNER, YEAR, DATED = re.compile("[，。；、]"), re.compile("[0-9]{4}年(?!.*[期日])"), "#年#月#日"
LONGEST_LONE, LEAST_TORN, TORN = 30, np.float32(1.5), np.float32(0.9)
LEAST_NAME, LONGEST_NUMBER, GREATEST, STEP = 4, 5, 3000, 2


def candidates(lines: Lines, sheet: Sheet) -> list[int]:
    """Lines that might be furniture: short, no sentence, and in some way unlike their neighbours.

    A line with a comma in it comes again or has words of the title; else it is a sentence.
    """
    short = (lines.size <= LONGEST) & ~SENTENCE[lines.end]
    before = (lines.gap > sheet.gap) | (lines.feed > 0)
    after = np.append(before[1:], True)
    loose = before | after
    if sheet.wrapped:  # the first and last lines of paragraphs are loose on one side
        loose &= (sheet.width - lines.size > FULL_SLACK) | (before & after)
    picked = [int(k) for k in np.flatnonzero(short) if k > 0]
    keys = [RUNS.sub("#", lines.texts[k]) for k in picked]
    count = Counter(keys)
    title = lines.texts[0] if len(lines) else ""
    return [
        k
        for k, key in zip(picked, keys, strict=True)
        if (loose[k] or count[key] > 1 or _odd(key, title) or _parts(lines, sheet, k))
        and not OWN_NUMBER.match(key)
        and (count[key] > 1 or not INNER.search(key) or RUNS.sub("", lines.texts[k]) in title)
    ]


def _odd(key: str, title: str) -> bool:
    """Whether a line that stands close among others is worth a look all the same."""
    return bool(key.isascii() or EDGE_NUMBER.search(key) or (len(key) >= LEAST_NAME and key in title))


def _parts(lines: Lines, sheet: Sheet, k: int) -> bool:
    """Whether the line stands behind one that breaks off, and could not be one of its paragraph."""
    if sheet.wrapped and sheet.width - lines.size[k] <= FULL_SLACK and not _lone(lines, sheet, k):
        return False
    text = lines.texts[k]
    short = len(text) <= LONGEST_LONE and not YEAR.match(text) and not INNER.search(text)
    return bool(short and _breaks_off(lines, sheet, k - 1))


def _lone(lines: Lines, sheet: Sheet, k: int) -> bool:
    return k + 1 < len(lines) and bool(lines.gap[k] > sheet.gap and lines.gap[k + 1] > sheet.gap)


def _breaks_off(lines: Lines, sheet: Sheet, k: int) -> bool:
    if lines.end[k] <= QUOTED:
        return False
    if sheet.wrapped:
        return bool(sheet.width - lines.size[k] <= FULL_SLACK)
    return bool(lines.size[k] >= SHORTEST_CUT and not is_heading(lines.line(k)))


def torn(lines: Lines, sheet: Sheet, picked: Sequence[int], scores: Scores) -> Floats:
    """How much more likely the halves around each candidate meet than either meets it; below 0 elsewhere."""
    out = np.full(len(picked), np.float32(-1))
    asked = [n for n, k in enumerate(picked) if k < len(lines) - 1 and _parts(lines, sheet, k)]
    if asked:
        here = np.array([picked[n] for n in asked])
        up, down = scores.seams(here - 1, here), scores.seams(here, here + 1)
        meets = scores.seams(here - 1, here + 1)
        out[asked] = np.minimum(meets, meets - np.maximum(up, down) - LEAST_TORN)
    return out


def describe(lines: Lines, sheet: Sheet, picked: Sequence[int], scores: Scores) -> Floats:
    """One row of signs for each candidate."""
    texts = [lines.texts[k] for k in picked]
    keys = [RUNS.sub("#", t) for t in texts]
    repeats, exact = Counter(keys), Counter(texts)
    groups = _groups(picked)
    first = np.array([picked[a] - 1 for a, _ in groups])
    after = np.minimum(np.array([picked[b] + 1 for _, b in groups]), len(lines) - 1)
    here = np.array(picked)
    above, below = here - 1, np.minimum(here + 1, len(lines) - 1)
    seams = scores.seams(
        np.concatenate([above, first, above, here]), np.concatenate([below, after, here, below])
    )
    near, far, up, down = seams.reshape(4, -1)
    last = here == len(lines) - 1
    gap_after = np.where(last, 0, lines.gap[below])
    words = np.array([_words(t, lines.texts[0]) for t in texts], np.float32)
    figures = [
        lines.size[here],
        *words.T,
        [min(repeats[k], 10) for k in keys],
        [min(exact[t], 10) for t in texts],
        *_counting(picked, texts, keys),
        np.minimum(lines.gap[here], 8),
        np.minimum(gap_after, 8),
        lines.gap[here] - sheet.gap,
        gap_after - sheet.gap,
        lines.feed[here],
        np.where(last, 0, lines.feed[below]),
        scores.ends[above], scores.starts[below], near, scores.ends[first], scores.starts[after], far,
        lines.end[above], lines.start[below], lines.end[first], lines.start[after],
        scores.starts[here], scores.ends[here], up, down,
        [b - a for a, b in groups],
        [k - a for k, (a, _) in enumerate(groups)],
        np.minimum(here, 6), np.minimum(len(lines) - 1 - here, 6),
        np.full(len(here), len(picked) / len(lines)),
        lines.end[here], lines.start[here],
        np.minimum(lines.size[above], 60), np.minimum(lines.size[below], 60),
        lines.indent[here],
        *[np.full(len(here), v) for v in (sheet.gap, sheet.full, sheet.mean)],
    ]  # fmt: skip
    return np.stack([np.asarray(f, np.float32) for f in figures], axis=1)


def probabilities(lines: Lines, sheet: Sheet, picked: Sequence[int], scores: Scores, model: Model) -> Floats:
    """For each candidate the probability that it is furniture."""
    found = np.exp(model(describe(lines, sheet, picked, scores))[:, 1])
    known = witnessed(lines, sheet, picked, found)
    halves = torn(lines, sheet, picked, scores)
    return np.where(halves > 0, np.maximum(known, TORN), known)


def witnessed(lines: Lines, sheet: Sheet, picked: Sequence[int], found: Floats) -> Floats:
    """The probabilities, corrected by what tells furniture from headings and cells that look alike.

    Subheads come again and years count up, but between whole paragraphs; furniture stands in a sentence or
    at a page's end, if not each time then in a share of its like.
    """
    out = found.copy()
    shown = np.array([_shown(lines, sheet, k) for k in picked])
    keys = [RUNS.sub("#", lines.texts[k]) for k in picked]
    members: dict[str, list[int]] = {}
    for n, key in enumerate(keys):
        members.setdefault(key, []).append(n)
    for group in members.values():
        share = shown[group].mean()
        fed = all(lines.feed[picked[n]] or _fed_after(lines, picked[n]) for n in group)
        if len(group) > 1 and fed and _spaced(lines, [picked[n] for n in group]):
            out[group] = np.maximum(out[group], REPEATED)
        elif share < LEAST_SHOWN:
            marked = [_marked(lines.texts[picked[n]]) for n in group]
            out[group] = np.where(marked, out[group], 0)
        elif len(group) == 1 and keys[group[0]].startswith(DATED):
            out[group] = 0
    cells = [_among_cells(lines, k) for k in picked]
    return np.where(cells, np.float32(0), out)


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


def _spaced(lines: Lines, group: Sequence[int]) -> bool:
    return all(lines.starts[b] - lines.starts[a] >= SPACING for a, b in pairwise(group))


def _marked(text: str) -> bool:
    """Whether nothing else looks like this: — 12 —, 第3页."""
    return not text.isdigit() and any(shape.fullmatch(text) for shape in NUMBER_SHAPES[1:])


def _among_cells(lines: Lines, k: int) -> bool:
    """Whether a bare number stands among other short lines, as the cells of a table do."""
    if not lines.texts[k].isdigit() or k + 1 >= len(lines):
        return False
    around = [n for n in (k - 2, k - 1, k + 1, k + 2) if 0 < n < len(lines)]
    return all(lines.size[n] <= LONGEST_CELL and lines.end[n] > QUOTED for n in around)


def _groups(picked: Sequence[int]) -> list[tuple[int, int]]:
    """For each candidate the first and last (in `picked`) of the run of neighbours it stands in."""
    out: list[tuple[int, int]] = []
    start = 0
    for k in range(1, len(picked) + 1):
        if k == len(picked) or picked[k] != picked[k - 1] + 1:
            out += [(start, k - 1)] * (k - start)
            start = k
    return out


def _words(text: str, title: str) -> tuple[float, ...]:
    """What the line is made of."""
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isascii() and c.isalpha() for c in text)
    shape = next((n for n, p in enumerate(NUMBER_SHAPES, 1) if p.fullmatch(text)), 0)
    bare = RUNS.sub("", text).strip("-—–·|/~ ")
    held = 0 if len(bare) < LEAST_NAME else 2 if title.startswith(bare) else 1 if bare in title else 0
    return (
        digits / len(text), letters / len(text), shape, held, numbering(text),
        float(ISSUE.search(text) is not None), float(CONTINUED.fullmatch(text) is not None),
    )  # fmt: skip


def _counting(
    picked: Sequence[int], texts: Sequence[str], keys: Sequence[str]
) -> tuple[list[float], list[float], list[float]]:
    """How many neighbours of the same shape count on, how far off the nearest is, and the value."""
    values = [
        int(found.group()) if (found := RUNS.search(t)) and len(found.group()) <= LONGEST_NUMBER else -1
        for t in texts
    ]
    last: dict[str, int] = {}
    steps, apart = [0.0] * len(keys), [99.0] * len(keys)
    for k, key in enumerate(keys):
        if key in last:
            j = last[key]
            if values[k] >= 0 and 0 < values[k] - values[j] <= STEP:
                steps[k] += 1
                steps[j] += 1
            apart[k] = min(apart[k], picked[k] - picked[j])
            apart[j] = min(apart[j], picked[k] - picked[j])
        last[key] = k
    return steps, apart, [float(min(v, GREATEST)) for v in values]
