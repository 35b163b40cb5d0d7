"""Find notes, captions and marks of continuation that a page set between the halves of a sentence.

Notes and captions belong to the article: they are taken out while the halves are joined, and put behind the
paragraph afterwards. A mark such as 下转第3版 is dropped where the text was joined as it says. A new
kind is one more question in `is_float`.
"""

import re
from dataclasses import dataclass

import numpy as np

from etl.repair.layout.chars import CLOSING_QUOTE
from etl.repair.layout.lines import JOINED, Bools, Floats, Lines
from etl.repair.layout.stats import LayoutStats, cut_lines
from etl.structure import is_caption, is_continuation, is_footnote
from etl.text.expressions import compiled

FIRSTS = frozenset("─━—―－_=-[〔［注註*＊※图圖表▲△▼▽▶◀（(【→转轉接下上")
RULE = compiled("[─━—―－_=-]{4,}")  # over the notes of a page
NOTED = compiled("[①-⑳*＊※注註]|[（(\\[〔][0-9一二三四五六七八九十]{1,2}[）)\\]〕]")  # begins a note
CREDITS = frozenset("摄攝")
ONWARD = re.compile("[转轉]|下接")
# Set by hand on printed pages (docs/decisions/0035).
LONGEST_FLOAT = 120  # characters of a note or caption
MOST_PAIRS = 16  # pairs of marks; more pieces would have to be put in order


@dataclass(frozen=True, slots=True)
class NonBody:
    """The lines of a report that are not its body text; arrays have one entry a line.

    Attributes:
        furniture: how sure it is that the page printed the line (0 to 1), see `find_furniture`.
        dropped: it is removed as furniture.
        floats: it is a note or caption that is put behind the paragraph in which it stood.
    """

    furniture: Floats
    dropped: Bools
    floats: Bools


def find_floats(lines: Lines, stats: LayoutStats, dropped: Bools) -> Bools:
    """Return which lines [lines] are notes, captions or marks of continuation behind a line that was cut."""
    out, cut = np.zeros(len(lines), np.bool_), cut_lines(lines, stats)
    before = -1
    for k in range(len(lines)):
        if dropped[k]:
            continue
        if (k and out[k - 1] and _completes(lines, k)) or (
            before >= 0
            and (lines.texts[k][0] in FIRSTS or lines.texts[k][-1] in CREDITS)
            and cut[before]
            and is_float(lines.line(k))
        ):
            out[k] = k < len(lines) - 1
        else:
            before = k
    return out


def continued(lines: Lines) -> list[tuple[int, int]]:
    """Pair marks of continuation, 下转第3版 with 上接第1版, by index of lines; [] where they do not pair.

    More than `MOST_PAIRS` also give [], since too many pieces would have to be put in order.
    """
    likely = [k for k in range(1, len(lines) - 1) if lines.texts[k][0] in FIRSTS]
    marks = [k for k in likely if is_continuation(lines.line(k))]
    onward = [k for k in marks if ONWARD.search(lines.texts[k])]
    back = [k for k in marks if k not in onward]
    if not len(onward) == len(back) <= MOST_PAIRS or any(b < a for a, b in zip(onward, back, strict=True)):
        return []
    return list(zip(onward, back, strict=True))


def is_float(line: str) -> bool:
    """Check whether a line is a footnote, the rule over notes, a caption or a mark of continuation."""
    if RULE.fullmatch(line):
        return True
    return len(line) <= LONGEST_FLOAT and (is_footnote(line) or is_continuation(line) or is_caption(line))


def _completes(lines: Lines, k: int) -> bool:
    """Check whether line ``k`` goes with the float before it: below a rule, in its word or bracket."""
    if RULE.fullmatch(lines.line(k - 1)) and NOTED.match(lines.line(k)):
        return True
    if lines.end[k - 1] <= CLOSING_QUOTE:
        return False
    bracketed = lines.open_brackets[k - 1] and lines.unmatched_brackets[k]
    return bool(lines.line_end_states[k - 1] == JOINED or bracketed)
