"""Return the lines of a parsed page: blocks apart and typed, breaks kept, cells of a row apart.

A tag that ends a paragraph is one entry in `BLOCKS`, one that gives a line its mark one in `MARKED`.
"""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from etl.model.report import Mark
from etl.read.blocks import MarkedLine
from etl.read.tags import Token

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "code", "dd", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul"),
        *("head", "item", "list", "quote", "row"),  # trafilatura's own
    )
)
LINES = frozenset(("br", "lb"))
CELLS = frozenset(("td", "th", "cell"))
# Elements without markup in them whose content is text all the same.
SHOWN_RAW = frozenset(("title", "textarea", "xmp"))
SPACE = re.compile(r"[ \t\r\n\f\v]+")
# What the elements of a block say of it, as a letter behind the sign that begins the block.
MARKED: dict[str, Mark] = {
    "h1": "title",
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6", "head"), "heading"),
    **dict.fromkeys(("li", "item", "dd", "dt"), "item"),
    **dict.fromkeys(("tr", "row"), "row"),
    **dict.fromkeys(("blockquote", "quote"), "quote"),
    "pre": "code",
}
LETTERS: dict[str, Mark] = {mark[0]: mark for mark in MARKED.values()}
NO_MARK = "-"
INLINE = ("time", "label", "output", "code")
FIELD = re.compile(r"[\u4e00-\u9fff]{2,6}\s{0,4}[:：]")
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def lines_of(tree: Any) -> list[MarkedLine]:  # noqa: ANN401 - lxml elements have no types
    """Return the lines below an element, with an empty line between blocks and a tab between cells."""
    found: list[str] = []
    _collect(tree, found)
    return _blocks("".join(found))


def _blocks(marked: str) -> list[MarkedLine]:
    """Split a text into marked lines: U+0001 and a mark's letter begin a block, U+0002 breaks a line."""
    out: list[MarkedLine] = []
    for block in marked.split("\x01"):
        lines = [line.strip() for line in block[1:].split("\x02")]
        mark = LETTERS.get(block[:1])
        told = [
            MarkedLine(line, mark, begins=not (k and lines[k - 1]), ends=not any(lines[k + 1 : k + 2]))
            for k, line in enumerate(lines)
            if line
        ]
        out += [MarkedLine(""), *told] if out and told else told
    return out


def _collect(tree: Any, pieces: list[str]) -> None:  # noqa: ANN401 - lxml elements have no types
    from lxml.etree import iterwalk  # noqa: PLC0415

    pieces.append(NO_MARK)
    marks = [NO_MARK]
    for event, element in iterwalk(tree, events=("start", "end")):
        tag, block = element.tag, element.tag in BLOCKS
        if event == "start":
            if tag in MARKED:
                marks.append(_mark(element)[0])
            sign = f"\x01{marks[-1]}" if block else "\x02" if tag in LINES else ""
            pieces += (sign, collapse_blanks(element.text))
        else:
            if tag in MARKED:
                marks.pop()
            sign = "\t" if tag in CELLS else f"\x01{marks[-1]}" if block else ""
            pieces += (sign, collapse_blanks(element.tail))


def _mark(element: Any) -> Mark:  # noqa: ANN401 - lxml elements have no types
    return "title" if element.get("rend") == "h1" else MARKED[element.tag]


def collapse_blanks(text: str | None) -> str:
    """Return text with its white space collapsed as a browser does; "" for None."""
    return SPACE.sub(" ", text) if text else ""


def bare_lines(cut: Iterable[Token]) -> list[MarkedLine]:
    """Return the lines of a page cut into tokens, for pages that no parser takes whole."""
    return _blocks(NO_MARK + "".join(_bare(piece) for piece in cut))


def _bare(piece: Token) -> str:
    if piece.kind == "tag":
        name = piece.name.removeprefix("/")
        signs = f"\x01{NO_MARK}", "\x02", "\t"
        return next(
            (sign for sign, names in zip(signs, (BLOCKS, LINES, CELLS), strict=True) if name in names), ""
        )
    if piece.kind == "text" or piece.name in SHOWN_RAW:
        return collapse_blanks(unescape(piece.source))
    return ""


def prepare(tree: Any) -> None:  # noqa: ANN401 - lxml elements have no types
    """Change a tree in place so that extraction loses no words of a sentence and joins no neighbours."""
    _raise_digits(tree)
    _keep_inline(tree)
    _part_fields(tree)


def _raise_digits(tree: Any) -> None:  # noqa: ANN401 - lxml elements have no types
    """Write digits in <sup> as superscripts, in place, to keep a note's number out of other numbers."""
    for element in tree.iter("sup"):
        if len(element) == 0 and (element.text or "").strip().isdecimal():
            element.text = element.text.translate(SUPERSCRIPT)


def _part_fields(tree: Any) -> None:  # noqa: ANN401 - lxml elements have no types
    """Put a space before fields (时间：…) that only style sets apart from what is before them, in place."""
    for element in tree.iter("span", "em", "i"):
        after = element.getnext()
        if (
            after is not None
            and not (element.tail or "").strip()
            and FIELD.match((after.text or "").lstrip())
        ):
            element.tail = " "


def _keep_inline(tree: Any) -> None:  # noqa: ANN401 - lxml elements have no types
    """Rename inline elements to <span>, in place, which else would be dropped or taken for blocks."""
    for element in tree.iter(*INLINE):
        if element.tag != "code" or next(element.iterancestors("pre"), None) is None:
            element.tag = "span"
