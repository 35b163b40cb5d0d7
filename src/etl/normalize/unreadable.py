"""Count what nobody can read in a text: characters that were lost before the report was found.

Done: U+FFFD, glyphs without a name ((cid:12)), text read in a wrong encoding (锟斤拷, 烫烫烫, rows of Latin
letters with accents), runs of private use. Not done: a single private-use character, which may be a rare
name. A new trace of loss is one more alternative in `TRACES`.
"""

import re

# Latin letters that UTF-8 or GB bytes become, four in a row; no language of Europe has that.
_MISREAD = "\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc†‡•‰‹›€™"
TRACES = re.compile(
    r"\ufffd+"
    r"|\(cid:\d{1,6}\)|（cid:\d{1,6}）"
    r"|[锟斤拷]{3,}|锘縚?|(?:烫烫|屯屯|葺葺){2,}烫?"
    r"|[\ue000-\uf8ff\U000f0000-\U0010fffd]{2,}"
    rf"|(?=[{_MISREAD}]*[\u0080-\u00a0\u00c0-\u00ff])[{_MISREAD}“”‘’–—…]{{4,}}"
)


def unreadable(text: str) -> int:
    """How many characters of a text are unreadable.

    >>> unreadable("全县共有党员(cid:1117)千余名"), unreadable("他在 Curaçao 和 Besançon 住过")
    (10, 0)
    """
    return sum(match.end() - match.start() for match in TRACES.finditer(text)) if not text.isascii() else 0
