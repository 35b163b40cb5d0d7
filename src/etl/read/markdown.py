"""Read Markdown without its marks: the words are the raw text, and the marks give kinds of lines.

Marks are stripped before provenance begins, since no rule should take ``#`` or ``**`` for words of
the report. A line end within a paragraph stays open, every other one ends a paragraph. A new mark within a
line is one entry in `INLINE`, one at its beginning a branch in `_plain`; every pattern takes linear time.
"""

import html
import re

from etl.model.report import Mark, RawReport, Reading
from etl.read.blocks import MarkedLine, MarkedText, reading_of, set_headings
from etl.read.days import first_day
from etl.read.encoding import decode
from etl.read.plain import unify_lines
from etl.text.numbering import MARKDOWN_BULLETS

HEADING = re.compile(r"^ {0,3}#{1,6}(?=[ \t\u3000]|[\u4e00-\u9fff])(.*)$")
UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
FENCE = re.compile(r"^ {0,3}(?:```([^`]*)|~~~(.*))$")
TABLE_RULE = re.compile(r"^[ \t|:-]+$")
TABLE_ROW = re.compile(r"^[ \t]*\|(.+)\|$")
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*\S+.*$")
MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
MARK = re.compile(r"[*_\[`<~\\&]")

QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
CALLOUT = re.compile(r"^\[![A-Za-z]{1,20}\][-+]?[ \t]*")
BULLET = re.compile(rf"^[ \t]*[{MARKDOWN_BULLETS}][ \t]+(?:\[[ xX]\][ \t]+)?")
NUMBER = re.compile(r"^[ \t]*[0-9]{1,4}[.)、](?=[ \t]*\S)")
NOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]*")
PICTURE = re.compile(r"^[ \t]*!\[[^\[\]\n]*\]\([^()\n]*\)[ \t]*$")
BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
DATED = ("date:", "pubdate:", "published:", "publish_date:", "created:", "日期:", "发布日期:")

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
    """Read the words of a Markdown report; headings have blank lines around them.

    Raises:
        RejectError: ``encoding``, ``binary`` or ``blank``.
    """
    decoded = decode(raw.payload)
    return reading_of(_page(unify_lines(decoded.text)), decoded.encoding)


def strip_marks(text: str) -> str:
    r"""Return the words of a Markdown text, without its marks.

    >>> strip_marks("# 通报\n共**三**人，见[附表](a.html)。")
    '\n通报\n\n共三人，见附表。'
    """
    return _page(text).text


def _page(text: str) -> MarkedText:
    matter = MATTER.match(text) if text.startswith("---") else None
    body = _drop_comments(text[matter.end() :] if matter else text)
    lines = _lines(body.split("\n"))
    title = _setting(matter[1], ("title:",)) if matter else ""
    if title and all(title != line.text for line in lines):
        lines = [MarkedLine(title, "title"), MarkedLine(""), *lines]
    day = first_day(_setting(matter[1], DATED)) if matter else None
    return MarkedText(set_headings(lines), day)


def _setting(matter: str, names: tuple[str, ...]) -> str:
    """Return the first value under one of these names in the front matter; "" for none."""
    lines = (line for line in matter.split("\n") if line.lower().startswith(names))
    return next((line.partition(":")[2].strip().strip("\"'") for line in lines), "")


def _drop_comments(text: str) -> str:
    """Return the text without ``<!-- -->``; searched without a pattern, which would take quadratic time."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[position:start])
        position = end + 3
    kept.append(text[position:])
    return "".join(kept)


def _lines(lines: list[str]) -> list[MarkedLine]:
    out: list[MarkedLine] = []
    fenced = tabled = False
    for line in lines:
        if fence := FENCE.match(line):
            fenced = not fenced
            said = fence[1] or fence[2] or ""
            # The name of a language is none of the text's words; Chinese ones are.
            out += [] if said.isascii() else [MarkedLine(said, "code")]
        elif fenced:
            out.append(MarkedLine(line, "code"))
        elif not line.strip():
            out.append(MarkedLine(line))
            tabled = False
        elif out and out[-1].text.strip() and out[-1].mark is None and UNDERLINE.match(line):
            out[-1:] = _heading(out[-1].text, first=line.lstrip().startswith("="))
        elif heading := HEADING.match(line):
            out += _heading(_inline(_unclosed(heading[1].strip())), first=not line.lstrip().startswith("##"))
        elif tabled := _divides_table(line) or (tabled and "|" in line):
            out[-1:] = _table(out[-1:], line)
        elif RULE.match(line) or REFERENCE.match(line):
            out.append(MarkedLine(""))
        else:
            out += _plain(line, out[-1].mark if out else None)
    return out


def _heading(text: str, *, first: bool) -> list[MarkedLine]:
    return [MarkedLine(""), MarkedLine(text, "title" if first else "heading"), MarkedLine("")]


def _unclosed(heading: str) -> str:
    """Return a heading without the # that close it; those of C# stay."""
    short = heading.rstrip("#")
    return short.rstrip() if short[-1:] in ("", " ", "\t") else heading


def _divides_table(line: str) -> bool:
    return TABLE_RULE.match(line) is not None and "-" in line and "|" in line


def _table(above: list[MarkedLine], line: str) -> list[MarkedLine]:
    """Return the lines ``above`` with a table's ``line`` behind them; what is above its rule is a row too."""
    if not _divides_table(line):
        return [*above, _row(line)]
    heads = [_row(one.text) if "|" in one.text else one for one in above]
    return [*heads, MarkedLine("")]


def _row(line: str) -> MarkedLine:
    cells = BREAK.sub(" ", line).strip().removeprefix("|").removesuffix("|").split("|")
    return MarkedLine("\t".join(_inline(cell.strip()) for cell in cells), "row")


def _plain(line: str, above: Mark | None) -> list[MarkedLine]:
    """Return the lines of a line of text, list or quotation; several where it has breaks.

    ``above`` is the mark of the line before it.
    """
    if TABLE_ROW.match(line.rstrip()):
        return [_row(line)]
    quoted = QUOTE.match(line)
    line = line[quoted.end() :] if quoted else line
    if quoted and (called := CALLOUT.match(line)):
        line = line[called.end() :]
    bullet = BULLET.match(line) or NOTE.match(line)
    item = bullet or NUMBER.match(line)
    mark: Mark | None = "quote" if quoted else "item" if item else None
    begins = bool(item) or (mark == "quote") != (above == "quote") or not line.strip()
    return _broken(line[bullet.end() :] if bullet else line, mark, begins=begins)


def _broken(line: str, mark: Mark | None, *, begins: bool) -> list[MarkedLine]:
    """Cut a line at its <br>; two blanks or a backslash at its end are a break, too."""
    hard = line.endswith("  ") or (line.endswith("\\") and not line.endswith("\\\\"))
    alone = PICTURE.match(line) is not None
    texts = BREAK.split(line[:-1] if line.endswith("\\") and hard else line)
    if len(texts) > 1 and not texts[-1].strip():
        texts.pop()
        hard = True
    lines = [MarkedLine(_inline(text), mark, begins=True, ends=True) for text in texts]
    lines[0] = MarkedLine(lines[0].text, mark, begins=begins or alone, ends=len(texts) > 1 or hard or alone)
    if len(lines) > 1:
        lines[-1] = MarkedLine(lines[-1].text, mark, begins=True, ends=hard)
    return lines


def _inline(text: str) -> str:
    if not MARK.search(text):
        return text
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return html.unescape(text) if "&" in text else text
