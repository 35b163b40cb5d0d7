"""Remove characters without width: they split words for every search and nobody sees them.

Done: zero-width spaces and joiners, byte-order marks inside a text, soft hyphens, directional marks,
control characters. Not done: joiners inside an emoji or a script that needs them, variation
selectors (they choose a glyph), private-use characters (they may be the only trace of a rare name).
A new character is added to one of the two classes.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit

_ALWAYS = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
)
_JOINERS = "\u200c\u200d"
ANY = re.compile(f"[{_ALWAYS}{_JOINERS}]+")
# Between two of these a joiner does its work: emoji, and the scripts of India, Persia and the like.
_JOINABLE = re.compile("[\u0590-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001ffff]")


def remove_invisible(text: str) -> Iterator[Edit]:
    """Yield edits that drop characters without width, except joiners where emoji and scripts need them.

    >>> [(e.start, e.end) for e in remove_invisible("防" + chr(0x200B) + "疫")]
    [(1, 2)]
    """
    if text.isascii() and text.isprintable():
        return
    for match in ANY.finditer(text):
        start, end = match.span()
        if not (set(match.group()) <= set(_JOINERS) and _joins(text[start - 1 : start], text[end : end + 1])):
            yield Edit(start, end, "", "invisible")


def _joins(left: str, right: str) -> bool:
    return bool(_JOINABLE.match(left) and _JOINABLE.match(right))
