"""Text folded for comparison: traditional to simplified, wide to narrow, one character for each.

Folding keeps every offset, so that one lexicon and one set of expressions reads both scripts.
A character that must stay as it is goes into `KEPT`.
"""

from collections.abc import Iterable

import opencc

# Traditional in one word, simplified in another (乾隆, 瞭望, 慰藉, 宫商角徵羽).
KEPT = frozenset("乾瞭藉徵著")
WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
HAN = ((0x3400, 0x9FFF), (0x20000, 0x2FFFF))


def load_folding() -> dict[int, str]:
    """The table for `str.translate`; every value is one character long.

    OpenCC converts each character alone. (The table of variants beside the tagger would not do: it
    maps 三 to 叁, 原 to 塬 and 规 to 規.)
    """
    characters = [chr(code) for first, last in HAN for code in range(first, last + 1)]
    folded = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, folded, strict=True)
    table = {a: b for a, b in pairs if a != b and len(b) == 1 and a not in KEPT}
    return {ord(key): value for key, value in (table | WIDE | {"％": "%", "﹪": "%"}).items()}


def lengths_by_first(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Which lengths the words beginning with a character have, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
