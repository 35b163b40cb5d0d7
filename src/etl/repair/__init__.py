"""Paragraphs from a raw text: furniture out, lines and cut sentences joined, columns back in their place.

`repair` is the way in. ``lines`` and ``sheet`` read the page, ``furniture`` finds what was printed on it,
``features`` says what is known of a seam, ``joins`` decides, ``order`` finds the best order, ``trust``
says how sure that is, ``ledger`` writes down what was done.
"""

from etl.model import Reading, Repaired
from etl.repair.joins import JoinModel
from etl.repair.ledger import account, compose
from etl.repair.lines import Lines, read_lines
from etl.repair.seams import Readings
from etl.traced import Traced

__all__ = ["JoinModel", "repair"]

PASSES = 3


def repair(reading: Reading, joins: JoinModel, threshold: float) -> Repaired:
    """Restore the paragraphs of a reading, each traced to the raw text.

    Joins and moves at or above ``threshold`` (a probability) are made; likely ones below it become
    suggestions. A reading whose format marks its paragraphs is only split. Restoring what was restored
    changes nothing, for the result is gone over again until nothing is left to do.
    """
    lines = read_lines(reading.text, reading.breaks)
    if reading.certain_paragraphs:
        return _as_given(lines)
    known = Readings()
    done, before = _restore(lines, joins, threshold, known), reading.text
    for _ in range(PASSES):
        text = "\n".join(paragraph.text for paragraph in done.paragraphs)
        if text == before:
            break
        again = _restore(read_lines(text, ()), joins, threshold, known)
        if not any(change.applied for change in again.changes):
            break
        done, before = compose(reading.text, done, again), text
    return done


def _as_given(lines: Lines) -> Repaired:
    pieces = zip(lines.starts, lines.ends, strict=True)
    return Repaired(tuple(Traced.raw(lines.raw[a:b], a) for a, b in pieces), ())


def _restore(lines: Lines, joins: JoinModel, threshold: float, known: Readings) -> Repaired:
    """One pass over a text; `known` carries what was read of it to the next."""
    if len(lines) < 2:  # noqa: PLR2004 - one line has no seam
        return _as_given(lines)
    content, apart = joins.read(lines, known)
    if len(content) < 2:  # noqa: PLR2004 - as above
        return _as_given(lines)
    return account(content, apart, joins.judge(content, threshold))
