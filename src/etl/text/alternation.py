"""Write one expression for many words."""

import re
from collections import defaultdict
from collections.abc import Iterable


def behind(words: Iterable[str]) -> str:
    """Return an expression that matches where any of the words ends, and takes nothing.

    >>> re.compile(behind(["约", "大概"])).match("大概三成", 2) is not None
    True
    """
    return "|".join(f"(?<={re.escape(word)})" for word in sorted(set(words)))


def alternation(words: Iterable[str]) -> str:
    """Return an expression for any of the words; of words that begin alike the longest matches.

    It is a tree: what begins alike is compared once.

    >>> alternation(["大前天", "前天", "大前"])
    '前天|大前(?:天|)'
    """
    rests: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        rests[word[:1]].add(word[1:])
    ends = [""] if rests.pop("", None) else []
    return "|".join([*(re.escape(first) + _grouped(rests[first]) for first in sorted(rests)), *ends])


def _grouped(words: set[str]) -> str:
    """Return an expression for words that something may stand before."""
    tree = alternation(words)
    return f"(?:{tree})" if len({word[:1] for word in words}) > 1 else tree
