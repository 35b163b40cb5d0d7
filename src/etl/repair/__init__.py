"""Paragraphs from a raw text: furniture out, lines and cut sentences joined, columns back in their place.

`repair` is the way in. ``lines`` and ``sheet`` read the page, ``furniture`` finds what was printed on it,
``features`` says what is known of a seam, ``joins`` decides, ``order`` finds the best order, ``trust``
says how sure that is, ``ledger`` writes down what was done.
"""

from collections.abc import Sequence

from etl.decisions import Decision, Placed, carried, place
from etl.model import Reading, Repaired
from etl.repair.decisions import read_orders, settled
from etl.repair.joins import JoinModel
from etl.repair.ledger import account, compose, whole
from etl.repair.lines import Lines, read_lines
from etl.structure import ends_sentence
from etl.traced import Traced

__all__ = ["JoinModel", "repair"]

PASSES = 3
LONGEST_HEADING = 45


def repair(
    reading: Reading, joins: JoinModel, threshold: float, decisions: Sequence[Decision] = ()
) -> Repaired:
    """Restore the paragraphs of a reading, each traced to the raw text.

    Joins and moves at or above ``threshold`` (a probability) are made; likely ones below it become
    suggestions. What people decided is done or left whatever the models say, the last word first. A reading
    whose format marks its paragraphs is only split. Restoring what was restored changes nothing: where a
    seam stayed open that might be joined yet, the result is gone over again.
    """
    placed, _ = place(reading.text, decisions)
    lines = read_lines(reading.text, reading.breaks)
    if reading.certain_paragraphs or len(lines) < 2:  # noqa: PLR2004 - one line has no seam
        return _as_given(lines)
    done, doubtful = _restore(lines, joins, threshold, placed)
    before = reading.text
    for _ in range(PASSES):
        result = whole(done)
        if not doubtful or result.text == before:
            break
        again, doubtful = _restore(read_lines(result.text, ()), joins, threshold, carried(placed, result))
        if not any(change.applied for change in again.changes):
            break
        done, before = compose(reading.text, done, again), result.text
    return settled(reading.text, done, placed)


def _as_given(lines: Lines) -> Repaired:
    pieces = zip(lines.starts, lines.ends, strict=True)
    return Repaired(tuple(Traced.raw(lines.raw[a:b], a) for a, b in pieces), ())


def _restore(
    lines: Lines, joins: JoinModel, threshold: float, placed: Sequence[Placed]
) -> tuple[Repaired, bool]:
    """One pass over a text, and whether it left a seam open that might be joined yet."""
    if len(lines) < 2:  # noqa: PLR2004 - as above
        return _as_given(lines), False
    content, apart = joins.read(lines, read_orders(lines, placed))
    if len(content) < 2:  # noqa: PLR2004 - as above
        return _as_given(lines), False
    verdict = joins.judge(content, threshold)
    done = account(content, apart, verdict)
    return done, verdict.doubtful or apart.doubtful or any(_breaks_off(p.text) for p in done.paragraphs[1:])


def _breaks_off(text: str) -> bool:
    """Whether a paragraph is too long for a heading and ends without an end."""
    return len(text) > LONGEST_HEADING and not ends_sentence(text)
