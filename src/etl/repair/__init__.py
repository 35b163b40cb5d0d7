"""Paragraphs from a raw text: furniture out, lines and cut sentences joined, columns back in their place.

`repair` is the way in. ``lines`` and ``sheet`` read the page, ``furniture`` finds what was printed on it,
``features`` says what is known of a seam, ``joins`` decides, ``order`` finds the best order, ``trust``
says how sure that is, ``ledger`` writes down what was done.
"""

from etl.model import Reading, Repaired
from etl.repair.joins import JoinModel
from etl.repair.ledger import account
from etl.repair.lines import read_lines
from etl.traced import Traced

__all__ = ["JoinModel", "repair"]


def repair(reading: Reading, joins: JoinModel, threshold: float) -> Repaired:
    """Restore the paragraphs of a reading, each traced to the raw text.

    Joins and moves at or above ``threshold`` (a probability) are made; likely ones below it become
    suggestions. A reading whose format marks its paragraphs is only split.
    """
    lines = read_lines(reading.text, reading.breaks)
    if reading.certain_paragraphs or len(lines) == 1:
        pieces = zip(lines.starts, lines.ends, strict=True)
        return Repaired(tuple(Traced.raw(reading.text[a:b], a) for a, b in pieces), ())
    if not len(lines):
        return Repaired((), ())
    content, apart = joins.read(lines)
    return account(content, apart, joins.judge(content, threshold))
