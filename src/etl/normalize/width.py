"""Write digits and letters in half width, and the signs inside a number that was all full width.

Done: ０-９, Ａ-Ｚ, ａ-ｚ; within such a number or word also ．－／：，＠＿％＋ where they belong to it
(１．５, ２０２０－０２－０３, １２：３０). Not done: ％ ＋ － ～ ． elsewhere, since Chinese print sets
them full width between Chinese and in names such as 中国－中亚 or 5＋1; a new sign that belongs
to numbers goes into `_WHOLE`.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.text.folding import NARROW

_WIDE = "０-９Ａ-Ｚａ-ｚ"
_HALF = str.maketrans(NARROW)
ANY = re.compile(f"[{_WIDE}]")
_DATE = "[０-９]{4}－[０-９]{1,2}－[０-９]{1,2}"
_CLOCK = "[０-９]{1,2}：[０-９]{2}(?:：[０-９]{2})?(?![０-９])"
_GROUPED = "[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])(?:．[０-９]+)?"
_ADDRESS = f"[{_WIDE}]+(?:[．－＿][{_WIDE}]+)*＠[{_WIDE}]+(?:[．－][{_WIDE}]+)+"
_DECIMAL = f"[{_WIDE}]+(?:．[{_WIDE}]+)*"
# An address may begin only where a word begins, so that a long word is walked once.
_WHOLE = re.compile(
    f"(?<![{_WIDE}．－＿])(?:{_ADDRESS}|{_DATE}|{_CLOCK}|{_GROUPED})|(?<![{_WIDE}])[０-９]+％|{_DECIMAL}"
)


def narrow_alphanumerics(text: str) -> Iterator[Edit]:
    """Yield edits that write full-width digits and letters in half width.

    >>> [(e.start, e.end, e.replacement) for e in narrow_alphanumerics("增长１．５％，达３月")]
    [(2, 5, '1.5'), (8, 9, '3')]
    """
    if text.isascii() or not ANY.search(text):
        return
    for match in _WHOLE.finditer(text):
        yield Edit(match.start(), match.end(), match.group().translate(_HALF), "width")
