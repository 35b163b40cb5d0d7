"""Tell the spaces that a line means from those that strayed into it.

A gap is white space between two Chinese characters (or a closing and an opening mark). In a sentence
it strayed, unless it stands in a slogan or title in quotation marks, behind a date line, or in a list
of names; in a line without a sentence's marks it is meant where it parts words. A new kind of meant
space is a new pattern here, tried in `_is_meant`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rjieba

from etl.normalize.context import HAN_CLASS

_BLANK = " \u3000"
_LEFT = f"{HAN_CLASS}”’）》」』】"
_RIGHT = f"{HAN_CLASS}“‘（《「『【"
GAP = re.compile(f"(?<=[{_LEFT}])[{_BLANK}]+(?=[{_RIGHT}])")
# A line with these is running text; a short line that has only commas may be a headline.
_SENTENCE = re.compile("[。；]|[。！？…；：，]”?$|(?s:^.{60,}$)")
_COMMA = re.compile("[，。；]")
_OPENING, _CLOSING = re.compile("[（《“‘「『【]"), re.compile("[）》”’」』】]")
_ASIDE = re.compile("（[^（）]{0,40}）")
_BLANKS = re.compile(f"[{_BLANK}]+")

# Four names or more in a row (fewer may be strays), several that fill brackets, one behind a label.
_NAME = f"[{HAN_CLASS}·]{{2,4}}(?:（[^（）]{{1,12}}）)?"
_NAMES = re.compile(
    f"(?<![{HAN_CLASS}])(?:{_NAME}[{_BLANK}]+){{3,}}[{HAN_CLASS}·]{{2,4}}(?![{HAN_CLASS}])"
    f"|（(?:{_NAME}[{_BLANK}]+)+[{HAN_CLASS}·]{{2,4}}）"
    f"|(?:记者|記者|通讯员|通訊員|编辑|編輯|作者|摄影|攝影|供稿)(?:[{_BLANK}]+[{HAN_CLASS}]{{2,4}})+(?![{HAN_CLASS}])"
)
_DATELINE = re.compile(
    f"^.{{0,40}}(?:[日社](?:专|專)?[电電]|讯|訊|报道|報道)(?:（[^（）]{{1,30}}）)?[{_BLANK}]+"
)
_QUOTED = re.compile(
    "“[^“”\n]{4,60}”|《[^《》\n]{4,80}》|「[^「」\n]{4,60}」|【[^【】\n]{4,60}】|‘[^‘’\n]{4,60}’"
)
# A half of a headline is at least this long (longer where commas show that it may be a sentence), and
# none begins with a word that leans on what is before.
_HALF, _HALF_OF_SLOGAN, _HALF_OF_CLAUSE = 2, 3, 4
_NAME_LENGTH = (2, 4)
# Characters on either side that tell where words end.
_WINDOW = 16
_LEANING = frozenset("的了着们")
# A list has at least so many gaps, and at most one long cell in so many.
_LIST, _LONG_CELLS = 5, 5


@dataclass(frozen=True, slots=True)
class _Gap:
    """White space at ``start:end`` with the lengths of the stretches beside it, up to the next gaps."""

    start: int
    end: int
    left: int
    right: int


def stray_gaps(line: str) -> Iterator[tuple[int, int]]:
    """The gaps of one line that do not belong, in order.

    >>> list(stray_gaps("万里长江 焕发新活力")), list(stray_gaps("关 于 防 疫 的 通 知"))[:2]
    ([], [(1, 2), (3, 4)])
    """
    gaps = _gaps(line)
    if not gaps:
        return
    # Letters go together first: what parts the words that they make is asked in the next round.
    stray = _letter_spaced(gaps) or frozenset(gaps) - _meant(line, gaps)
    yield from ((gap.start, gap.end) for gap in gaps if gap in stray)


def _meant(line: str, gaps: Sequence[_Gap]) -> frozenset[_Gap]:
    """The gaps that part what the line wants apart."""
    bare = _ASIDE.sub("", line)
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
    """Names, or cells of a table: all stretches short, or nearly all where there are many."""
    long = sum(not _is_short(gap) for gap in gaps)
    return long == 0 or (len(gaps) >= _LIST and long * _LONG_CELLS <= len(gaps))


def _gaps(line: str) -> list[_Gap]:
    spans = [m.span() for m in GAP.finditer(line)]
    if not spans:
        return []
    edges = [0, *(end for _, end in spans)]
    cells = [line[a:b] for a, b in zip(edges, [*(start for start, _ in spans), len(line)], strict=True)]
    lengths = [len(_ASIDE.sub("", cell)) for cell in cells]
    return [
        _Gap(*span, left, right) for span, left, right in zip(spans, lengths[:-1], lengths[1:], strict=True)
    ]


def _letter_spaced(gaps: Sequence[_Gap]) -> frozenset[_Gap]:
    """Gaps between single characters: 通 知. Where two widths occur, the wider ones part words."""
    single = [gap for gap in gaps if gap.left == 1 and gap.right == 1]
    if not single:
        return frozenset()
    width = min(gap.end - gap.start for gap in single)
    return frozenset(gap for gap in single if gap.end - gap.start == width)


def _kept_in_sentence(line: str) -> tuple[tuple[int, int], ...]:
    """Stretches of a sentence in which spaces are meant."""
    found = [m.span() for m in _NAMES.finditer(line)]
    if dateline := _DATELINE.match(line):
        found.append((dateline.end() - 1, dateline.end()))
    return tuple(sorted(found))


def _holds(spans: Sequence[tuple[int, int]], gap: _Gap) -> bool:
    """Whether one of the spans, which are in order and apart, holds the gap."""
    index = bisect_right(spans, gap.start, key=lambda span: span[0]) - 1
    return index >= 0 and gap.end <= spans[index][1]


def _is_short(gap: _Gap) -> bool:
    """Between two stretches as long as a name or the cell of a table."""
    return _NAME_LENGTH[0] <= gap.left <= _NAME_LENGTH[1] and _NAME_LENGTH[0] <= gap.right <= _NAME_LENGTH[1]


def _parts_halves(line: str, gap: _Gap, half: int) -> bool:
    """Long enough on both sides, and not inside a word.

    A word across the gap speaks against it, unless both sides have words of their own there: 持续 得州, but
    not 防 控.
    """
    left = _OPENING.split(_BLANKS.sub("", line[max(0, gap.start - _WINDOW) : gap.start]))[-1]
    right = _CLOSING.split(_BLANKS.sub("", line[gap.end : gap.end + _WINDOW]))[0]
    if min(gap.left, gap.right, len(left), len(right)) < half or line[gap.end] in _LEANING:
        return False
    at = 0
    for word in _words(left + right):
        at += len(word)
        if at >= len(left):
            return at == len(left) or (len(_words(left)[-1]) > 1 and len(_words(right)[0]) > 1)
    return True


def _words(text: str) -> list[str]:
    """Words of the dictionary; none is guessed, since guesses like to bridge gaps."""
    words: list[str] = rjieba.cut(text, False)  # noqa: FBT003 - the library names no arguments
    return words
