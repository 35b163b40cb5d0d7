"""Words for search and keywords, cut by rjieba.

Words that must stay whole are added in ``config/lexicon/user_words.txt``.
"""

from collections.abc import Iterable

import rjieba

# How often jieba's dictionary would have to have seen a user word to keep it whole.
USER_WORD_FREQUENCY = 100_000


class Segmenter:
    """jieba's cuts, with the user words kept whole."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba = rjieba.Jieba()
        for word in words:
            self._jieba.add_word(word, USER_WORD_FREQUENCY, "n")

    def cut(self, text: str) -> tuple[str, ...]:
        """The words of a text, one after the other; joined they are the text."""
        return tuple(self._jieba.cut(_printable(text)))

    def search_words(self, text: str) -> tuple[str, ...]:
        """The words and, before each long one, the words within it."""
        return tuple(self._jieba.cut_for_search(_printable(text)))


def _printable(text: str) -> str:
    """Lone surrogates cannot pass into the library; each becomes a space."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("�", " ")
