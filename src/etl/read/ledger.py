"""Record in the ledger what reading undid, with the places where it now stands in the raw text."""

from collections.abc import Iterator

from etl.model.report import Reading
from etl.model.traced import Change

# An undone stretch reads as Chinese does; whether every byte survived the way nobody can say.
CONFIDENCE = 0.99


def record_undone(reading: Reading) -> Iterator[Change]:
    """Yield a change for each stretch that an earlier program had decoded wrongly.

    A stretch that its format left out or broke up is recorded where the one before it ends.
    """
    position, text = 0, reading.text
    for before, after in reading.encoding.undone:
        at = text.find(after, position, position + len(text)) if position < len(text) else -1
        start, end = (at, at + len(after)) if at >= 0 else (position, position)
        yield Change("read", "mojibake", start, end, before, after, CONFIDENCE)
        position = end
