"""Show where a report says what was asked: the stretch with most of the words, and its paragraph.

`excerpt` is what a hit shows; a new thing to say of it is a field of `Excerpt`.
"""

import re
import string
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from etl.search.folding import fold, unfolded_offsets

# Characters of an excerpt, and how many of them stand before the first hit.
EXCERPT = 80
LEAD = 16
# Of numbers and Latin words, which no edge of an excerpt cuts (974 of 1974), but where they are too long.
WHOLE = frozenset(string.ascii_letters + string.digits + ".,")
# Marks with which no excerpt begins.
CLOSING = frozenset("，。、；：！？”’）》」』…,.;:!?)]" + string.whitespace + "\u3000")
Spans = Sequence[tuple[int, int]]


class Excerpt(NamedTuple):
    """A stretch of a text, where words stand in it, where it begins, and in which paragraph the words are."""

    excerpt: str
    highlights: tuple[tuple[int, int], ...]
    start: int
    paragraph: int


def excerpt(text: str, other: str, wanted: Sequence[Sequence[str]], title: str = "") -> Excerpt:
    """Return the stretch of a text that holds most of the words, each given in all its writings, folded.

    Without words it is the beginning, behind the title where the text says that first and goes on.

    >>> excerpt("昨天下雨。今天防疫。", "", [["防疫"]])
    Excerpt(excerpt='昨天下雨。今天防疫。', highlights=((7, 9),), start=0, paragraph=0)
    """
    both = FoldedText(text), FoldedText(other)
    spans = sorted({span for writings in wanted for span in _find_word(*both, writings)})
    marked = _without_overlaps(spans)
    best = _best_start(text, marked) if marked else _behind(title, text)
    start = _first_shown(text, best) if marked else best
    end = _last_shown(text, start, marked)
    inside = tuple((a - start, min(b, end) - start) for a, b in marked if start <= a < end)
    return Excerpt(re.sub(r"\s", " ", text[start:end]), inside, start, text.count("\n", 0, best))


def _first_shown(text: str, best: int) -> int:
    """Return where an excerpt begins whose first hit is at ``best``."""
    start = max(0, best - LEAD)
    if start and {text[start - 1], text[start]} <= WHOLE:
        back = range(start, start - LEAD, -1)
        start = next((at for at in back if not at or text[at - 1] not in WHOLE), start)
    while 0 < start < best and text[start] in CLOSING:
        start += 1
    return start


def _last_shown(text: str, start: int, marked: Spans) -> int:
    """Return where an excerpt ends that begins at ``start``; it cuts no number, unless that is marked."""
    end = min(len(text), start + EXCERPT)
    if end == len(text) or not {text[end - 1], text[end]} <= WHOLE:
        return end
    run = next((at for at in range(end, end - LEAD, -1) if text[at - 1] not in WHOLE), end)
    return end if any(first < end and run < last for first, last in marked) else run


def _behind(title: str, text: str) -> int:
    """Return where a text goes on behind its title, else 0."""
    first, _, rest = text.partition("\n")
    return len(first) + 1 if title and first == title and rest.strip() else 0


class FoldedText:
    """A text that is folded once, however many words are looked for in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """The text as search compares it."""
        return fold(self.text)

    @cached_property
    def offset(self) -> Callable[[int], int]:
        """What tells the offset in the text of a character of the folded one."""
        return unfolded_offsets(self.text)

    def occurrences(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where a folded word stands in the text."""
        at = self.folded.find(wanted) if wanted else -1
        while at >= 0:
            yield self.offset(at), self.offset(at + len(wanted) - 1) + 1
            at = self.folded.find(wanted, at + len(wanted))


def _find_word(text: FoldedText, other: FoldedText, writings: Sequence[str]) -> list[tuple[int, int]]:
    """Find a word in the text, else in the text in the other script, which is as long."""
    spans = [span for one in writings for span in text.occurrences(one)]
    if spans or len(other.text) != len(text.text):
        return spans
    return [span for one in writings for span in other.occurrences(one)]


def _without_overlaps(spans: Spans) -> list[tuple[int, int]]:
    """Return spans that do not overlap, those that begin first and of these the longest."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out


def _best_start(text: str, spans: Spans) -> int:
    """Return the start of the span from which an excerpt shows most different words."""
    starts = [start for start, _ in spans]
    if len({text[a:b].lower() for a, b in spans}) == 1:
        return starts[0]
    scores = []
    for at, start in enumerate(starts):
        last = bisect_left(starts, start + EXCERPT - LEAD)
        near = {text[a:b].lower() for a, b in spans[at : min(last, at + EXCERPT)]}
        scores.append((-len(near), start))
    return min(scores)[1] if scores else 0
