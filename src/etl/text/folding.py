"""Fold characters for comparison: traditional to simplified, full width to half width, one for one.

Every fold keeps each offset, so that what is found in the folded text stands at the same place in the text.
There are three folds over the same tables, since their results are stored or learnt: `extraction_folding`
keeps characters that are right in both scripts, `reprint_folding` makes the signatures of stored reports (a
change needs a migration), `widen_marks` is the alphabet that the models of repair were trained with. What
search compares is `etl.search.folding`, which drops blanks and so keeps no offset.
"""

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from opencc import OpenCC

# Stands between characters that no phrase of a dictionary may bridge; no dictionary holds it.
SEPARATOR = "\x1e"
# The planes of common ideographs, and those beyond them.
COMMON = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
LAST_IDEOGRAPH = 0x2FFFF
EVERY = (*COMMON, (0x20000, LAST_IDEOGRAPH))
# Traditional in one word, simplified in another (乾隆, 瞭望, 慰藉, 宫商角徵羽).
KEPT = frozenset("乾瞭藉徵著")
# Each character of ASCII by its form of full width; and those from ０ to ｚ.
NARROW = {chr(0xFF01 + at): chr(0x21 + at) for at in range(94)}
HALF_WIDTH = {wide: half for wide, half in NARROW.items() if "０" <= wide <= "ｚ"}
LOWER_CASE = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
# No character: half of one, as broken decoders leave it. Libraries refuse a text that holds one.
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
WIDE_MARKS = tuple(zip(",;:()?!．％", "，；：（）？！.%", strict=True))

# A shorter text is folded sooner character by character.
MIN_LENGTH_AT_ONCE = 100


class Folding(dict[int, str]):
    """A table for `str.translate` that gives each character one; `fold` does the same sooner."""

    def fold(self, text: str) -> str:
        """Return the text folded, all characters at once.

        >>> Folding({ord("漢"): "汉"}).fold("漢字")
        '汉字'
        """
        if len(text) < MIN_LENGTH_AT_ONCE:
            return text.translate(self)
        from etl.text.code_points import code_points, from_code_points  # noqa: PLC0415 - numpy, for long texts

        try:
            return from_code_points(self._folded[code_points(text)])
        except IndexError:  # beyond the planes that the table has
            return text.translate(self)

    @cached_property
    def _folded(self) -> "NDArray[np.uint32]":
        """For the number of each character, up to the last that is folded, the number of its form."""
        import numpy as np  # noqa: PLC0415 - as above

        table = np.arange(LAST_IDEOGRAPH + 1, dtype=np.uint32)
        table[list(self)] = [ord(form) for form in self.values()]
        return table


def whole_characters(text: str) -> str:
    """Replace halves of characters (lone surrogates) by U+FFFD; the text stays as long."""
    return HALF_CHARACTER.sub("\ufffd", text)


@cache
def converter(config: str) -> "OpenCC":
    """Return OpenCC's converter of a configuration, whose dictionaries are read once a process."""
    from opencc import OpenCC  # noqa: PLC0415 - only who folds or converts needs its tables

    return OpenCC(config)


@cache
def characters(config: str, blocks: tuple[tuple[int, int], ...] = COMMON) -> dict[str, str]:
    """Return the ideographs that an OpenCC configuration changes on their own, each with its new form.

    OpenCC converts each character alone, which keeps tables of phrases out. (The table of variants beside the
    tagger would not do: it maps 三 to 叁, 原 to 塬 and 规 to 規.)
    """
    every = [chr(code) for start, stop in blocks for code in range(start, stop + 1)]
    forms = str(converter(config).convert(SEPARATOR.join(every))).split(SEPARATOR)
    return {old: new for old, new in zip(every, forms, strict=True) if old != new}


def simplify(text: str) -> str:
    """Return the text in simplified characters, each on its own; for looking words up."""
    return text if text.isascii() else _simplified().fold(text)


@cache
def _simplified() -> Folding:
    return Folding(str.maketrans(characters("t2s")))


def extraction_folding() -> Folding:
    """Return the table that lets one lexicon read both scripts and both widths."""
    simplified = {a: b for a, b in characters("t2s", EVERY).items() if len(b) == 1 and a not in KEPT}
    narrow = {a: b for a, b in HALF_WIDTH.items() if a.isalnum()}
    return Folding(str.maketrans(simplified | narrow | {"％": "%", "﹪": "%"}))


@cache
def reprint_folding() -> Folding:
    """Return the table that gives two prints of one report the same characters: also lower case."""
    narrow = {a: b.lower() for a, b in HALF_WIDTH.items()}
    return Folding(str.maketrans(characters("t2s") | narrow | LOWER_CASE))


def widen_marks(text: str) -> str:
    """Return the text with half-width punctuation as the full width that the models know."""
    for half, full in WIDE_MARKS:  # nine times faster than a translation
        text = text.replace(half, full)
    return text
