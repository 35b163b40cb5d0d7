"""Make a reading from lines that a format marks: each line end settled or left open, each line typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from etl.model.report import Encoding, LineEnd, Mark, Marked, Reading
from etl.read.plain import make_reading


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line, with what its format says of it and of the paragraph it is in.

    Attributes:
        mark: the kind that the format gives the line; None for running text.
        begins: a paragraph begins with it.
        ends: a paragraph ends with it.
    """

    text: str
    mark: Mark | None = None
    begins: bool = True
    ends: bool = True


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The lines of a report, with the day that its format gives."""

    lines: Sequence[MarkedLine]
    published_on: date | None = None

    @property
    def text(self) -> str:
        """The raw text of the report."""
        return "\n".join(line.text for line in self.lines)


def reading_of(page: MarkedText, encoding: Encoding) -> Reading:
    """Make the `Reading` of marked lines, with their line ends, marks and day.

    Raises:
        RejectError: ``blank`` when the lines hold nothing to read.
    """
    found = make_reading(page.text, encoding, tuple(_ends(page.lines)))
    return replace(found, marks=tuple(_marks(page.lines)), published_on=page.published_on)


def set_headings(lines: Iterable[MarkedLine]) -> list[MarkedLine]:
    """Return the lines with titles made headings, unless there is only one title."""
    out = list(lines)
    titles = [k for k, line in enumerate(out) if line.mark == "title"]
    if sum(out[k].begins for k in titles) > 1:
        for k in titles:
            out[k] = replace(out[k], mark="heading")
    return out


def _ends(lines: Sequence[MarkedLine]) -> Iterable[LineEnd]:
    for line, below in pairwise(lines):
        yield "end" if line.ends or below.begins else "open"


def _marks(lines: Sequence[MarkedLine]) -> Iterable[Marked]:
    at = 0
    for line in lines:
        if line.mark and line.text.strip():
            yield Marked(at, at + len(line.text), line.mark)
        at += len(line.text) + 1
