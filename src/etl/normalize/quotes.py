"""Pair straight quotation marks into “ ” and ‘ ’.

Done: marks that pair within their line and hold or touch Chinese. Not done: a mark without a
partner, inches and minutes behind a digit, apostrophes, quotations within English or code. The constants
below list what may not stand beside an opening or a closing mark.
"""

import re
from collections.abc import Callable, Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN, WORDY, Protected, is_chinese, is_shared

_NEVER_AFTER_OPENING = frozenset("，。、；：？！）》】」』”’,.;:?!)\n")
_BEFORE_OPENING = frozenset("：（《【「『“‘:( ")
_LINE = re.compile(r"[^\n]+")
_DOUBLE = re.compile('"')
_SINGLE = re.compile("'")


def pair_double_quotes(text: str) -> Iterator[Edit]:
    """Yield edits that pair straight double quotation marks.

    >>> [e.replacement for e in pair_double_quotes('书写好"人民至上"的答卷')]
    ['“', '”']
    """
    if '"' in text:
        yield from _pair(text, _DOUBLE, ("“", "”"), _plain)


def pair_single_quotes(text: str) -> Iterator[Edit]:
    """Yield edits that pair straight single quotation marks; apostrophes are none.

    >>> [e.replacement for e in pair_single_quotes("“唱响'全球南方'主旋律”, don't")]
    ['‘', '’']
    """
    if "'" in text:
        yield from _pair(text, _SINGLE, ("‘", "’"), _apostrophe)


def _pair(
    text: str, mark: re.Pattern[str], pair: tuple[str, str], skipped: Callable[[str, int], bool]
) -> Iterator[Edit]:
    if not HAN.search(text):
        return
    protected = Protected(text)
    for line in _LINE.finditer(text):
        places = [
            m.start()
            for m in mark.finditer(text, line.start(), line.end())
            if m.start() not in protected and not skipped(text, m.start())
        ]
        closed = -1
        for opening, closing in _partners(text, places):
            if closed == opening - 1 >= 0 or _in_chinese(text, opening, closing):
                closed = closing
                yield Edit(opening, opening + 1, pair[0], "quotes")
                yield Edit(closing, closing + 1, pair[1], "quotes")


def _partners(text: str, places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the offsets of neighbouring marks of which the first can open and the second can close.

    A mark that cannot open, or whose neighbour cannot close, has lost its partner and is passed over.
    """
    if len(places) % 2:
        places = [
            at for at in places if not text[at - 1 : at].isdigit() or not text[at + 1 : at + 2].isspace()
        ]
    index = 0
    while index + 1 < len(places):
        opening, closing = places[index], places[index + 1]
        if not _can_open(text, opening) or not _can_close(text, closing):
            index += 1
            continue
        yield opening, closing
        index += 2


def _can_open(text: str, at: int) -> bool:
    following = text[at + 1 : at + 2]
    return bool(following) and following not in _NEVER_AFTER_OPENING


def _can_close(text: str, at: int) -> bool:
    """Check whether a mark can close: not behind a space or opening mark with a word right after it."""
    return not (text[at - 1 : at] in _BEFORE_OPENING and _can_open(text, at) and text[at + 1] != " ")


def _in_chinese(text: str, opening: int, closing: int) -> bool:
    if HAN.search(text, opening, closing):
        return True
    outside = (text[opening - 1 : opening], text[closing + 1 : closing + 2])
    return any(is_chinese(c) or is_shared(c) for c in outside)


def _plain(_text: str, _at: int) -> bool:
    return False


def _apostrophe(text: str, at: int) -> bool:
    """Check whether ' is no quotation mark but in or behind a Latin word, or before a digit: it's, '90s."""
    left, right = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(WORDY.match(left) and (WORDY.match(right) or right in {" ", ""})) or bool(
        right.isdigit() and not is_chinese(left)
    )
