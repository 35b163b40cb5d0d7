"""Write once what a fake bold face printed two or three times: 石石桥桥县县 is 石桥县.

Done: lines all of whose characters come in twos or threes, and stretches of four such within a line.
Not done: words that Chinese doubles itself (干干净净, 爷爷奶奶), told by the segmenter's dictionary;
numbers and Latin on their own, which prove nothing. `_is_fake` decides.
"""

from collections.abc import Iterator
from itertools import pairwise

import rjieba

from etl.model.traced import Edit
from etl.normalize.context import HAN, HAN_CLASS
from etl.text.expressions import compiled
from etl.text.folding import simplify

# Twos and threes; the threes are tried first, since each holds a two.
_TIMES = (3, 2)
_RUNS = {times: compiled(rf"(?:(\S)\1{{{times - 1}}})+") for times in _TIMES}
_CHEAP = compiled(rf"([{HAN_CLASS}])\1+([{HAN_CLASS}])\2")
_LINE = compiled(r"[^\n]+")
_WORDS = compiled(r"\S+")
# Different characters of a stretch, and characters of one in a line that is not doubled all over.
_DIFFERENT, _PART = 3, 4
# The share of characters that may belong to words which are doubled by nature. With these, all of 590 titles
# printed so are undone, and nothing in undamaged texts (decision 0032).
_NATURAL = 0.5


def undouble(text: str) -> Iterator[Edit]:
    """Yield edits that write characters once that were printed two or three times.

    >>> [e.replacement for e in undouble("石石桥桥县县简简报报")], list(undouble("干干净净，高高兴兴"))
    (['石桥县简报'], [])
    """
    if not _CHEAP.search(text):
        return
    for line in _LINE.finditer(text):
        if _CHEAP.search(line.group()):
            for start, end, once in _doubled(line.group()):
                yield Edit(line.start() + start, line.start() + end, once, "doubled glyphs")


def _doubled(line: str) -> Iterator[tuple[int, int, str]]:
    for times in _TIMES:
        pieces = [m.span() for m in _WORDS.finditer(line)]
        whole = all(_RUNS[times].fullmatch(line, *piece) for piece in pieces)
        runs = pieces if whole else [m.span() for m in _RUNS[times].finditer(line)]
        stretches = [line[a:b] for a, b in runs]
        if whole:
            if _is_fake("".join(stretches), times, _DIFFERENT):
                yield from ((a, b, line[a:b:times]) for a, b in runs)
                return
            continue
        found = [(a, b) for a, b in runs if _is_fake(line[a:b], times, _PART)]
        if found:
            yield from ((a, b, line[a:b:times]) for a, b in found)
            return


def _is_fake(stretch: str, times: int, least: int) -> bool:
    """Check whether a stretch was printed ``times`` times: enough ideographs, few in words like 高高兴兴."""
    once = stretch[::times]
    characters = HAN.findall(once)
    if len(characters) < least or len(set(characters)) < _DIFFERENT:
        return False
    words: list[str] = rjieba.cut(simplify(stretch), False)  # noqa: FBT003 - the library names no arguments
    natural = sum(len(HAN.findall(word)) for word in words if _is_doubled(word))
    return natural <= _NATURAL * times * len(characters)


def _is_doubled(word: str) -> bool:
    """Check whether a word holds a character twice in a row: 妈妈, 高高兴兴."""
    return any(a == b for a, b in pairwise(word))
