"""Segment text into words for search and keywords, with rjieba.

Words that must stay whole are added in ``config/lexicon/user_words.txt``.
"""

from collections.abc import Iterable

import rjieba

# Count in jieba's dictionary at which a user word stays whole.
USER_WORD_FREQUENCY = 100_000


class Segmenter:
    """jieba's cuts, with the user words kept whole."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba = rjieba.Jieba()
        for word in words:
            self._jieba.add_word(word, USER_WORD_FREQUENCY, "n")

    def cut(self, text: str) -> tuple[str, ...]:
        """Cut a text into words; joined they are the text."""
        return tuple(self._jieba.cut(without_surrogates(text)))

    def search_words(self, text: str) -> tuple[str, ...]:
        """Cut a text into words and, before each long one, the words within it."""
        return tuple(self._jieba.cut_for_search(without_surrogates(text)))


def without_surrogates(text: str) -> str:
    """Replace lone surrogates by spaces, since they cannot pass into the library."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("�", " ")
