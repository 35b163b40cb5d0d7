"""Compute the terms that search finds a report by, and the keywords that say what it is about.

Stop words and weights are data in ``config/lexicon``; a new source of terms is a line in `find_terms`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress

import numpy as np

from etl.extraction.resources.lexicon import TermWords
from etl.extraction.resources.rarity import USUAL, rarities
from etl.extraction.resources.segmenter import Segmenter
from etl.model.mentions import Entity

NAMED_TYPES = frozenset({"person", "organization", "place"})
# Characters of a word that is worth an entry of the index; names of one have theirs, too.
MAX_TERM_LENGTH = 40
MIN_TERM_LENGTH = 2


def find_terms(
    text: str, entities: Iterable[Entity], segmenter: Segmenter, words: TermWords
) -> tuple[str, ...]:
    """Return every word a search may ask for, once each, sorted.

    Words of two or more characters, the words within long ones, and the names found, also those of one
    character (中, 美).
    """
    found = {normalize_term(word) for word in segmenter.search_words(text)} - words.stop_words
    names = {normalize_term(entity.text) for entity in entities if entity.type in NAMED_TYPES}
    kept = set(filter(_is_term, found))
    return tuple(sorted(kept | {name for name in names if name and len(name) <= MAX_TERM_LENGTH}))


def query_terms(text: str, segmenter: Segmenter, words: TermWords) -> tuple[str, ...]:
    """Return the terms that a reader's words ask for, in their order: whole words, not their parts."""
    cut = [normalize_term(word) for word in segmenter.cut(text)]
    kept = [
        word
        for word in cut
        if word not in words.stop_words and (_is_term(word) or (len(word) == 1 and word.isalnum()))
    ]
    return tuple(dict.fromkeys(kept))


def find_keywords(
    text: str, title: str, entities: Iterable[Entity], segmenter: Segmenter, words: TermWords
) -> tuple[str, ...]:
    """Return the words of the greatest TF-IDF weight, names and the title's words raised, heaviest first."""
    rarity = rarities()
    found = tuple(entities)
    counts: Counter[str] = Counter()
    for written, count in Counter(_words(text, found, segmenter)).items():
        word = normalize_term(written)
        if len(word) >= words.shortest and word not in words.stop_words and _is_word(word):
            counts[word] += count
    names = {normalize_term(entity.text) for entity in found if entity.type in NAMED_TYPES}
    headline = set(map(normalize_term, segmenter.cut(title)))
    unknown = USUAL * words.unknown_weight
    weights = {word: count * (rarity[word] or unknown) for word, count in counts.items()}
    for word in weights.keys() & (names | headline):
        if word in names:
            weights[word] = counts[word] * (rarity[word] or USUAL) * words.name_weight
        if word in headline or word in title:
            weights[word] *= words.title_weight
    return _heaviest(weights, words.count)


def _heaviest(weights: Mapping[str, float], count: int) -> tuple[str, ...]:
    """Return so many words of the greatest weight, heaviest first."""
    ranked = sorted(weights.values(), reverse=True)[:count]
    chosen = [word for word, weight in weights.items() if weight >= ranked[-1]] if ranked else []
    return tuple(sorted(chosen, key=lambda word: (-weights[word], word))[:count])


def _words(text: str, entities: Sequence[Entity], segmenter: Segmenter) -> Iterator[str]:
    """Yield names whole, and words outside of names and amounts: no 高志 of 高志诚."""
    yield from (entity.text for entity in entities if entity.type in NAMED_TYPES)
    taken = bytearray(len(text))
    for entity in entities:
        taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    words = segmenter.cut(text)
    edges = np.cumsum([0, *map(len, words)])
    before = np.append(0, np.cumsum(np.frombuffer(taken, np.uint8)))[edges]
    yield from compress(words, (before[1:] == before[:-1]).tolist())


def normalize_term(word: str) -> str:
    """Return a word as the index has it: no blanks around it, Latin letters small."""
    return word.strip().lower()


def _is_term(word: str) -> bool:
    return MIN_TERM_LENGTH <= len(word) <= MAX_TERM_LENGTH and (word.isalnum() or any(map(str.isalnum, word)))


def _is_word(word: str) -> bool:
    return len(word) <= MAX_TERM_LENGTH and (word.isalpha() or any(map(str.isalpha, word)))
