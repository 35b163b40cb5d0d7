"""Write the Chinese ellipsis ……: in the place of three to six dots beside Chinese, or of 。。。.

Not done: dots inside English or between digits, the long leaders of a table of contents, two full
stops in a row (which of them is too many?), a single … . A new way to write it is one more
alternative in `DOTS`.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import Protected, after, before, is_chinese, is_shared

ELLIPSIS = "……"
DOTS = re.compile(r"(?<![.。．])(?:\.{3,6}|．{3,6}|。{3,})(?![.。．])")


def write_ellipsis(text: str) -> Iterator[Edit]:
    """Yield edits that write …… for three to six dots beside Chinese, and for three or more 。 anywhere.

    >>> [(e.start, e.end) for e in write_ellipsis("表达爱心...")]
    [(4, 7)]
    """
    if "..." not in text and "。。。" not in text and "．．．" not in text:
        return
    protected = Protected(text)
    for match in DOTS.finditer(text):
        start, end = match.span()
        if start in protected:
            continue
        start, left = _begin(text, start, end)
        if match.group()[0] == "。" or _chinese(left) or _chinese(text[end : end + 1]):
            yield Edit(start, end, ELLIPSIS, "ellipsis")


def _begin(text: str, start: int, end: int) -> tuple[int, str]:
    """Return where the edit begins, and the character before it: spaces between Chinese and dots are dropped.

    Dots before a digit lead to a page number in a table of contents; the spaces before them stay.
    """
    left, behind = before(text, start)
    if behind < start and is_chinese(left) and not after(text, end)[0].isdigit():
        return behind, left
    return start, text[start - 1 : start]


def _chinese(character: str) -> bool:
    return is_chinese(character) or is_shared(character)
