"""What every finder of entities looks at: the text, its folded twin, its words, and the anchor in time.

A new thing that several finders need is a field of `Context`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from etl.extract.lexicon import Lexicon
from etl.extract.tagger import Word

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Context:
    """One text on its way through the finders.

    Attributes:
        folded: ``text`` in simplified characters, of the same length; finders compare with it.
        words: the tagger's, in order.
        closed: spans (such as 《…》) in which nothing else is found.
    """

    text: str
    folded: str
    words: tuple[Word, ...]
    lexicon: Lexicon
    published_on: date | None
    closed: tuple[Span, ...] = ()


def keep_longest(spans: Iterable[Span], taken: Iterable[Span] = ()) -> Iterator[Span]:
    """The spans that overlap none of ``taken`` nor a longer one of their own, in order of place."""
    used = covered(taken)
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0])):
        if span[0] < span[1] and used.isdisjoint(range(*span)):
            used.update(range(*span))
            kept.append(span)
    yield from sorted(kept)


def covered(spans: Iterable[Span]) -> set[int]:
    """The offsets that lie within any of the spans."""
    return {i for span in spans for i in range(*span)}


def occurrences(phrases: Iterable[str], folded: str) -> Iterator[Span]:
    """Every place at which one of the phrases stands."""
    for phrase in phrases:
        at = folded.find(phrase)
        while at >= 0:
            yield (at, at + len(phrase))
            at = folded.find(phrase, at + len(phrase))
