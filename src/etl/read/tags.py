"""Cut a page into text and tags, in a form that a parser takes whole, to compare with what it finds.

An element that never ends (a comment, a script, a quote) takes no text with it here, and a tag of any length
becomes one that a parser takes. A further element whose content is no markup is one entry in `RAW`.
"""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, NamedTuple

# Longer tags hold pictures or data, and what a parser does with attributes grows with their square.
LONG_TAG = 2_000
MAX_ATTRIBUTES = 100
LONG_VALUE = 1_000

START = re.compile(r"<(?=/?[A-Za-z]|[!?/])")
# A name with a letter that is not ASCII is none: in "若x<y则" it is a sign, no tag.
NAME = re.compile(r"<(/?)([A-Za-z][!-.0-;=?-~]*+)(?![^\x00-\x7f])")
# Up to the end of a tag or the begin of the next one. A value in quotes may hold both, where the quote that
# ends it is no other value's beginning; the group is a quote that nothing ends.
INSIDE = re.compile(
    r"""(?:[^<>=]++|=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|"[^"]*+"(?=[\s/>])|'[^']*+'(?=[\s/>])|(["']))?+)*+"""
)
ATTRIBUTE = re.compile(r"""[^\s=<>"'/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']++))?+""")
RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe"))
RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in RAW}
# Elements whose content is no markup for a parser of today, and was written as the page of an old browser.
PLAIN = frozenset(("noframes", "noembed", "plaintext"))
# The end of what a script hardly holds and a page does.
PAGE_GOES_ON = re.compile(r"</(?:p|div|td|li|span|article|section)>", re.IGNORECASE)
COMMENT = ("<!--", "-->")
CDATA = ("<![CDATA[", "]]>")


class Token(NamedTuple):
    """A stretch of a page: text, a tag, the content of a script or title, or a declaration."""

    kind: Literal["text", "tag", "raw", "other"]
    source: str
    name: str = ""


def tokenize(source: str) -> Iterator[Token]:
    """Yield the tokens of a page in order, without comments, in a form that a parser takes whole."""
    page, position = _Page(source), 0
    while found := START.search(source, position):
        if position < found.start():
            yield Token("text", source[position : found.start()])
        piece, position = page.piece(found.start())
        stop = page.content_end(piece, position)
        if stop >= 0 or piece.name not in RAW:
            yield piece
        if stop >= 0:
            yield Token("raw", source[position:stop], piece.name)
            position = stop
    yield Token("text", source[position:])


def count_written(page: Iterable[Token]) -> int:
    """Count the characters that a parser must find: all outside tags that are not white space."""
    return sum(count_visible(html.unescape(one.source)) for one in page if one.kind in ("text", "raw"))


def count_visible(text: str) -> int:
    r"""Count the characters of a text that are not white space.

    >>> count_visible(" 甲 乙\n")
    2
    """
    return sum(map(len, text.split()))


class _Page:
    """The state of `tokenize` on one page; each end is searched once, so that time grows with the length."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.last = {end: source.rfind(end) for end in (">", COMMENT[1], CDATA[1])}
        self.next: dict[re.Pattern[str], int] = {}

    def piece(self, at: int) -> tuple[Token, int]:
        """Return the token that begins at a ``<``, and the offset behind it."""
        for begin, end in (COMMENT, CDATA):
            if self.source.startswith(begin, at):
                return self._enclosed(at + len(begin), begin, end)
        if name := NAME.match(self.source, at):
            return self._tag(at, name)
        if self.source[at + 1] in "!?/" and at < self.last[">"]:
            stop = self.source.index(">", at) + 1
            return Token("other", self.source[at:stop]), stop
        return Token("text", "&lt;"), at + 1

    def content_end(self, tag: Token, start: int) -> int:
        """Return where the content of a raw element ends; -1 for others and where a page goes on unended."""
        if tag.name not in RAW:
            return -1
        end = self._next(RAW_END[tag.name], start)
        closed = end < len(self.source) and not tag.source.endswith("/>")
        return -1 if not closed and self._next(PAGE_GOES_ON, start) < end else end

    def _next(self, pattern: re.Pattern[str], start: int) -> int:
        """Return the offset of the next match from ``start`` on; the length of the page if there is none."""
        if self.next.get(pattern, -1) < start:
            found = pattern.search(self.source, start)
            self.next[pattern] = found.start() if found else len(self.source)
        return self.next[pattern]

    def _enclosed(self, start: int, begin: str, end: str) -> tuple[Token, int]:
        """Return a comment (as "") or CDATA (as text), and the offset behind; unended, only its mark goes."""
        if self.last[end] < start:
            return Token("other", ""), start
        stop = self.source.index(end, start)
        text = html.escape(self.source[start:stop], quote=False) if begin == CDATA[0] else ""
        return Token("text", text), stop + len(end)

    def _tag(self, at: int, name: re.Match[str]) -> tuple[Token, int]:
        """Return the tag at ``at`` and the offset behind it; cut off and unlike a tag, its ``<`` is text."""
        inside = INSIDE.match(self.source, name.end())
        stop = inside.end() if inside else name.end()
        between, called = self.source[name.end() : stop], name[1] + name[2].lower()
        ends = self.source.startswith(">", stop)
        if not ends and not between.isascii() and "=" not in between:
            return Token("text", "&lt;"), at + 1
        end = stop + 1 if ends else stop
        if called.removeprefix("/") in PLAIN:
            return Token("other", ""), end
        if ends and end - at <= LONG_TAG and not (inside and inside[1]):
            return Token("tag", self.source[at:end], called), end
        return Token("tag", _short(called, between), called), end


def _short(name: str, between: str) -> str:
    """Return a tag with those of its first attributes that are short enough to matter."""
    found = (one[0] for one in islice(ATTRIBUTE.finditer(between), MAX_ATTRIBUTES))
    kept = [one for one in found if len(one) <= LONG_VALUE]
    return " ".join((f"<{name[:LONG_VALUE]}", *kept)) + (" />" if between.endswith("/") else ">")
