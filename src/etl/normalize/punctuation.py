"""Set half-width , ; : ? ! full width between or after Chinese text.

Done: marks behind Chinese, and behind a number or a word or two of Latin inside a Chinese sentence when
Chinese follows. Not done: marks inside numbers (3,000), clocks and scores (12:30, 3:2), between two
Latin words or numbers, in English sentences, addresses, file names and code; the full stop, which
nobody can tell from a decimal point. A new mark is one entry in `FULL_WIDTH_MARKS`.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN, Protected, after, before, is_chinese, is_shared, latin_run

FULL_WIDTH_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK = re.compile("[,;:?!]")
_FACE = re.compile(r"[:;]-?[)(DPp3](?![A-Za-z0-9])")
_UNITS = frozenset("%‰℃°")
# A Latin stretch with more words than this is English, not a name inside a Chinese sentence.
_WORDS = 2


def widen_punctuation(text: str) -> Iterator[Edit]:
    """Yield edits that widen half-width marks.

    >>> [(e.start, e.replacement) for e in widen_punctuation("捐款3,000元,物资5吨;口罩")]
    [(8, '，'), (13, '；')]
    """
    if not _MARK.search(text) or not HAN.search(text):
        return
    protected = Protected(text)
    widened = -1
    for match in _MARK.finditer(text):
        at = match.start()
        if at in protected:
            continue
        if widened == at - 1 or _is_chinese_mark(text, at):  # ?! and the like go together
            widened = at
            yield Edit(at, at + 1, FULL_WIDTH_MARKS[text[at]], "punctuation")


def _is_chinese_mark(text: str, at: int) -> bool:
    left, behind = before(text, at)
    following = text[at + 1 : at + 2]
    if not left or (text[at] in ":;" and _FACE.match(text, at)):
        return False
    if is_chinese(left):
        return not text.startswith("://", at)
    if is_shared(left):
        return not (following == " " and after(text, at + 1)[0].isascii())
    if left in FULL_WIDTH_MARKS:
        return False
    return _is_after_latin(text, at, behind)


def _is_after_latin(text: str, at: int, behind: int) -> bool:
    """Check whether a mark belongs to Chinese though a number or Latin word stands before it.

    ``behind`` is the offset where that word ends; spaces may stand between it and the mark.
    """
    following = text[at + 1 : at + 2]
    right, _ = after(text, at + 1)
    words, after_chinese = latin_run(text, behind)
    if words > _WORDS:
        return False
    if is_chinese(following):
        return True
    if not after_chinese:
        return False
    if not right or is_shared(right) or is_chinese(right):
        return True
    return text[at] in ",;" and text[behind - 1] in _UNITS and following != " "
