"""Decide whether two texts are the same report, whatever their header, script, width or cut.

`signature` finds likely pairs by MinHash, `is_reprint` decides. Another difference to ignore is one more step
in `fold_text`; whatever changes a signature needs a migration, see decision 0076.
"""

import re
from collections import Counter
from collections.abc import Sequence

from etl.text.folding import reprint_folding

# Characters that make one row; shorter rows are shared by chance, longer ones break too easily.
SHINGLE = 6
# So much of one of two texts stands in the other one, the rest being headers and tails; and between
# the first and the last common row so much, which is one changed character in sixty.
SHARED, SHARED_INSIDE = 0.75, 0.9
# The yearly report of the same ceremony has other numbers: one of them or so many may be missing there.
LOST_NUMBERS = 0.25
# Reports that are shorter without marks and spaces (some 60 with them) say too little to be told apart.
LEAST_CHARACTERS = 50
# Of longer ones the beginning decides, so that one huge report does not fill the memory.
MOST_CHARACTERS = 50_000
# Numbers that a signature holds, each of two values of the sketch: texts with half of their rows in common
# have one of them in common in 997 of 1,000 cases, with a tenth in 18 of 100.
BANDS = 20
SEED = 1
# Values of 40 that must agree before texts are compared; with half in common fewer do once in 10,000 cases.
LEAST_EQUAL = 6
NUMBER = re.compile(r"\d+|[〇零一二三四五六七八九十]{2,}")
MARKS = re.compile(r"[\W_]+")
LOW, SIGN, ALL = (1 << 32) - 1, 1 << 63, 1 << 64


def fold_text(text: str) -> str:
    """Fold the beginning of a text: simplified characters, half width, no marks and spaces.

    >>> fold_text("王 芳，捐贈３萬元。")
    '王芳捐赠3万元'
    """
    head = MARKS.sub("", text[: 2 * MOST_CHARACTERS])[:MOST_CHARACTERS]
    return reprint_folding().fold(head)


def signature(flat: str) -> tuple[int, ...]:
    """Return the MinHash of a folded text as `BANDS` numbers of 64 bits; similar texts likely share one.

    Empty for a text that is too short to be told from another.
    """
    if len(flat) < LEAST_CHARACTERS:
        return ()
    from rensa import RMinHash  # noqa: PLC0415 - only new reports are signed

    sketch = RMinHash(num_perm=2 * BANDS, seed=SEED)
    sketch.update(list(_shingles(flat)))
    digest = sketch.digest()
    pairs = zip(digest[::2], digest[1::2], strict=True)
    return tuple(_signed(first << 32 | second) for first, second in pairs)


def resemble(one: Sequence[int], other: Sequence[int]) -> bool:
    """Check whether two signatures have `LEAST_EQUAL` or more values in common, so that comparing pays."""
    different = [a ^ b for a, b in zip(one, other, strict=True)]
    equal = sum((bits >> 32 == 0) + (bits & LOW == 0) for bits in different)
    return equal >= LEAST_EQUAL


def is_reprint(one: str, other: str) -> bool:
    """Check whether two folded texts are the same report, at most cut, under another header, or mistyped.

    >>> is_reprint("今天上午全镇召开防疫工作会议会期一天", "本报讯今天上午全镇召开防疫工作会议会期一天")
    True
    >>> is_reprint("12日上午全镇召开防疫工作会议会期10天", "18日上午全镇召开防疫工作会议会期12天")
    False
    """
    return _within(one, other) or _within(other, one)


def _within(text: str, other: str) -> bool:
    """Check whether most of a text stands in another one, except for a header, a tail and some characters."""
    rows = _shingles(other)
    common = [at for at in range(_count(text)) if text[at : at + SHINGLE] in rows]
    if len(common) < max(1, SHARED * _count(text)):
        return False
    if len(common) < SHARED_INSIDE * (common[-1] + 1 - common[0]):
        return False
    numbers = Counter(NUMBER.findall(text[common[0] : common[-1] + SHINGLE]))
    lost = (numbers - Counter(NUMBER.findall(other))).total()
    return lost <= max(1, LOST_NUMBERS * numbers.total())


def _shingles(flat: str) -> set[str]:
    return {flat[at : at + SHINGLE] for at in range(_count(flat))}


def _count(flat: str) -> int:
    """Return the number of shingles of a text."""
    return max(0, len(flat) - SHINGLE + 1)


def _signed(number: int) -> int:
    """Return a number of 64 bits as the signed one with the same bits, as MongoDB holds it."""
    return number - ALL if number >= SIGN else number
