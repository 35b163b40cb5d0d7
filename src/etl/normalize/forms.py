"""Replace presentation forms by plain characters: vertical and small marks, ligatures, private-use signs.

Done: forms of marks for vertical print (︰ ︵), small forms (﹐), half-width Chinese marks (｡ ｢),
Latin ligatures (ﬁ); private-use characters whose meaning their place proves: the dash of a symbol
font between words, a bullet at the start of a line, a sign between numbers. Not done: any other
private-use character (it may be the only trace of a rare name), ﹒ in names, half-width kana. A new form is
one entry in `FORMS`, a new private sign one in `BULLETS` or `SIGNS`.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN_CLASS, MARK_CLASS
from etl.text.expressions import compiled

FORMS: dict[str, str] = {
    **dict(zip("︐︑︒︓︔︕︖︗︘︰", "，、。：；！？〖〗：", strict=True)),
    **dict(zip("︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈", "（）｛｝〔〕【】《》〈〉「」『』［］", strict=True)),
    **dict(
        zip(
            "﹐﹑﹔﹕﹖﹗﹙﹚﹛﹜﹝﹞﹪﹟﹠﹡﹢﹣﹤﹥﹦﹩﹫",
            "，、；：？！（）｛｝〔〕%#&*+-<>=$@",
            strict=True,
        )
    ),
    **dict(zip("｡｢｣､", "。「」、", strict=True)),
    "﹘": "—",
    **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    **dict(zip(("︱︱", "︙︙", "︙"), ("——", "……", "……"), strict=True)),
}
_FORM = compiled("|".join(sorted(map(re.escape, FORMS), key=len, reverse=True)))

# Private places of the symbol fonts that word processors put bullets in.
BULLETS = {
    **dict.fromkeys("\uf0b7\uf09f", "•"),
    **dict.fromkeys("\uf06c\uf098", "●"),
    **dict.fromkeys("\uf06e\uf0a7", "■"),
    **dict.fromkeys("\uf06f\uf0a8\uf071", "□"),
    **dict.fromkeys("\uf075\uf074", "◆"),
    **dict(zip("\uf0d8\uf0fc\uf0fe\uf0e8\uf076", "➢✓☑➔❖", strict=True)),
}
# Signs of the Symbol font, where numbers stand beside them.
SIGNS = {"\uf0b1": "±", "\uf0b4": "×", "\uf0b8": "÷", "\uf0a3": "≤", "\uf0b3": "≥", "\uf0b0": "°"}
# The dash of the same font, printed once or twice.
DASH = "\uf8e7"

_PRIVATE = compiled("[\ue000-\uf8ff]")
_WORD = f"{HAN_CLASS}{MARK_CLASS}A-Za-z0-9”’"
_DASHES = compiled(f"(?:(?<=[{_WORD}])[ \u3000]+)?{DASH}{{1,2}}[ \u3000]*")
# Whatever its font, a private sign alone before the words of a line is a bullet.
_BULLET = compiled(
    f"^[ \u3000\t]*([\ue000-\uf8e6\uf8e8-\uf8ff])(?=[ \u3000\t]+[{HAN_CLASS}A-Za-z0-9（(《“「])", re.MULTILINE
)
_KNOWN = compiled(f"[{''.join(BULLETS)}]")
_SIGN = compiled(f"(?<=[0-9])[{''.join(SIGNS)}](?=[ 0-9A-Z])|[{''.join(SIGNS)}](?=[0-9])")


def write_forms(text: str) -> Iterator[Edit]:
    """Yield edits that write plain marks in the place of presentation forms.

    >>> [e.replacement for e in write_forms("一筆錢︰第一")]
    ['：']
    """
    if not text.isascii():
        for match in _FORM.finditer(text):
            yield Edit(match.start(), match.end(), FORMS[match.group()], "presentation form")


def write_private_signs(text: str) -> Iterator[Edit]:
    """Yield edits that write dashes, bullets and signs which symbol fonts put into private places.

    >>> [e.replacement for e in write_private_signs("開支" + DASH * 2 + " 每年都在增加")]
    ['——']
    """
    if not _PRIVATE.search(text):
        return
    bullets = {m.start(1) for m in _BULLET.finditer(text)}
    dashes = [(m.start(), m.end(), "——") for m in _DASHES.finditer(text)]
    marks = [(m.start(), m.end(), BULLETS[m.group()]) for m in _KNOWN.finditer(text)]
    signs = [(m.start(), m.end(), SIGNS[m.group()]) for m in _SIGN.finditer(text)]
    known = {start for start, _, _ in (*marks, *signs)}
    others = [(at, at + 1, "•") for at in bullets - known]
    for start, end, sign in (*dashes, *marks, *signs, *others):
        yield Edit(start, end, sign, "private sign")
