"""Classify characters by one table over code points, so that a whole text is looked up with one index.

`kinds` does that. A new kind of character is one more number or bit in `_table`.
"""

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.uint16]

END_CLASSES = (
    "。！？︒︕︖",
    "…︙",
    "”’」』﹂﹄",
    "；︔",
    "：︓",
    "，︐",
    "、︑",
    "）》】〉︶︾︼﹀",
    "（《【〈“‘「『︵︽︻︿﹁﹃",
    "—-－~︱",
    "0123456789",
    ".·",
)
STOP, ELLIPSIS, CLOSING_QUOTE, SEMICOLON, COLON, COMMA = range(6)
PAUSE, CLOSING_BRACKET, OPENING, DASH, DIGIT, POINT = range(6, len(END_CLASSES))
"""Classes of marks and digits, those that end a sentence first."""

LETTER_CLASS, HAN_CLASS, OTHER_CLASS = len(END_CLASSES), len(END_CLASSES) + 1, len(END_CLASSES) + 2
"""Classes of characters that can be seen; kinds of blanks follow."""

NEWLINE, FEED, BREAK, BLANK, TAB, WIDE, UNSEEN = range(OTHER_CLASS + 1, OTHER_CLASS + 8)
"""Line ends of three kinds, blanks of three widths, and what is neither seen nor a blank."""

BLANKS = (
    (NEWLINE, "\n"),
    (FEED, "\f\v"),
    (BREAK, "\x1c\x1d\x1e\x85\u2028\u2029"),
    (
        BLANK,
        "\r\x1f \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f",
    ),
    (TAB, "\t"),
    (WIDE, "\u3000"),
    (UNSEEN, "\u200b\ufeff"),
)
MARGIN = np.array([1] * TAB + [4, 2, 0], np.int32)
"""How many spaces each kind counts in a margin."""

# Parts of an entry of the table: the lowest five bits are the kind, the next two how narrow print sets it.
KIND = np.uint16(31)  # mask of the kind
NARROW = 32  # what one step of narrowness adds
# Code points, by the definition of Unicode and UTF-8.
END_OF_ASCII = 0x80
FIRST_LONG = 0x800  # the first that takes three bytes in UTF-8
FIRST_HAN, LAST_HAN = ord("一"), ord("鿿")
LAST_HIGH = 0xFFFF  # the last one of the table; all beyond share one entry
SURROGATES = slice(0xD800, 0xE000)


def _table() -> Kinds:
    """Return an entry for each code point: its kind, and its narrowness (0 to 3)."""
    out = np.full(LAST_HIGH + 2, OTHER_CLASS + NARROW, np.uint16)
    out[:END_OF_ASCII] = out[SURROGATES] = OTHER_CLASS + 3 * NARROW
    out[END_OF_ASCII:FIRST_LONG] = OTHER_CLASS + 2 * NARROW
    out[-1] = OTHER_CLASS  # all that lie beyond
    out[FIRST_HAN : LAST_HAN + 1] = HAN_CLASS + NARROW
    letters = "".join(c for c in map(chr, range(END_OF_ASCII)) if c.isalpha())
    for kind, chars in (*enumerate(END_CLASSES), (LETTER_CLASS, letters), *BLANKS):
        at = [ord(c) for c in chars]
        out[at] = out[at] - (out[at] & KIND) + kind
    return out


TABLE = _table()
_ENTRIES = np.arange(4 * NARROW, dtype=np.uint16)
THIN = np.where((_ENTRIES & KIND > OTHER_CLASS) & (_ENTRIES & KIND != UNSEEN), 0, _ENTRIES // NARROW - 1.0)
THIN = THIN.astype(np.int8)
"""By entry of the table the steps of narrowness over a character of Han; 0 for blanks."""


def kinds(text: str) -> Kinds:
    """Return the entry of `TABLE` for each character of a text; [characters]."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return TABLE.take(codes, mode="clip")


def classes(*chosen: int) -> Bools:
    """Return a mask [classes] of the chosen classes of characters, to be indexed with arrays of classes."""
    out = np.zeros(OTHER_CLASS + 1, np.bool_)
    out[list(chosen)] = True
    return out


RUNNING = classes(COMMA, PAUSE, DIGIT, LETTER_CLASS, HAN_CLASS)
"""Ends at which a sentence may have broken off: behind a comma, in a number, in a word."""

CLAUSE, SENTENCE = classes(SEMICOLON, COMMA, PAUSE), classes(STOP, ELLIPSIS)
ENTRY_END = classes(STOP, ELLIPSIS, SEMICOLON)
"""Ends of sentences, those of items of an enumeration included."""

CLOSED_END = classes(STOP, ELLIPSIS, SEMICOLON, COLON, COMMA, PAUSE)
"""Ends of a sentence or clause; nothing printed at the edge of a page ends so."""

STOPS = classes(STOP, ELLIPSIS, CLOSING_QUOTE, SEMICOLON, COLON, POINT)
"""Ends of paragraphs."""

NEVER_FIRST, LATIN = classes(STOP, SEMICOLON, COMMA, PAUSE), classes(DIGIT, LETTER_CLASS)
CLOSING = classes(CLOSING_QUOTE, CLOSING_BRACKET)
