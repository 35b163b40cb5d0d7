"""Fold a text to what search compares: no spaces, one width, small letters; every character a word.

Scripts are not folded: both of a report's texts are indexed, and a query is asked for as it was typed and as
it reads in the other script. A change here is one more in `tables.FORM`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable

from etl.text.folding import NARROW, whole_characters

PARAGRAPH = "\u2029"
_CONTROLS = [*map(chr, range(0x20)), "\x7f"]
_SPACES = [*_CONTROLS, *(one for one in map(chr, range(0x3001)) if one.isspace())]
# Letters and digits narrow, marks wide: those that are narrow part words in the index.
_TABLE = str.maketrans(
    dict.fromkeys(_SPACES, "")
    | {wide: half for wide, half in NARROW.items() if half.isalnum()}
    | {half: wide for wide, half in NARROW.items() if not half.isalnum()}
    | {"\n": PARAGRAPH, PARAGRAPH: PARAGRAPH, "｡": "。", "､": "、"}
)
_GONE = re.compile(f"[{re.escape(''.join(chr(code) for code, form in _TABLE.items() if not form))}]")


def fold(text: str) -> str:
    """Fold a text as search compares it.

    >>> fold("ＡＢ c, 中 国")
    'abc，中国'
    """
    return _small(whole_characters(text)).translate(_TABLE)


def fold_query(text: str) -> str:
    """Fold what was typed; empty lines and those at its ends part no paragraphs."""
    return re.sub(f"{PARAGRAPH}+", PARAGRAPH, fold(text)).strip(PARAGRAPH)


def unfolded_offsets(text: str) -> Callable[[int], int]:
    """Return what tells the offset in the text of a character of the folded one.

    >>> offset = unfolded_offsets("甲 乙  丙")
    >>> offset(0), offset(1), offset(2)
    (0, 2, 5)
    """
    gone = [found.start() - k for k, found in enumerate(_GONE.finditer(text))]
    return lambda at: at + bisect_right(gone, at)


def spell_out(folded: str) -> str:
    """Write a folded text as the index reads it, each character a word."""
    return " ".join(folded)


def _small(text: str) -> str:
    """Lower the case, each letter by itself where the length would change."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := one.lower()) == 1 else one for one in text)
