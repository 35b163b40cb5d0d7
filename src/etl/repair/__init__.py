"""Restore paragraphs from a raw text: take furniture out, join lines and cut sentences, put columns back.

`repair` does all of that. From the ground up: `layout` reads lines and measures the page they were set on,
`scorer` runs the trained models, `furniture` finds what is no body text, `order` decides which line follows
which. ``given`` repairs texts that the format has put in order, ``overrides`` brings in what people decided,
``apply`` carries out the solution and writes the ledger.

The package imports `etl.text`, the predicates of `etl.structure`, values and errors; the pipeline and checks
of the installation may import it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from etl.model.decisions import Decision, Placed, map_through, place
from etl.model.report import LineEnd, Reading, Repaired
from etl.model.traced import Change, Traced
from etl.repair.apply import apply_solution, joined_text, merge_passes
from etl.repair.given import in_given_order, with_empty_cells
from etl.repair.layout.lines import ENDED, Lines, read_lines
from etl.repair.order.restorer import NO_OVERRIDES, Restorer
from etl.repair.overrides import mark_decided, read_overrides
from etl.repair.scorer.continuation import ReportCache

__all__ = ["Restorer", "Writer", "repair"]

PASSES = 16  # at most; a text of a few words that come again needed four, fourteen records in one file eleven
# Confidence of furniture among columns in turns, each of which cuts the others' sentences.
SURE_FURNITURE = 0.95
Writer = Callable[[Sequence[Traced]], Repaired]
Restored = tuple[Repaired, Callable[[str], bool] | None]
"""The result of a pass, and what checks whether another would surely leave a text as it is; None for none."""


def as_found(paragraphs: Sequence[Traced]) -> Repaired:
    """Return the paragraphs as they are, without changes: the `Writer` that normalizes nothing."""
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
    suggestions. What people decided is done or left whatever the models say; the latest decision wins. Line
    ends that the format knows stay as they are. Repairing a repaired text changes nothing, since the result
    is repaired again until no change is left.

    Args:
        reading: the raw text, and what its format knows of page ends, line ends and marked lines.
        restorer: the models.
        threshold: the probability from which on a repair is made.
        decisions: what people decided about repairs.
        write: normalizes restored paragraphs. It is called before each further pass, since the models read
            its result; its changes stand at the end of the ledger.
    """
    placed, _ = place(reading.text, decisions)
    lines, edits = read_lines(reading.text, reading.breaks, reading.line_ends), list[Change]()
    written = partial(_written, write=write, edits=edits)
    if reading.ordered and len(lines):
        done = in_given_order(lines, reading.marks, restorer, threshold, read_overrides(lines, placed))
        done = written(replace(done, paragraphs=with_empty_cells(done.paragraphs, reading)))
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
    restore: Callable[[Lines, Sequence[Placed]], Restored],
    written: Callable[[Repaired], Repaired],
) -> Repaired:
    """Restore and write a text, then its result, until nothing changes, at most `PASSES` times; merge all."""
    known = placed or reading.line_ends
    done, stays = restore(lines, placed)
    for _ in range(PASSES):
        done = written(done)
        text = "\n".join(paragraph.text for paragraph in done.paragraphs)
        if text == lines.raw or (stays and not known and stays(text)):
            break
        lines = read_lines(text, (), _line_ends_of(done, reading))
        again, stays = restore(lines, map_through(placed, joined_text(done)) if placed else ())
        if not any(change.applied for change in again.changes):
            return replace(done, tangled=done.tangled or again.tangled)
        done = merge_passes(reading.text, done, again)
    return done


def _written(done: Repaired, *, write: Writer, edits: list[Change]) -> Repaired:
    """Write the paragraphs, and add the changes to `edits`."""
    written = write(done.paragraphs)
    edits += written.changes
    return replace(done, paragraphs=written.paragraphs)


def _still_there(edits: Sequence[Change], done: Repaired) -> Iterator[Change]:
    """Yield the edits of the writer, those left out whose line a later pass took out as furniture."""
    out = [(c.start, c.end) for c in done.changes if c.applied and c.rule == "furniture"]
    ends = [end for _, end in out]
    for edit in edits:
        k = bisect_right(ends, edit.start)
        if k == len(out) or edit.start < out[k][0]:
            yield edit


def _line_ends_of(done: Repaired, reading: Reading) -> tuple[LineEnd, ...]:
    """Return, for each line end between restored paragraphs, whether the format ended a line there."""
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
) -> Restored:
    """Repair a text in one pass; return also how to check whether another would surely change nothing.

    ``placed`` are decisions at places of this text; ``cache`` keeps what was encoded of the report and grows.
    """
    if len(lines) <= 1:  # no seam
        return _as_given(lines), None
    overrides = read_overrides(lines, placed) if placed else NO_OVERRIDES
    for sure in (threshold, max(threshold, SURE_FURNITURE)):
        content, non_body = restorer.select_lines(lines, sure, cache, overrides)
        if len(content) <= 1:
            return _as_given(lines), None
        solution = restorer.solve(content, threshold)
        if not solution.in_turns:
            break
    whole = len(content) == len(lines) and not non_body.furniture.any()
    stays = partial(restorer.stays, content, solution.seams, threshold) if whole and solution.seams else None
    return apply_solution(content, non_body, solution), stays
