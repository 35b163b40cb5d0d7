"""Tell what surrounds a place in a text: Chinese, Latin, or an address, file name or code that must stay.

The rules of all modules of this package ask it; a new kind of text that must stay as it is (an address,
a piece of code) is one more alternative in `PROTECTED`.
"""

import re
from bisect import bisect_right

from etl.text.expressions import compiled

# Ideographs of all blocks, compatibility ones included, and the zero 〇 that stands among them.
HAN_CLASS = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Marks that only Chinese typesetting has. The ideographic space is a space, not a mark.
MARK_CLASS = "\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufe30-\ufe4f"
# Marks that English print has too.
SHARED_CLASS = "“”‘’…—·"

HAN = compiled(f"[{HAN_CLASS}]")
STRONG = compiled(f"[{HAN_CLASS}{MARK_CLASS}]")
WORDY = compiled(r"[A-Za-z0-9]")

_LATIN_WORD = compiled(r"[A-Za-z][!-~]*")

# What is looked back over when the mark stands behind a number or a Latin word.
REACH = 64

_FILE = "docx?|xlsx?|pptx?|pdf|txt|csv|json|xml|html?|zip|rar|7z|gz|jpe?g|png|gif|mp[34]|avi|wps|py|exe|md"
PROTECTED = compiled(
    r"(?:https?|ftp|file)://[!-~]*[\w/=&#%~-]"  # an address, without the mark that ends its sentence
    r"|(?<![\w.])www\.[!-~]*[\w/=&#%~-]"
    r"|(?<![A-Za-z])[A-Za-z]:\\[^\s,;，；。]*"  # a path
    rf"|(?<![\w()-])[\w()-]+\.(?:{_FILE})(?![A-Za-z0-9])"
    r"|`[^`\n]{0,500}`"
    r"|</?[A-Za-z!][^<>\n]{0,200}>"
    r"|&#?\w{2,8};"  # a sign by its name
    r"|\(cid:\d{1,6}\)"  # a glyph that nobody could name
    # a line of JSON
    r'|^[ \t]{0,40}"[^"\n]{1,60}"[ \t]?:[ \t]?(?:"[^"\n]{0,2000}"|[\[{]|[\d.]{1,40}|true|false|null)?,?$'
    r"|\{[^{}\n]{0,500}\"[^{}\n]{0,500}\}"
    r'|^[ \t>]{0,40}[{\[]"[^\n]*[}\]],?[ \t]*$'  # an object or list on a line of its own, however long
    r"|(?<![\w.])[A-Za-z_][\w.]*\((?=[\"'])[^()\n]{0,500}\)",
    re.ASCII | re.MULTILINE,
)
# A cheap look whether any of the above can be there.
_MAYBE_PROTECTED = compiled(
    rf"://|&|\(cid:|\"[ \t]*:|www\.|:\\|[`<{{]|[(\[][\"']|\.(?:{_FILE})(?![A-Za-z0-9])"
)
# File names may be Chinese, which the ASCII flag above leaves out.
_FILE_NAME = compiled(rf"(?<![\w()（）-])[\w()（）-]+\.(?:{_FILE})(?![A-Za-z0-9])")


class Protected:
    """The stretches of one text that no rule may touch: addresses, file names, code."""

    def __init__(self, text: str) -> None:
        found = []
        if _MAYBE_PROTECTED.search(text):
            found = [m.span() for m in PROTECTED.finditer(text)]
            found += [m.span() for m in _FILE_NAME.finditer(text)]
            found.sort()
        self._starts = [start for start, _ in found]
        self._ends: list[int] = []
        for _, end in found:
            self._ends.append(max(end, self._ends[-1]) if self._ends else end)

    def __contains__(self, position: object) -> bool:
        """Check whether the character at this offset lies in such a stretch."""
        if not self._starts or not isinstance(position, int):
            return False
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]


def is_chinese(character: str) -> bool:
    """Check whether a character is an ideograph or a mark that only Chinese print has."""
    return bool(character) and STRONG.match(character) is not None


def is_shared(character: str) -> bool:
    """Check whether a character is a mark of Chinese print that English print has too."""
    return bool(character) and character in SHARED_CLASS


def before(text: str, position: int) -> tuple[str, int]:
    """Return the character before an offset, spaces skipped, and the offset behind it; '' at a line start."""
    at = position
    while at > 0 and text[at - 1] == " ":
        at -= 1
    return ("" if at == 0 or text[at - 1] == "\n" else text[at - 1], at)


def after(text: str, position: int) -> tuple[str, int]:
    """Return the character at or behind an offset, spaces skipped, and its own offset; '' at a line's end."""
    at = position
    while at < len(text) and text[at] == " ":
        at += 1
    return ("" if at == len(text) or text[at] == "\n" else text[at], at)


def latin_run(text: str, position: int) -> tuple[int, bool]:
    """Count the words, not numbers, of the Latin stretch that ends at an offset; say if Chinese precedes it.

    Only the last `REACH` characters are looked at.

    >>> latin_run("约占RCEP", 6)
    (1, True)
    >>> latin_run("he is in the room", 17)
    (5, False)
    """
    at, stop = position, max(0, position - REACH)
    while at > stop and (" " <= text[at - 1] <= "~" or text[at - 1] in "℃‰°"):
        at -= 1
    words = len(_LATIN_WORD.findall(text, at, position))
    return words, at > stop and (is_chinese(text[at - 1]) or is_shared(text[at - 1]))
