"""Settle the line ends of a plain text by marks: Markdown's, times of subtitles, blocks of JSON, XML or code.

The reader of plain text asks `line_ends_by_marks`. A new mark is one more alternative of `_MARKED` or
`_BLOCK`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from etl.model.report import LineEnd

# Lines that stand for themselves: headings, rows of tables, lines of JSON, elements of XML, subtitles' times
# with the numbers above them.
_MARKED = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+\S.*|\|.*\|"
    r"|[{}\[\]]{1,4},?|\"[^\"\n]{1,60}\"[ \t]*:.*|[}\]]{1,4}[,;]?"
    r"|<[/!?]?[A-Za-z][^<>\n]*>(?:.*>)?"
    r"|(?:[0-9]{1,5}[ \t]*\n[ \t]*)?[0-9]{1,3}(?::[0-9]{2}){1,2}[,.][0-9]{2,3}[ \t]+-->[ \t]+[0-9][0-9:,.]+.*"
    r")[ \t]*$",
    re.MULTILINE,
)
# Lines before which a paragraph ends: items and quotes; a number between dashes is one of a page.
_BEGINS = re.compile(r"^[ \t]*(?:[-*+][ \t]+(?![0-9]{1,4}[ \t]*[-*+]?[ \t]*$)\S|>).*$", re.MULTILINE)
_BLOCK = re.compile(
    r"^[ \t]*(?P<fence>```|~~~)[^`\n]*$.*?^[ \t]*(?P=fence)[ \t]*$|\A---[ \t]*$.*?^---[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_MARKS = re.compile(r"^[ \t]*[-#|{}\[\]\"<*+>`~]|-->", re.MULTILINE)


def line_ends_by_marks(text: str) -> tuple[LineEnd, ...]:
    r"""Return what marks say of each line end of a text, "end" or "open"; () for a text without marks.

    >>> line_ends_by_marks("前言\n# 第一章\n正文从这里\n开始。")
    ('end', 'end', 'open')
    """
    if not _MARKS.search(text):
        return ()
    at = [found.start() for found in re.finditer("\n", text)]
    out: list[LineEnd] = ["open"] * len(at)
    for first, last in _settled(text):
        for k in range(bisect_left(at, first), bisect_right(at, last)):
            out[k] = "end"
    return tuple(out)


def _settled(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of offsets in which every line end, the outermost included, ends a paragraph."""
    for pattern in (_MARKED, _BLOCK):
        for found in pattern.finditer(text):
            yield found.start() - 1, found.end()
    for found in _BEGINS.finditer(text):
        yield found.start() - 1, found.start() - 1
