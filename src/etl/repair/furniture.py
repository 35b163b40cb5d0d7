"""Which lines are page furniture: running headers and footers, page numbers, continuation marks.

Furniture is known by what it is (a line that repeats from page to page, a number that counts up, a short line
between the halves of a sentence), never by its words. A new sign of it is one more column in `describe`;
then the combiners are trained again.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from etl.repair.chars import classes
from etl.repair.lines import Floats, Lines
from etl.repair.scores import Scores
from etl.repair.sheet import FULL_SLACK, Sheet, numbering
from etl.repair.witness import INNER, NUMBER_SHAPES, REPEATED, RUNS, parts, weigh

LONGEST = 40
OWN_NUMBER = re.compile(r"[一二三四五六七八九十百]{1,4}、|（[一二三四五六七八九十百]{1,4}）")
EDGE_NUMBER = re.compile(r"^.{0,3}#|#.{0,4}$")
ISSUE = re.compile(r"期|年.{0,6}月|(?:19|20)[0-9]{2}[.·/年-]")
CONTINUED = re.compile(r"[（(【]?(?:下转|上接|转第|接第)[^，。]{0,12}[版页][^，。]{0,6}[）)】]?")
Index = npt.NDArray[np.intp]
Model = Callable[[Floats], Floats]
SENTENCE = classes(0, 1, 3, 4, 5, 6)
LEAST_NAME, LONGEST_NUMBER, GREATEST, STEP = 4, 5, 3000, 2


def candidates(lines: Lines, sheet: Sheet) -> list[int]:
    """Lines that might be furniture: short, no sentence, and in some way unlike their neighbours.

    A line with a comma in it comes again or has words of the title; else it is a sentence.
    """
    short = (lines.size <= LONGEST) & ~SENTENCE[lines.end]
    if not short[1:].any():
        return []
    before = (lines.gap > sheet.gap) | (lines.feed > 0)
    after = np.append(before[1:], True)
    loose = before | after
    if sheet.wrapped:  # the first and last lines of paragraphs are loose on one side
        loose &= (sheet.width - lines.size > FULL_SLACK) | (before & after)
    picked = [k for k in np.flatnonzero(short).tolist() if k > 0]
    keys = [RUNS.sub("#", lines.texts[k]) for k in picked]
    count = Counter(keys)
    title = lines.texts[sheet.marks.heads] if len(lines) else ""
    stands = loose.tolist()
    found = [
        k
        for k, key in zip(picked, keys, strict=True)
        if (stands[k] or count[key] > 1 or _odd(key, title) or parts(lines, sheet, k))
        and not OWN_NUMBER.match(key)
        and (count[key] > 1 or not INNER.search(key) or RUNS.sub("", lines.texts[k]) in title)
    ]
    edges = sheet.marks.edges - {0}
    return found if edges <= set(found) else sorted({*found, *edges})


def _odd(key: str, title: str) -> bool:
    """Whether a line that stands close among others is worth a look all the same."""
    counted = "#" in key and EDGE_NUMBER.search(key)
    return bool(key.isascii() or counted or (len(key) >= LEAST_NAME and key in title))


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
    words = np.array([_words(t, lines.texts[sheet.marks.heads]) for t in texts], np.float32)
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
    found: Floats = np.exp(model(describe(lines, sheet, picked, scores))[:, 1])
    heads = {*lines.texts[: sheet.marks.heads]} - {lines.texts[sheet.marks.heads]}
    marked = [k in sheet.marks.edges or lines.texts[k] in heads for k in picked]
    found[marked] = np.maximum(found[marked], REPEATED)
    out = weigh(lines, sheet, picked, found, scores)
    out[marked] = np.maximum(out[marked], REPEATED)
    return out


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
