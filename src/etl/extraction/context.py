"""Hold what every finder of entities asks: the text, its folded twin, its words, and the day of publication.

Whatever several finders need is a field of `Context`.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from etl.extraction.resources.gazetteer import DatedGazetteer
from etl.extraction.resources.lexicon import Lexicon
from etl.extraction.resources.tagger import Name, Word
from etl.extraction.resources.word_files import HEAD
from etl.text.dense import Dense, make_dense

Span = tuple[int, int]
T = TypeVar("T")
START = attrgetter("start")


@dataclass(frozen=True)
class Context:
    """One text with all that the finders ask of it.

    Attributes:
        folded: ``text`` in simplified characters, of the same length; finders compare with it.
        words: the tagger's, in order.
        closed: spans (such as 《…》) in which nothing else is found.
        probabilities: for each kind of name, one number from 0 to 1 a character, by the tagger.
        gazetteer: the divisions of China as on the day of publication, by name.
        names: whole names, by taggers that tell them.
        tag_probabilities: by the same, of each tag of a name for each character.
        state_initials: the first characters of the countries that the text names (洪 for 洪都拉斯).
    """

    text: str
    folded: str
    words: tuple[Word, ...]
    lexicon: Lexicon
    published_on: date | None
    closed: tuple[Span, ...] = ()
    probabilities: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    gazetteer: DatedGazetteer | None = None
    state_initials: frozenset[str] = frozenset()
    names: tuple[Name, ...] = ()
    tag_probabilities: NDArray[np.float32] | None = None

    @cached_property
    def columns(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
        """Where words begin, where they end, and their tags."""
        starts, ends, tags = zip(*self.words, strict=True) if self.words else ((), (), ())
        return starts, ends, tags

    @cached_property
    def starts(self) -> dict[int, int]:
        """Where words begin, each with the number of the word."""
        return dict(zip(self.columns[0], range(len(self.words)), strict=True))

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where words end, each with the number of the word."""
        return dict(zip(self.columns[1], range(len(self.words)), strict=True))

    @cached_property
    def spelt(self) -> list[str]:
        """What each word says, folded."""
        folded = self.folded
        return [folded[start:end] for start, end in zip(*self.columns[:2], strict=True)]

    @cached_property
    def heads(self) -> list[tuple[int, str]]:
        """Where words begin with the first characters of a known place or organization, and these."""
        folded, known = self.folded, self.lexicon.heads
        starts = self.columns[0]
        return [(start, head) for start in starts if (head := folded[start : start + HEAD]) in known]

    @cached_property
    def people_read(self) -> dict[int, int]:
        """Where the persons end that a tagger of whole names reads, by where they begin."""
        return {name.start: name.end for name in self.names if name.kind == "PER"}

    @cached_property
    def known_places(self) -> list[int]:
        """The numbers of the words that are places on the list."""
        known = self.lexicon.places.known
        return [i for i, name in enumerate(self.spelt) if name in known]

    @cached_property
    def _by_tag(self) -> dict[str, list[int]]:
        numbers: defaultdict[str, list[int]] = defaultdict(list)
        for i, tag in enumerate(self.columns[2]):
            numbers[tag].append(i)
        return numbers

    def tagged(self, *tags: str) -> list[int]:
        """Return the numbers of the words that have any of these tags, in order."""
        kept = self._tagged
        if tags not in kept:
            kept[tags] = sorted(i for tag in tags for i in self._by_tag.get(tag, ()))
        return kept[tags]

    @cached_property
    def _tagged(self) -> dict[tuple[str, ...], list[int]]:
        return {}

    def word_around(self, position: int) -> Word | None:
        """Return the word that a position divides."""
        index = bisect_left(self.columns[0], position) - 1
        return self.words[index] if index >= 0 and position < self.words[index].end else None

    def words_before(self, position: int, count: int) -> tuple[Word, ...]:
        """Return the last words that end at a position or before it, at most so many."""
        behind = bisect_right(self.columns[1], position)
        return self.words[max(0, behind - count) : behind]

    def tag_before(self, position: int) -> str | None:
        """Return the tagger's tag of the word that ends at a position."""
        index = self.ends.get(position)
        return None if index is None else self.words[index].tag

    def tag_of(self, span: Span) -> str | None:
        """Return the tagger's tag of a span that is one word."""
        index = self.starts.get(span[0])
        return self.words[index].tag if index is not None and self.words[index].end == span[1] else None

    @cached_property
    def found(self) -> dict[Callable[["Context"], Any], Any]:
        """What finders have found by now that others ask for again, see `found_once`."""
        return {}

    @cached_property
    def dense(self) -> Dense:
        """The folded text without the blanks inside its numbers and times."""
        return make_dense(self.folded)

    def fold(self, words: str) -> str:
        """Return words as the finders compare them, such as those of a key."""
        return self.lexicon.folding.fold(words)

    def is_division(self, start: int, end: int) -> bool:
        """Check whether a span of the text names a division of China, alone or with those above it."""
        within = end <= len(self.folded)
        return within and self.gazetteer is not None and self.gazetteer.is_division(self.folded[start:end])

    def touches(self, index: int) -> bool:
        """Check whether nothing stands between a word and the one before it."""
        return self.words[index - 1].end == self.words[index].start

    def probability(self, tag: str, start: int, end: int, or_else: str = "") -> float:
        """Return the least probability in a span of a name of this kind (or of the other)."""
        if not start < end <= len(self.text):
            return 0.0
        return min(self.shares(tag, or_else)[start:end])

    def shares(self, tag: str, or_else: str = "") -> memoryview:
        """Return the probability at each character of a kind of name, or of either of two, soon read."""
        kept = self._shares
        if (tag, or_else) not in kept:
            share = self.probabilities[tag]
            kept[tag, or_else] = (share + self.probabilities[or_else] if or_else else share).data
        return kept[tag, or_else]

    @cached_property
    def _shares(self) -> dict[tuple[str, str], memoryview]:
        return {}


def found_once(find: Callable[[Context], Iterable[T]]) -> Callable[[Context], tuple[T, ...]]:
    """Let a finder go over a text once, however many others ask what it finds."""

    @wraps(find)
    def finder(context: Context) -> tuple[T, ...]:
        if find not in context.found:
            context.found[find] = tuple(find(context))
        found: tuple[T, ...] = context.found[find]
        return found

    return finder


def keep_longest(spans: Iterable[Span], taken: Iterable[Span] = ()) -> Iterator[Span]:
    """Yield the spans that overlap none of ``taken`` nor a longer one of their own, in order of place."""
    used = covered(taken)
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0])):
        if span[0] < span[1] and used.isdisjoint(range(*span)):
            used.update(range(*span))
            kept.append(span)
    yield from sorted(kept)


def covered(spans: Iterable[Span]) -> set[int]:
    """Return the offsets that lie within any of the spans."""
    return {i for span in spans for i in range(*span)}


def occurrences(phrases: Iterable[str], folded: str) -> Iterator[Span]:
    """Yield every place at which one of the phrases stands."""
    for phrase in phrases:
        at = folded.find(phrase)
        while at >= 0:
            yield (at, at + len(phrase))
            at = folded.find(phrase, at + len(phrase))
