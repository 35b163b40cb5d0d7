"""Ask whether a text ends with one of many words, by its last character first."""

from collections import defaultdict
from collections.abc import Iterable


class Endings:
    """Words that a text may end with, and the ``last`` characters of all.

    >>> Endings(["公司", "银行"]).end("永兴公司", 0, 4)
    True
    """

    def __init__(self, words: Iterable[str]) -> None:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            groups[word[-1]].append(word)
        self._groups = {last: tuple(group) for last, group in groups.items()}
        self.last = frozenset(groups)

    def end(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Check whether ``text[start:end]`` ends with one of the words."""
        end = len(text) if end is None else end
        group = self._groups.get(text[end - 1]) if start < end <= len(text) else None
        return group is not None and text.endswith(group, start, end)
