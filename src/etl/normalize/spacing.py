"""Tell the spaces that a line means from stray ones.

A gap is white space between two Chinese characters, or between one and a bracket. A text counts as undamaged
until it shows otherwise, so a gap is stray only where it tears a word (防 控), or where the whole report is
strewn with gaps that tear words. Behind the number of an article or a heading it is never stray. A new kind
of meant space is one more pattern in `_NAMES` or in `etl.text.numbering`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import rjieba

from etl.normalize.context import HAN_CLASS
from etl.text.bylines import CREDIT_LABELS
from etl.text.expressions import compiled
from etl.text.folding import simplify
from etl.text.numbering import BEFORE_SPACE, COUNT_SIGNS

_BLANK = " \u3000"
_CLOSES, _OPENS = "”’）》」』】", "“‘（《「『【"
GAP = compiled(f"[{_BLANK}](?<=[{HAN_CLASS}{_CLOSES}].)[{_BLANK}]*(?=[{HAN_CLASS}{_OPENS}])")
# A line with these is running text; a short line that has only commas may be a headline.
_SENTENCE = compiled("[。；]|[。！？…；：，]”?$|(?s:^.{60,}$)")
_COMMA = compiled("[，。；]")
_SAID = compiled("[。！？；]”?$")
_OPENING, _CLOSING = compiled(f"[{_OPENS}]"), compiled(f"[{_CLOSES}]")
_REMARK = compiled("（[^（）]{0,40}）")
_BLANKS = compiled(f"[{_BLANK}]+")

_DATED = compiled(f"(?<=[{COUNT_SIGNS}][年月日時时])")
_HEADING = compiled(f"(?:第[{COUNT_SIGNS}]+[{HAN_CLASS}]{{1,2}}[{_BLANK}]+)?.[{_BLANK}]+.")

# Four names or more in a row (fewer may be strays), several that fill brackets, one behind a label.
_NAME = f"[{HAN_CLASS}·]{{2,4}}(?:（[^（）]{{1,12}}）)?"
_NAMES = compiled(
    f"(?<![{HAN_CLASS}])(?:{_NAME}[{_BLANK}]+){{3,}}[{HAN_CLASS}·]{{2,4}}(?![{HAN_CLASS}])"
    f"|（(?:{_NAME}[{_BLANK}]+)+[{HAN_CLASS}·]{{2,4}}）"
    f"|(?:{CREDIT_LABELS})(?:[{_BLANK}]+[{HAN_CLASS}]{{2,4}})+(?![{HAN_CLASS}])"
)
_DATELINE = compiled(
    f"^.{{0,40}}(?:[日社](?:专|專)?[电電]|讯|訊|报道|報道)(?:（[^（）]{{1,30}}）)?[{_BLANK}]+"
)
_QUOTED = compiled(
    "“[^“”\n]{4,60}”|《[^《》\n]{4,80}》|「[^「」\n]{4,60}」|【[^【】\n]{4,60}】|‘[^‘’\n]{4,60}’"
)
# The lengths and shares below were set by hand with laws, a gazette and records in view; decision 0030 counts
# what they take out of texts that nobody had looked at.
# A half of a headline is at least this long (longer where commas show that it may be a sentence), and
# none begins with a word that leans on what is before.
_HALF, _HALF_OF_SLOGAN, _HALF_OF_CLAUSE = 2, 3, 4
_NAME_LENGTH = (2, 4)
# Characters on either side that tell where words end.
_WINDOW = 16
_LEANING = frozenset("的了着们")
# A list has at most one long cell in so many gaps.
_LONG_CELLS = 5
# A label at the start of a line is shorter than this; print sets its letters apart.
_LABEL = 3
# A report is strewn with gaps where so many of its sentences' gaps tear words, and one in so many.
_TORN, _TORN_SHARE = 2, 5


@dataclass(frozen=True, slots=True)
class _Gap:
    """White space at ``start:end`` with the lengths of the stretches beside it, up to the next gaps."""

    start: int
    end: int
    left: int
    right: int


def stray_gaps(line: str, *, strewn: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the spans of the stray gaps of one line, in order.

    Args:
        line: one line.
        strewn: the report is strewn with stray gaps, see `is_strewn`.

    >>> list(stray_gaps("万里长江 焕发新活力")), list(stray_gaps("全力做好防 控工作。"))
    ([], [(5, 6)])
    """
    gaps = _gaps(line)
    if not gaps:
        return
    stray = frozenset(_torn(line, gaps))
    if strewn:
        stray |= frozenset(gaps) - _meant(line, gaps)
    numbered = {m.end() for m in BEFORE_SPACE.finditer(line)}
    yield from ((gap.start, gap.end) for gap in gaps if gap in stray and gap.start not in numbered)


def is_strewn(texts: Iterable[str]) -> bool:
    """Check whether gaps tear words all over the sentences of a report.

    >>> is_strewn(["县委书 记走进村 里，同大家座 谈。"]), is_strewn(["书店 诗社，各有三家。"])
    (True, False)
    """
    torn = every = 0
    for text in texts:
        if " " not in text and "\u3000" not in text:
            continue
        for line in text.split("\n"):
            if _SENTENCE.search(line) and (gaps := _inner_gaps(line)):
                every += len(gaps)
                torn += len(_torn(line, gaps))
    return torn >= _TORN and torn * _TORN_SHARE >= every


def _inner_gaps(line: str) -> Sequence[_Gap]:
    """Return the gaps between ideographs of a sentence; none in a label (主 旨：), a list or among names."""
    gaps = _gaps(line)
    if _is_list(gaps):
        return ()
    numbered, names = {m.end() for m in BEFORE_SPACE.finditer(line)}, _kept_in_sentence(line)
    begun = (g for g in gaps if g.start >= _LABEL)
    inner = [g for g in begun if line[g.start - 1] not in _CLOSES and line[g.end] not in _OPENS]
    return [g for g in inner if g.start not in numbered and not _holds(names, g)]


def _torn(line: str, gaps: Sequence[_Gap]) -> list[_Gap]:
    """Return the gaps that cannot be meant: they part a word, or a round bracket from its sentence.

    A wide one sets two characters apart on purpose (时　间, 王　强), and so does any in a heading of two
    characters (总 则, also behind its number) or in a list.
    """
    if _is_list(gaps) or _is_row(gaps) or _HEADING.fullmatch(line):
        return []
    prose, names = _COMMA.search(line) is not None, _kept_in_sentence(line)
    narrow = (gap for gap in gaps if not _is_wide(line, gap) and not _holds(names, gap))
    return [gap for gap in narrow if _is_torn(line, gap, prose=prose)]


def _is_wide(line: str, gap: _Gap) -> bool:
    return gap.end - gap.start > 1 or line[gap.start] == "\u3000"


def _is_torn(line: str, gap: _Gap, *, prose: bool) -> bool:
    left, right = line[gap.start - 1], line[gap.end]
    if left in _CLOSES or right in _OPENS:
        return (prose or _SAID.search(line) is not None) and (left == "）" or right == "（")
    if _DATED.match(line, gap.start) or (left in "年月日時时" and right in "月日時时分"):
        return False  # the day of something, or a form to fill in
    return (prose or not _is_short(gap)) and _tears_word(line, gap)


def _meant(line: str, gaps: Sequence[_Gap]) -> frozenset[_Gap]:
    """Return the gaps that a line of a strewn report means: in a list, among names, between two halves."""
    bare = _REMARK.sub("", line)
    if _is_list(gaps):
        return frozenset(gaps)
    if _COMMA.search(bare) and _SENTENCE.search(bare):
        names, quoted = _kept_in_sentence(line), tuple(m.span() for m in _QUOTED.finditer(line))
        return frozenset(
            g
            for g in gaps
            if _holds(names, g) or (_holds(quoted, g) and _parts_halves(line, g, _HALF_OF_SLOGAN))
        )
    half = _HALF_OF_CLAUSE if _COMMA.search(bare) else _HALF
    return frozenset(g for g in gaps if g.end - g.start > 1 or _is_short(g) or _parts_halves(line, g, half))


def _is_list(gaps: Sequence[_Gap]) -> bool:
    """Check whether gaps part names or the cells of a table: at most one in five is beside a long stretch."""
    return sum(not _is_short(gap) for gap in gaps) * _LONG_CELLS <= len(gaps)


def _is_row(gaps: Sequence[_Gap]) -> bool:
    """Check whether gaps part single characters all along the line: cells, unless they make words."""
    return len(gaps) > 1 and all(gap.left == gap.right == 1 for gap in gaps)


def _gaps(line: str) -> list[_Gap]:
    spans = [m.span() for m in GAP.finditer(line)]
    if not spans:
        return []
    edges = [0, *(end for _, end in spans)]
    cells = [line[a:b] for a, b in zip(edges, [*(start for start, _ in spans), len(line)], strict=True)]
    lengths = [len(_REMARK.sub("", cell)) for cell in cells]
    return [
        _Gap(*span, left, right) for span, left, right in zip(spans, lengths[:-1], lengths[1:], strict=True)
    ]


def _kept_in_sentence(line: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a sentence in which spaces are meant: rows of names, the end of a dateline."""
    found = [m.span() for m in _NAMES.finditer(line)]
    if dateline := _DATELINE.match(line):
        found.append((dateline.end() - 1, dateline.end()))
    return tuple(sorted(found))


def _holds(spans: Sequence[tuple[int, int]], gap: _Gap) -> bool:
    """Check whether one of the spans, which are in order and apart, holds the gap."""
    index = bisect_right(spans, gap.start, key=lambda span: span[0]) - 1
    return index >= 0 and gap.end <= spans[index][1]


def _is_short(gap: _Gap) -> bool:
    """Check whether a gap is between two stretches as long as a name or the cell of a table."""
    return _NAME_LENGTH[0] <= gap.left <= _NAME_LENGTH[1] and _NAME_LENGTH[0] <= gap.right <= _NAME_LENGTH[1]


def _parts_halves(line: str, gap: _Gap, half: int) -> bool:
    """Check whether a gap has ``half`` characters or more on both sides, and no word leans over it."""
    left, right = _beside(line, gap)
    if min(gap.left, gap.right, len(left), len(right)) < half or line[gap.end] in _LEANING:
        return False
    return not _tears_word(line, gap)


def _tears_word(line: str, gap: _Gap) -> bool:
    """Check whether a word spans the gap, and a single character stands beside it: 防 控, not 持续 得州."""
    left, right = _beside(line, gap)
    at = 0
    for word in _words(left + right):
        at += len(word)
        if at >= len(left):
            return at > len(left) and (len(_words(left)[-1]) == 1 or len(_words(right)[0]) == 1)
    return False


def _beside(line: str, gap: _Gap) -> tuple[str, str]:
    """Return what stands left and right of a gap, without blanks, up to `_WINDOW` characters or a bracket."""
    left = _OPENING.split(_BLANKS.sub("", line[max(0, gap.start - _WINDOW) : gap.start]))[-1]
    return left, _CLOSING.split(_BLANKS.sub("", line[gap.end : gap.end + _WINDOW]))[0]


def _words(text: str) -> list[str]:
    """Cut a text into words of the dictionary; unknown words are not guessed, since guesses bridge gaps."""
    words: list[str] = rjieba.cut(simplify(text), False)  # noqa: FBT003 - the library names no arguments
    return words
