"""Write one expression for many words."""

import re
from collections.abc import Iterable


def behind(words: Iterable[str]) -> str:
    """Return an expression that matches where any of the words ends, and takes nothing.

    >>> re.compile(behind(["约", "大概"])).match("大概三成", 2) is not None
    True
    """
    return "|".join(f"(?<={re.escape(word)})" for word in sorted(set(words)))


def alternation(words: Iterable[str]) -> str:
    """Return an expression for any of the words; of words that begin alike the longest matches.

    >>> alternation(["大前天", "前天", "大前"])
    '大前天|前天|大前'
    """
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
