"""Read plain text: decoded bytes with one kind of line end; the ground that the other readers stand on.

A form feed stays in the text and its offset goes into ``breaks``. There is nothing to add here:
what changes words or lines belongs to repair and normalize.
"""

import re

from etl.errors import RejectError
from etl.model import Encoding, LineEnd, RawReport, Reading
from etl.read.encoding import decode
from etl.read.marked import line_ends_by_marks

FORM_FEED = re.compile("\f")
# What a text may consist of and still be blank, beside white space: zero-width characters.
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\x1a"


def read_plain(raw: RawReport) -> Reading:
    """Return the text of a report as it stands.

    Raises:
        RejectError: ``encoding``, ``binary`` or ``blank``.
    """
    decoded = decode(raw.payload)
    text = unify_lines(decoded.text)
    return reading(text, decoded.encoding, line_ends_by_marks(text))


def reading(text: str, encoding: Encoding, line_ends: tuple[LineEnd, ...] = ()) -> Reading:
    """Return a Reading of ``text``, its breaks at the form feeds.

    Raises:
        RejectError: ``blank`` when there is nothing to read in the text.
    """
    if not text.strip() or not text.strip(INVISIBLE + " \t\n\u3000").strip():
        raise RejectError(
            "read",
            "blank",
            f"found {len(text)} characters, all of them white space; expected a report; check its source",
        )
    return Reading(text, form_feeds(text), encoding, line_ends)


def form_feeds(text: str) -> tuple[int, ...]:
    """Return the offsets at which a text says that pages end."""
    return tuple(match.start() for match in FORM_FEED.finditer(text)) if "\f" in text else ()


def unify_lines(text: str) -> str:
    r"""Write ``\n`` for every line end of the text.

    >>> unify_lines("a\r\nb\rc")
    'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
