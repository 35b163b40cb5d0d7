"""Keep a report's paragraphs as one text while corrections are carried out one after the other.

`Draft` maps offsets of the raw text to this text, and returns the words between two offsets.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, takewhile

from etl.model.report import Paragraph
from etl.model.traced import RawToText, TextRun


class Draft:
    r"""Paragraphs in order; offsets count them joined with ``\n``, as in the stored text."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = tuple(paragraphs)
        lengths = (len(paragraph.body) + 1 for paragraph in self.paragraphs)
        self._starts = (0, *accumulate(lengths))[:-1] if self.paragraphs else ()

    @cached_property
    def where(self) -> RawToText:
        """Return the map from offsets in the raw text to offsets in this text."""
        return RawToText(self._runs())

    def words(self, start: int, end: int) -> str:
        """Return the text between two offsets, paragraphs joined by line ends."""
        out, (at, begin) = "", self.home(start)
        while start < end and at < len(self.paragraphs):
            text = self.paragraphs[at].body.text + "\n"
            out += text[begin : begin + end - start]
            start, at, begin = start + len(text) - begin, at + 1, 0
        return out

    def home(self, at: int) -> tuple[int, int]:
        """Return the index of the paragraph that holds an offset, even its end, and the offset within it."""
        paragraph = max(0, bisect_right(self._starts, at) - 1)
        return paragraph, at - self._starts[paragraph]

    def with_paragraphs(self, first: int, last: int, new: Sequence[Paragraph]) -> "Draft":
        """Return a draft with ``new`` in the place of the paragraphs from ``first`` to before ``last``."""
        return Draft((*self.paragraphs[:first], *new, *self.paragraphs[last:]))

    def _runs(self) -> Iterator[TextRun]:
        for shift, paragraph in zip(self._starts, self.paragraphs, strict=True):
            for run in paragraph.body.runs:
                yield run._replace(start=run.start + shift, end=run.end + shift)


def common_prefix_length(a: str, b: str) -> int:
    """Count the characters with which both strings begin.

    >>> common_prefix_length("张丰", "张三丰"), common_prefix_length("丰", "飞")
    (1, 0)
    """
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
