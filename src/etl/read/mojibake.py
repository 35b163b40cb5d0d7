"""Undo what an earlier program did when it decoded bytes in a wrong encoding: ç³æ¡¥ is 石桥.

Done, also in parts of a text and twice over: UTF-8 read as Latin-1 or Windows-1252, UTF-8 read as GBK, and
GB18030 or Big5 read as Latin-1 or Windows-1252. Not done: what has lost its bytes (锟斤拷); a byte lost in a
stretch that can be undone becomes U+FFFD. A stretch is undone where it proves to be such: as UTF-8 by being
valid at length, else by making characters that Chinese texts consist of. A new pair of encodings is one
more function in `UNDOERS`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from etl.read.likelihood import PLAUSIBLE, floor, score
from etl.read.pieces import DOUBLE_BYTE

# Where a stretch begins and ends, and what stands there in truth.
Found = tuple[int, int, str]

# Texts went through at most so many wrong hands.
_TIMES = 3
# Windows-1252 as bytes; what it leaves free is Latin-1's.
_WINDOWS = {
    ord(bytes([code]).decode("cp1252", "replace")): code
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Marks of Chinese print that are bytes of Windows-1252, too: é…… is no character in three bytes.
_PRINT = frozenset("“”‘’–—…•·")
# Control characters of ASCII, halves, private and unused places: no stretch that is undone holds them.
_NEVER = frozenset(("Cs", "Co", "Cn"))

_ACCENTED = re.compile("[\u00c0-\u00ff]")
_LOST = "\ufffd"
# Characters in UTF-8: the blocks that Chinese is written in, whole or with a byte lost, and Latin-1.
_LEAD, _NEXT = "[\xe2-\xe9\xef]", "[\x80-\xbf]"
_WHOLE = f"{_LEAD}{_NEXT}{{2}}"
_CUT = re.compile(f"{_LEAD}(?:{_LOST}{_NEXT}|{_NEXT}?{_LOST})")
# Latin-1 itself, and the letters beyond it that Windows-1252 has.
_SHORT = re.compile(f"[\xc2\xc3]{_NEXT}|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]")
_UTF8 = f"(?:{_WHOLE}|{_SHORT.pattern}|[\xf0]{_NEXT}{{3}})"
_AS_LATIN = re.compile(f"{_UTF8}(?:{_UTF8}|{_CUT.pattern}|[\x20-\x7e]{{1,40}}(?={_UTF8}))*")
_AS_GBK = re.compile(f"{_WHOLE}(?:{_WHOLE}|{_CUT.pattern}|\xc2\xb7|[\x20-\x7e])*")
_LATIN_LINE = re.compile("[\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x80-\xff][\x40-\x7e]?)?")
# Letters with accents in a stretch that may be Chinese in two bytes, and ideographs that it must make.
_LETTERS, _IDEOGRAPHS = 4, 3
# High bytes among all: a stretch of a language of Europe has fewer.
_HIGH_SHARE = 0.4

# Characters of GBK whose bytes begin one of UTF-8; no second byte of GBK is 0x7F.
_LEADS = "".join(
    bytes([first, second]).decode("gbk", "ignore")
    for first in range(0xE2, 0xF0)
    for second in range(0x80, 0xC0)
)
_LEADING = re.compile(f"[{_LEADS}]")
# Whole characters in a stretch, and how much more probable than what was found they are in the mean.
_AT_LEAST, _BETTER = 4, 1.0


def undo(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Undo every stretch of a text that proves to be decoded wrongly.

    Returns the text, and the undone stretches in order, each before and after.

    >>> undo("Curaçao，全县")[0], undo("çŸ³æ¡¥æ°´åº“")[0]
    ('Curaçao，全县', '石桥水库')
    """
    if text.isascii():
        return text, ()
    undone: list[tuple[str, str]] = []
    for _ in range(_TIMES):
        before = text
        for undoer in UNDOERS:
            found = list(undoer(text))
            undone += [(text[start:end], truth) for start, end, truth in found]
            text = _put(text, found)
        if text is before:
            break
    return text, tuple(undone)


def _put(text: str, found: list[Found]) -> str:
    out: list[str] = []
    position = 0
    for start, end, truth in found:
        out += (text[position:start], truth)
        position = end
    return "".join((*out, text[position:])) if found else text


def _utf8_as_latin(text: str) -> Iterator[Found]:
    if not _ACCENTED.search(text):
        return
    view = text.translate(_WINDOWS)
    for match in _AS_LATIN.finditer(view):
        start, end = match.span()
        # Two of a letter and a mark of print are no proof; any other byte between is.
        proof = (c for b, c in zip(view[start:end], text[start:end], strict=True) if "\x80" <= b < "\xc0")
        if any(c not in _PRINT for c in proof) or _SHORT.search(match.group()):
            truth = _from_utf8(match.group())
            if not any(unicodedata.category(c) in _NEVER for c in truth):
                yield start, end, truth


def _from_utf8(view: str) -> str:
    """Decode characters that stand for bytes as UTF-8; U+FFFD for each character that lost a byte."""
    pieces = (piece.encode("latin-1", "replace").decode("utf-8", "replace") for piece in _CUT.split(view))
    return _LOST.join(pieces)


def _double_byte_as_latin(text: str) -> Iterator[Found]:
    if not _ACCENTED.search(text):
        return
    view = text.translate(_WINDOWS)
    for match in _LATIN_LINE.finditer(view):
        accented = len(_ACCENTED.findall(text, *match.span()))
        if accented >= _LETTERS and (truth := _in_two_bytes(match.group())):
            yield match.start(), match.end(), truth


def _in_two_bytes(view: str) -> str:
    """Return the most probable Chinese text in a double-byte encoding; "" where none is plausible."""
    best, mean = "", PLAUSIBLE
    if sum(c > "\x7f" for c in view) < _HIGH_SHARE * len(view):
        return best
    for codec in DOUBLE_BYTE:
        try:
            truth = view.encode("latin-1").decode(codec)
        except UnicodeDecodeError:
            continue
        _, found, count = score(truth)
        if count >= _IDEOGRAPHS and found > mean:
            best, mean = truth, found
    return best


def _utf8_as_gbk(text: str) -> Iterator[Found]:
    for first, last in _lines_with_leads(text):
        for start, end, truth in _in_gbk(text[first:last]):
            yield first + start, first + end, truth


def _lines_with_leads(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines with `_AT_LEAST` characters of GBK whose bytes begin one of UTF-8."""
    line, count = (0, -1), 0
    for lead in _LEADING.finditer(text):
        if lead.start() > line[1]:
            start, end = text.rfind("\n", 0, lead.start()) + 1, text.find("\n", lead.start())
            line, count = (start, end if end >= 0 else len(text)), 0
        count += 1
        if count == _AT_LEAST:
            yield line


def _in_gbk(line: str) -> Iterator[Found]:
    view, owner = _as_bytes(line)
    for match in _AS_GBK.finditer(view):
        start, end = _whole_characters(match.start(), match.end(), owner)
        if start >= end or len(re.findall(_WHOLE, view[start:end])) < _AT_LEAST:
            continue
        truth = _from_utf8(view[start:end])
        was = line[owner[start] : owner[end]]
        _, mean, count = score(truth.replace("\ufffd", ""))
        if count >= _AT_LEAST and mean > floor(count) and mean > score(was)[1] + _BETTER:
            yield owner[start], owner[end], truth


def _as_bytes(line: str) -> tuple[str, list[int]]:
    """Return a line's bytes in GBK as characters, and the index of each byte's character, the length last."""
    view: list[str] = []
    owner: list[int] = []
    for index, character in enumerate(line):
        piece = _LOST if character == _LOST else _byte_view(character)
        view.append(piece)
        owner += [index] * len(piece)
    return "".join(view), [*owner, len(line)]


def _byte_view(character: str) -> str:
    try:
        return character.encode("gb18030").decode("latin-1")
    except UnicodeEncodeError:
        return "\xff"


def _whole_characters(start: int, end: int, owner: list[int]) -> tuple[int, int]:
    """Return the part of a span of bytes that holds whole characters of the line."""
    while start < end and start and owner[start - 1] == owner[start]:
        start += 3
    while end > start and owner[end - 1] == owner[end]:
        end -= 1
    return start, end


UNDOERS: tuple[Callable[[str], Iterator[Found]], ...] = (_double_byte_as_latin, _utf8_as_latin, _utf8_as_gbk)
