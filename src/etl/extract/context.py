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
    used = sorted(taken)
    kept = _without(spans, used)
    yield from sorted(kept)


def _without(spans: Iterable[Span], used: list[Span]) -> list[Span]:
    kept: list[Span] = []
    blocked = _Blocked(used)
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0])):
        if span[0] < span[1] and blocked.is_free(span):
            blocked.add(span)
            kept.append(span)
    return kept


class _Blocked:
    """Which characters are taken."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._taken: set[int] = set()
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        self._taken.update(range(*span))

    def is_free(self, span: Span) -> bool:
        return self._taken.isdisjoint(range(*span))
