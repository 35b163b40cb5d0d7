"""Read plain text: decoded bytes with one kind of line end, on which the other readers build.

A form feed stays in the text and its offset goes into ``breaks``. There is nothing to add here: changes of
words or lines belong to repair and normalize.
"""

import re

from etl.model.errors import RejectError
from etl.model.report import Encoding, LineEnd, RawReport, Reading
from etl.read.encoding import decode
from etl.read.marked import line_ends_by_marks

FORM_FEED = re.compile("\f")
# What a text may consist of and still be blank, beside white space: zero-width characters.
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\x1a"


def read_plain(raw: RawReport) -> Reading:
    """Read the text of a report as it stands, with the line ends that marks settle.

    Raises:
        RejectError: ``encoding``, ``binary`` or ``blank``.
    """
    decoded = decode(raw.payload)
    text = unify_lines(decoded.text)
    return make_reading(text, decoded.encoding, line_ends_by_marks(text))


def make_reading(text: str, encoding: Encoding, line_ends: tuple[LineEnd, ...] = ()) -> Reading:
    """Make the `Reading` of a text, with its form feeds as page breaks.

    Raises:
        RejectError: ``blank`` when the text holds nothing but white space and zero-width characters.
    """
    if not text.strip() or not text.strip(INVISIBLE + " \t\n\u3000").strip():
        raise RejectError(
            "read",
            "blank",
            f"found {len(text)} characters, all of them white space; expected a report; check its source",
        )
    return Reading(text, form_feeds(text), encoding, line_ends)


def form_feeds(text: str) -> tuple[int, ...]:
    """Return the offsets of the form feeds in a text, at which pages end."""
    return tuple(match.start() for match in FORM_FEED.finditer(text)) if "\f" in text else ()


def unify_lines(text: str) -> str:
    r"""Return a text with ``\n`` for every line end.

    >>> unify_lines("a\r\nb\rc")
    'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
