"""Restore paragraphs from a raw text: take furniture out, join lines and cut sentences, put columns back.

`repair` is the way in. From the ground up: `layout` reads lines and the page they were set on,
`scorer` holds what was learned, `furniture` finds what is no body text, `order` decides what follows what.
``given`` repairs what a format has settled already, ``overrides`` are what people decided, ``apply`` writes
down what was done.

The package imports `etl.text`, the predicates of `etl.structure`, values and errors; the pipeline and checks
of the installation may import it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from etl.decisions import Decision, Placed, map_through, place
from etl.model import LineEnd, Reading, Repaired
from etl.repair.apply import apply_solution, joined_text, merge_passes
from etl.repair.given import in_given_order, with_empty_cells
from etl.repair.layout.lines import ENDED, Lines, read_lines
from etl.repair.order.restorer import Restorer
from etl.repair.overrides import mark_decided, read_overrides
from etl.repair.scorer.continuation import ReportCache
from etl.text.folding import widen_marks
from etl.traced import Change, Traced

__all__ = ["Restorer", "Writer", "repair"]

PASSES = 16  # at most; a text of a few words that come again needed four, fourteen records in one file eleven
Writer = Callable[[Sequence[Traced]], Repaired]


def as_found(paragraphs: Sequence[Traced]) -> Repaired:
    """Return the paragraphs in the characters in which they were found."""
    return Repaired(tuple(paragraphs), ())


def repair(
    reading: Reading,
    restorer: Restorer,
    threshold: float,
    decisions: Sequence[Decision] = (),
    write: Writer = as_found,
) -> Repaired:
    """Restore the paragraphs of a reading, each traced to the raw text.

    Joins and moves at or above ``threshold`` (a probability) are made; likely ones below it become
    suggestions. What people decided is done or left whatever the models say, the last word first. What the
    format settled stays as it is. Restoring what was restored changes nothing, for the
    result is gone over again until nothing is left to do.

    Args:
        reading: the raw text, and what its format knows.
        restorer: the models.
        threshold: how sure a repair must be to be made.
        decisions: what people decided about repairs.
        write: how paragraphs are written in the end. What a line of them says may depend on it, so it is
            done before they are gone over again; what it changes stands at the end of the ledger.
    """
    placed, _ = place(reading.text, decisions)
    lines, edits = read_lines(reading.text, reading.breaks, reading.line_ends), list[Change]()
    written = partial(_written, write=write, edits=edits)
    if reading.ordered and len(lines):
        done = in_given_order(lines, reading.marks, restorer, threshold, read_overrides(lines, placed))
        done, _ = written(replace(done, paragraphs=with_empty_cells(done.paragraphs, reading)))
    elif len(lines) and (lines.line_end_states[:-1] == ENDED).all():
        return write(with_empty_cells(_as_given(lines).paragraphs, reading))
    else:
        restore = partial(_restore, restorer=restorer, threshold=threshold, cache=ReportCache())
        done = _restore_until_stable(reading, lines, placed, restore, written)
    done = mark_decided(reading.text, done, placed)
    return replace(done, changes=(*done.changes, *_still_there(edits, done)))


def _restore_until_stable(
    reading: Reading,
    lines: Lines,
    placed: Sequence[Placed],
    restore: Callable[[Lines, Sequence[Placed]], tuple[Repaired, bool]],
    written: Callable[[Repaired], tuple[Repaired, bool]],
) -> Repaired:
    """Restore and write a text, and what came of that, until nothing is left to do or after `PASSES`."""
    done, final = restore(lines, placed)
    for _ in range(PASSES):
        done, fresh = written(done)
        text = "\n".join(paragraph.text for paragraph in done.paragraphs)
        if (final and not fresh) or text == lines.raw:
            break
        before, lines = lines, _lines_of(text, done, lines, reading)
        if not placed and lines.stands_as(before):
            break
        again, final = restore(lines, map_through(placed, joined_text(done)) if placed else ())
        if not any(change.applied for change in again.changes):
            return replace(done, tangled=done.tangled or again.tangled)
        done = merge_passes(reading.text, done, again)
    return done


def _written(done: Repaired, *, write: Writer, edits: list[Change]) -> tuple[Repaired, bool]:
    """Write the paragraphs, add the changes to `edits`, and return whether the models can see any of them."""
    written = write(done.paragraphs)
    edits += written.changes
    fresh = any(_bare(change.before) != _bare(change.after) for change in written.changes)
    return replace(done, paragraphs=written.paragraphs), fresh


def _still_there(edits: Sequence[Change], done: Repaired) -> Iterator[Change]:
    """Yield the edits of lines that were not taken out afterwards."""
    out = [(c.start, c.end) for c in done.changes if c.applied and c.rule == "furniture"]
    ends = [end for _, end in out]
    for edit in edits:
        k = bisect_right(ends, edit.start)
        if k == len(out) or edit.start < out[k][0]:
            yield edit


def _bare(text: str) -> str:
    """Return a text as the models see it."""
    return widen_marks("".join(text.split()))


def _lines_of(text: str, done: Repaired, lines: Lines, reading: Reading) -> Lines:
    """Return the lines of a text that was restored from `lines`; the same ones where nothing was done."""
    if [paragraph.text for paragraph in done.paragraphs] == [lines.line(k) for k in range(len(lines))]:
        return lines.anew(text)
    return read_lines(text, (), _line_ends_of(done, reading))


def _line_ends_of(done: Repaired, reading: Reading) -> tuple[LineEnd, ...]:
    """Return what the format knows of the line ends between restored paragraphs."""
    if not reading.line_ends:
        return ()
    at = [found.start() for found in re.finditer("\n", reading.text)]
    ended = [end == "end" for end in reading.line_ends]
    return tuple(
        "end"
        if any(ended[bisect_left(at, a.runs[-1].raw_end) : bisect_left(at, b.runs[0].raw_start)])
        else "open"
        for a, b in pairwise(done.paragraphs)
    )


def _as_given(lines: Lines) -> Repaired:
    """Return each line as a paragraph of its own, in the order of the file."""
    pieces = zip(lines.starts, lines.ends, strict=True)
    return Repaired(tuple(Traced.raw(lines.raw[a:b], a) for a, b in pieces), ())


def _restore(
    lines: Lines, placed: Sequence[Placed], *, restorer: Restorer, threshold: float, cache: ReportCache
) -> tuple[Repaired, bool]:
    """Go over a text once; return the result, and whether another pass would surely change nothing.

    ``placed`` is what people decided; ``cache`` keeps what was read of the report and grows.
    """
    if len(lines) <= 1:  # no seam
        return _as_given(lines), True
    content, non_body = restorer.select_lines(lines, threshold, cache, read_overrides(lines, placed))
    if len(content) <= 1:
        return _as_given(lines), False
    return apply_solution(content, non_body, restorer.solve(content, threshold)), non_body.untouched
