"""A report's paragraphs as one text, while corrections are carried out one after the other.

`Draft` answers where a raw place stands now, and what stands between two places.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, takewhile

from etl.model import Paragraph
from etl.traced import Run


class Draft:
    r"""Paragraphs in order; offsets count them joined with ``\n``, as in the stored text."""

    __slots__ = ("_starts", "paragraphs")

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = tuple(paragraphs)
        lengths = (len(paragraph.body) + 1 for paragraph in self.paragraphs)
        self._starts = (0, *accumulate(lengths))[:-1] if self.paragraphs else ()

    def begin(self, raw: int) -> int | None:
        """Where the character stands whose raw text begins at a raw offset."""
        return begin(self._runs(), raw)

    def end(self, raw: int) -> int | None:
        """Where the character ends whose raw text ends at a raw offset."""
        return end(self._runs(), raw)

    def words(self, start: int, end: int) -> str:
        """The text between two offsets."""
        out, (at, begin) = "", self.home(start)
        while start < end and at < len(self.paragraphs):
            text = self.paragraphs[at].body.text + "\n"
            out += text[begin : begin + end - start]
            start, at, begin = start + len(text) - begin, at + 1, 0
        return out

    def home(self, at: int) -> tuple[int, int]:
        """The paragraph that holds an offset, and the offset within it; its end belongs to it."""
        paragraph = max(0, bisect_right(self._starts, at) - 1)
        return paragraph, at - self._starts[paragraph]

    def with_paragraphs(self, first: int, last: int, new: Sequence[Paragraph]) -> "Draft":
        """Others in the place of the paragraphs from ``first`` to before ``last``."""
        return Draft((*self.paragraphs[:first], *new, *self.paragraphs[last:]))

    def _runs(self) -> Iterator[tuple[int, Run]]:
        for shift, paragraph in zip(self._starts, self.paragraphs, strict=True):
            for run in paragraph.body.runs:
                yield shift, run


def begin(runs: Iterable[tuple[int, Run]], raw: int) -> int | None:
    """Where the first character stands, over runs and their shifts, whose raw text begins at an offset."""
    for shift, run in runs:
        if _verbatim(run) and run.raw_start <= raw < run.raw_end:
            return shift + run.start + raw - run.raw_start
        if run.raw_start == raw < run.raw_end:
            return shift + run.start
    return None


def end(runs: Iterable[tuple[int, Run]], raw: int) -> int | None:
    """Where the last character ends whose raw text ends at an offset."""
    found = None
    for shift, run in runs:
        if _verbatim(run) and run.raw_start < raw <= run.raw_end:
            found = shift + run.start + raw - run.raw_start
        elif run.raw_start < run.raw_end == raw:
            found = shift + run.end
    return found


def alike(a: str, b: str) -> int:
    """How many characters two strings begin with in common.

    >>> alike("张丰", "张三丰"), alike("丰", "飞")
    (1, 0)
    """
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _verbatim(run: Run) -> bool:
    return run.end - run.start == run.raw_end - run.raw_start
