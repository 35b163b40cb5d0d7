"""Take out the hyphens that print put into English words at the ends of its lines.

Done: a hyphen between two small letters where the raw text has a line end between them. Not done: hyphens
before a capital or a digit (Public-Private, COVID-19), and behind the words of `_PREFIXES`, which keep
theirs wherever they stand.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit, Traced

_PREFIXES = frozenset(
    (
        *("all", "anti", "co", "cross", "down", "ex", "face", "five", "four", "full", "half", "high"),
        *("in", "inter", "large", "long", "low", "medium", "mid", "multi", "non", "off", "on", "one"),
        *("post", "pre", "pro", "public", "real", "second", "self", "semi", "short", "small", "so", "state"),
        *("sub", "third", "three", "two", "up", "user", "well", "work", "year", "first", "end", "door"),
    )
)
LONGEST_HALF = 40  # letters of half a word; more are no word, and would cost their square
_WORD = re.compile(rf"[A-Za-z]{{2,{LONGEST_HALF}}}-\Z")


def drop_hyphens(text: Traced) -> Iterator[Edit]:
    """Yield edits that drop hyphens at line ends of the raw text, inside one word.

    >>> whole = "Interna-tional"
    >>> list(drop_hyphens(Traced.raw(whole)))
    []
    """
    if "-" not in text.text:
        return
    for left, right in zip(text.runs, text.runs[1:], strict=False):
        at = right.start - 1
        if left.raw_end < right.raw_start and text.text[at] == "-" and _is_cut_word(text.text, at):
            yield Edit(at, at + 1, "", "hyphen")


def _is_cut_word(text: str, at: int) -> bool:
    word = _WORD.search(text, max(0, at - LONGEST_HALF), at + 1)
    following = text[at + 1 : at + 2]
    if word is None or not following.isascii() or not following.islower() or not text[at - 1].islower():
        return False
    return word.group()[:-1].lower() not in _PREFIXES
