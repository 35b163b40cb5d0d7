"""The lines of a raw text and how they were set: hard-wrapped or not, and how paragraphs are marked.

A new way of marking paragraphs is one more value of `Style` and a case in `_style`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from etl.structure import ends_sentence, is_row

# A line runs from its first visible character to the next line or page end. Zero-width marks show nothing.
_INVISIBLE = r"\s\u200b\ufeff"
_LINE = re.compile(rf"[^{_INVISIBLE}][^\n\f\v\x1c-\x1e\x85\u2028\u2029]*")
_TRAILING = re.compile(rf"[{_INVISIBLE}]+\Z")
_LINE_END = re.compile(r"[\n\f\v\x1c-\x1e\x85\u2028\u2029]")
_INNER_MARK = re.compile(r"[，。；、,;：:！？].")
_TOKEN = re.compile(r"[A-Za-z0-9.,%]+")

_LEAST_WIDTH, _GREATEST_WIDTH = 12, 64  # narrower lines are verse or a list, wider ones are paragraphs
_LEAST_LINES = 5
_BAND = 2  # characters by which set lines differ, for marks that may not begin a line
_FULL_SHARE = 0.45  # of all lines: a wrapped paragraph has some three lines, of which one is short
_LONG_SHARE = 0.04
_OPEN_SHARE = 0.55  # full lines of prose end in mid-sentence; those of verse and lists do not
_MARKED_SHARE = 0.5
_ROW_SHARE = 0.25  # of full lines: beyond that it is a table or a contents page


class Line(NamedTuple):
    """One visible line: ``raw[start:end] == text``, and the white space before it.

    Attributes:
        newlines: line ends between this line and the one before, at least 1.
        page: whether a page ends there, by a form feed or because the format says so.
        indent: columns of white space before the text; a full-width space has two.
    """

    start: int
    end: int
    text: str
    newlines: int
    page: bool
    indent: int


class Style(Enum):
    """How the paragraphs of a text are told apart."""

    BLANK = "blank lines"
    INDENT = "indentation"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text was set.

    Attributes:
        width: characters in a full line; 0 where lines are not hard-wrapped.
        style: how paragraphs are told apart.
        newlines: line ends between two lines of a paragraph (wrapped) or two paragraphs (not wrapped).
    """

    width: int
    style: Style
    newlines: int

    def fills(self, line: str, following: str) -> bool:
        """Whether a wrapped line is as full as it could be: what follows would not have fitted."""
        token = _TOKEN.match(following)
        return len(line) + (len(token[0]) if token else 1) > self.width - _BAND


def split(text: str, breaks: Sequence[int] = ()) -> list[Line]:
    """The visible lines of a text; ``breaks`` are offsets at which the format says that a page ends."""
    lines: list[Line] = []
    pages = sorted(breaks, reverse=True)
    before = 0
    for found in _LINE.finditer(text):
        start, line = found.start(), found[0]
        if line[-1].isspace() or line[-1] in "\u200b\ufeff":
            line = _TRAILING.sub("", line)
        newlines, page, indent = 1, False, 0
        if start - before != 1 or pages:
            newlines, page, indent = _gap(text[before:start])
        while pages and pages[-1] <= start:
            page = pages.pop() >= before or page
        before = start + len(line)
        lines.append(Line(start, before, line, newlines, page, indent))
    return lines


def layout(lines: Sequence[Line]) -> Layout:
    """How these lines were set, estimated from their lengths and the gaps between them."""
    width = _width([line.text for line in lines])
    if not width:
        usual = Counter(line.newlines for line in lines[1:] if not line.page).most_common(1)
        return Layout(0, Style.NONE, usual[0][0] if usual else 1)
    return _wrapped(lines, Layout(width, Style.NONE, 1))


def _gap(gap: str) -> tuple[int, bool, int]:
    """Line ends, page end and indentation in the white space before a line."""
    last = max((found.end() for found in _LINE_END.finditer(gap)), default=0)
    margin = gap[last:]
    return max(1, gap.count("\n")), "\f" in gap, len(margin) + margin.count("　")


def _width(texts: Sequence[str]) -> int:
    """The length that most lines share, where the text looks like wrapped prose; else 0."""
    lengths = Counter(map(len, texts))
    total = len(texts)
    if total < _LEAST_LINES:
        return 0
    width = max(
        range(_LEAST_WIDTH, _GREATEST_WIDTH + 1),
        key=lambda w: sum(lengths[w + d] for d in range(-_BAND, _BAND + 1)) + lengths[w],
    )
    longer = sum(count for length, count in lengths.items() if length > width + _BAND + 1)
    full = [text for text in texts if abs(len(text) - width) <= _BAND]
    if len(full) < max(_LEAST_LINES - 1, _FULL_SHARE * total) or longer > max(1, _LONG_SHARE * total):
        return 0
    open_ends = sum(text[-1].isalnum() for text in full)
    marked = sum(bool(_INNER_MARK.search(text)) for text in full)
    if sum(map(is_row, full)) > _ROW_SHARE * len(full):
        return 0
    prose = open_ends >= _OPEN_SHARE * len(full) and marked >= _MARKED_SHARE * len(full)
    return width if prose else 0


def _wrapped(lines: Sequence[Line], plain: Layout) -> Layout:
    """Add to a wrapped layout how its paragraphs are told apart.

    A mark counts only where it stands after paragraphs and not inside them: a text with every line
    indented, or with a blank line after each, tells nothing by it.
    """
    inside: list[Line] = []
    after: list[Line] = []
    for line, following in pairwise(lines):
        if plain.fills(line.text, following.text):
            if not ends_sentence(line.text):
                inside.append(following)
        elif ends_sentence(line.text):
            after.append(following)
    usual = Counter(line.newlines for line in inside).most_common(1)
    newlines = usual[0][0] if usual else 1
    return Layout(plain.width, _style(inside, after, newlines), newlines)


def _style(inside: Sequence[Line], after: Sequence[Line], newlines: int) -> Style:
    marks = {
        Style.INDENT: lambda line: line.indent > 1,
        Style.BLANK: lambda line: line.newlines > newlines,
    }
    for style, marked in marks.items():
        paragraphs, wraps = sum(map(marked, after)), sum(map(marked, inside))
        if after and paragraphs >= _MARKED_SHARE * len(after) and wraps <= _MARKED_SHARE / 2 * len(inside):
            return style
    return Style.NONE
