"""Markdown without its marks: the words that a reader sees are the raw text.

Marks are stripped before provenance begins, because no rule should take ``#`` or ``**`` for words of
the report. A new mark is one entry in `INLINE` or `LINE`; every pattern must stay linear.
"""

import html
import re

from etl.model import RawReport, Reading
from etl.read.encoding import decode
from etl.read.plain import reading, unify_lines

HEADING = re.compile(r"^ {0,3}#{1,6}(?=[ \t\u3000]|[\u4e00-\u9fff])(.*)$")
UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
FENCE = re.compile(r"^ {0,3}(?:```[^`]*|~~~.*)$")
TABLE_RULE = re.compile(r"^[ \t|:-]+$")
TABLE_ROW = re.compile(r"^[ \t]*\|(.+)\|$")
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*\S+.*$")
MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
MARK = re.compile(r"[*_\[`<~\\&]")

# Marks at the start of a line, in the order in which they nest.
LINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^ {0,3}(?:>[ \t]?)+"), ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?"), ""),
    (re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]*"), ""),
)
# Marks within a line. A star between digits multiplies; it marks nothing.
INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"!?\[([^\[\]\n]+)\]\[[^\[\]\n]*\]"), r"\1"),
    (re.compile(r"\[\^[^\]\s]{1,40}\]"), ""),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]*>"), ""),
    (re.compile(r"(?<!`)(`{1,3})([^`\n]+)\1(?!`)"), r"\2"),
    (re.compile(r"\*\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*\*"), r"\1"),
    (re.compile(r"(?<![\w_])__(?=[^\s_])([^_\n]+)(?<=[^\s_])__(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\d*])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![\d*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+)(?<=[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"~~(?=\S)([^~\n]+)(?<=\S)~~"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read_markdown(raw: RawReport) -> Reading:
    """The words of a Markdown report; headings stand between blank lines.

    Raises:
        RejectError: ``encoding``, ``binary`` or ``blank``.
    """
    decoded = decode(raw.payload)
    return reading(strip_marks(unify_lines(decoded.text)), decoded.encoding)


def strip_marks(text: str) -> str:
    r"""The words of a Markdown text.

    >>> strip_marks("# 通报\n共**三**人，见[附表](a.html)。")
    '\n通报\n\n共三人，见附表。'
    """
    matter = MATTER.match(text) if text.startswith("---") else None
    body = _drop_comments(text[matter.end() :] if matter else text)
    lines = _lines(body.split("\n"))
    title = _title(matter[1]) if matter else ""
    if title and title not in lines:
        lines = [title, "", *lines]
    return "\n".join(lines)


def _title(matter: str) -> str:
    """The title that a block of settings at the start gives, as site generators write it."""
    values = (line[len("title:") :] for line in matter.split("\n") if line.startswith("title:"))
    return next(values, "").strip().strip("\"'")


def _drop_comments(text: str) -> str:
    """The text without ``<!-- -->``; found by hand, as a pattern would take quadratic time."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[position:start])
        position = end + 3
    kept.append(text[position:])
    return "".join(kept)


def _lines(lines: list[str]) -> list[str]:
    out: list[str] = []
    fenced = False
    for line in lines:
        if FENCE.match(line):
            fenced = not fenced
        elif fenced or not line.strip():
            out.append(line)
        elif out and out[-1].strip() and UNDERLINE.match(line):
            out[-1:] = ["", out[-1], ""]
        elif heading := HEADING.match(line):
            out += ["", _inline(_unclosed(heading[1].strip())), ""]
        elif RULE.match(line) or REFERENCE.match(line) or _divides_table(line):
            out.append("")
        else:
            out.append(_line(line))
    return out


def _unclosed(heading: str) -> str:
    """A heading without the marks that close it; those of C# stay."""
    short = heading.rstrip("#")
    return short.rstrip() if short[-1:] in ("", " ", "\t") else heading


def _divides_table(line: str) -> bool:
    return TABLE_RULE.match(line) is not None and "-" in line and "|" in line


def _line(line: str) -> str:
    if row := TABLE_ROW.match(line.rstrip()):
        return "\t".join(_inline(cell.strip()) for cell in row[1].split("|"))
    for pattern, replacement in LINE:
        line = pattern.sub(replacement, line)
    return _inline(line)


def _inline(text: str) -> str:
    if not MARK.search(text):
        return text
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return html.unescape(text) if "&" in text else text
