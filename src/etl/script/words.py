"""Let words decide where OpenCC's longest match would bridge two of them: 包括|发动机 holds no 括发.

OpenCC takes the longest phrase from the left, also across words. The text is converted once as a whole
and once word by word; where the two differ, the phrase that made the difference is sought, and it loses if it
begins or ends inside a word. A character that phrases convert better than its own word does goes into
`_NOT_BY_WORD`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import rjieba

from etl.text.differences import differences

# OpenCC's phrases know these better than a word does: 里 in foreign names, 岳 in places, 今周刊, 一出戏院.
_NOT_BY_WORD = frozenset("里岳伙周出")
# Entries of the segmenter that are no words of reports, with OpenCC phrases that end inside them.
_NO_WORDS = frozenset({"历志"})
# Words of one character that keep their form wherever they are a word.
_SINGLE = frozenset("并才个后占了")
# Characters before a word in which a phrase begins that takes its form: as far as a phrase of two words
# reaches.
BRIDGE_REACH = 3
# Words whose forms are remembered before the memory begins anew: 1,500 news have 23,600.
KEPT_WORDS = 32_768
# Phrases longer than this are names and idioms; they win.
_LONGEST = 6


class Forms(dict[str, str]):
    """What words, or characters, are converted to on their own; each is converted once, then remembered."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, word: str) -> str:
        if len(self) >= KEPT_WORDS:
            self.clear()
        form = self[word] = self._convert(word)
        return form


def convert_by_words(text: str, convert: Callable[[str], str], form_of: Mapping[str, str]) -> str:
    """Convert a text as a whole by ``convert``, corrected where one of its phrases bridged two words.

    ``form_of`` holds what ``convert`` makes of one word.
    """
    whole = convert(text)
    if len(whole) != len(text):
        return whole
    words: list[str] = rjieba.cut(text, False)  # noqa: FBT003 - the library names no arguments
    forms = "".join(map(form_of.__getitem__, words))
    if forms == whole or len(forms) != len(whole):
        return whole
    ends = [0, *accumulate(map(len, words))]
    bridge = _Bridge(text, convert, ends)
    out, done = list[str](), 0
    for at in differences(whole, forms):
        index = bisect_right(ends, at)
        word = (ends[index - 1], ends[index])
        if words[index - 1] not in _NO_WORDS and bridge.is_torn(at, whole[at], word):
            out += (whole[done:at], forms[at])
            done = at + 1
    return "".join((*out, whole[done:]))


@dataclass(frozen=True, slots=True)
class _Bridge:
    """The search for the phrase that gave a character its form; ``ends`` ascend: where words end, and 0."""

    text: str
    convert: Callable[[str], str]
    ends: Sequence[int]

    def is_torn(self, at: int, form: str, word: tuple[int, int]) -> bool:
        """Check whether the phrase that gives the character ``at`` this form begins or ends inside a word.

        ``word`` is the span of the word that holds the character.
        """
        character = self.text[at]
        if character in _NOT_BY_WORD or (word[1] - word[0] == 1 and character not in _SINGLE):
            return False
        if self.convert(character) == form:  # the phrase took the word's own form away: 上了|解 from 瞭解
            return any(
                self._form(at, start, word[1]) == form
                for start in range(max(0, word[0] - BRIDGE_REACH), word[0])
            )
        for length in range(2, _LONGEST + 1):
            for start in range(max(0, at - length + 1), min(at, len(self.text) - length) + 1):
                if self._form(at, start, start + length) == form:
                    return not (self._is_end(start) and self._is_end(start + length))
        return False

    def _is_end(self, at: int) -> bool:
        return self.ends[bisect_left(self.ends, at)] == at

    def _form(self, at: int, start: int, end: int) -> str:
        piece = self.convert(self.text[start:end])
        return piece[at - start] if len(piece) == end - start else ""
