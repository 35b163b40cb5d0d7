"""Write one expression for many words."""

import re
from collections.abc import Iterable


def alternation(words: Iterable[str]) -> str:
    """Return an expression for any of the words; of words that begin alike the longest matches.

    >>> alternation(["大前天", "前天", "大前"])
    '大前天|前天|大前'
    """
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
