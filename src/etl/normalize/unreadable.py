"""Count what nobody can read in a text: characters that were lost before the report was found.

Done: U+FFFD, glyphs without a name ((cid:12)), text read in a wrong encoding (锟斤拷, 烫烫烫, rows of Latin
letters with accents), runs of private use. Not done: a single private-use character, which may be a rare
name. A new trace of loss is one more alternative in `TRACES`, its first character in `_FIRST`.
"""

import re

# What bytes of UTF-8 or GB become as Latin letters, four in a row of which two have accents: no language of
# Europe has that.
_MISREAD = re.compile(
    "[\u0080-\u009f\u00a1-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc‰‹›€™]{4,}"
)
_ACCENTED = re.compile("[\u0080-\u009f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]")
_ACCENTS = 2
# What a trace begins with: looked for first, since hardly a place in a text has it.
_FIRST = "[\ufffd(（锟斤拷锘烫屯葺\ue000-\uf8ff\U000f0000-\U0010fffd]"
TRACES = re.compile(
    f"(?={_FIRST})(?:"
    r"\ufffd+"
    r"|\(cid:\d{1,6}\)|（cid:\d{1,6}）"
    r"|[锟斤拷]{3,}|锘縚?|(?:烫烫|屯屯|葺葺){2,}烫?"
    r"|[\ue000-\uf8ff\U000f0000-\U0010fffd]{2,})"
)


def unreadable(text: str) -> int:
    """Return how many characters of a text are unreadable.

    >>> unreadable("全县共有党员(cid:1117)千余名"), unreadable("他在 Curaçao 和 Besançon 住过")
    (10, 0)
    """
    if text.isascii():
        return 0
    lost = sum(match.end() - match.start() for match in TRACES.finditer(text))
    rows = (row.group() for row in _MISREAD.finditer(text))
    return lost + sum(len(row) for row in rows if len(_ACCENTED.findall(row)) >= _ACCENTS)
