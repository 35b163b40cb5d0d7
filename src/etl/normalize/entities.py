"""Replace character references of HTML, left over in texts from web pages, by their signs: &ldquo; is “.

Done: names and numbers of quotation marks, dashes, dots, spaces, and of letters with accents, wherever
the text holds Chinese. Not done: &lt; and &gt;, which would make tags of words. A new name is one entry
in `NAMES`.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN
from etl.text.expressions import compiled

NAMES: dict[str, str] = dict(
    pair.split("=", 1)
    for pair in (
        *("ldquo=“", "rdquo=”", "lsquo=‘", "rsquo=’", "laquo=«", "raquo=»", 'quot="', "apos='", "amp=&"),
        *("mdash=—", "ndash=–", "hellip=…", "middot=·", "bull=•", "times=×", "divide=÷", "permil=‰"),
        *("nbsp= ", "ensp= ", "emsp=\u3000", "thinsp= ", "deg=°", "plusmn=±", "yen=¥", "pound=£", "euro=€"),
        *("copy=©", "reg=®", "eacute=é", "egrave=è", "uuml=ü", "ouml=ö", "auml=ä", "szlig=ß"),
    )
)
_ENTITY = compiled(r"&(?:([A-Za-z]{2,8})|#(\d{2,6})|#[xX]([0-9A-Fa-f]{2,5}));")
# Numbers may name any sign of print, but no control character and no half of one.
_PRINTED = compiled("[!-;=?-~\u00a1-\u00ff\u2010-\u2027\u2030-\u205e\u2190-\u25ff\u3001-\u9fff\uff01-\uff5e]")
_SIGN = "&"


def write_entities(text: str) -> Iterator[Edit]:
    """Yield edits that write signs in the place of their names or numbers in HTML.

    >>> [e.replacement for e in write_entities("落实&ldquo;双减&#8221;政策")]
    ['“', '”']
    """
    if _SIGN not in text or not HAN.search(text):
        return
    for match in _ENTITY.finditer(text):
        if sign := _sign(match):
            yield Edit(match.start(), match.end(), sign, "entity")


def _sign(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return NAMES.get(name, "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if _PRINTED.match(chr(code)) else ""
