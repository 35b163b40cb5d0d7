"""Repair reports whose format orders the lines and marks furniture: join open line ends, move nothing.

A page that was read by its geometry is in order. Line ends that the format knows stay as they are, nothing
moves, and only what the format marks is furniture: a line that comes again and again is none for that.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from etl.model.report import Marked, Reading, Repaired
from etl.model.traced import Traced
from etl.repair.apply import apply_solution
from etl.repair.furniture.floats import NonBody
from etl.repair.layout.indents import read_indents
from etl.repair.layout.lines import Floats, Lines
from etl.repair.layout.stats import measure_layout
from etl.repair.order.content import read_content
from etl.repair.order.restorer import Restorer
from etl.repair.order.seam_odds import keep_in_order
from etl.repair.order.solution import link_neighbours, refuse_unsure
from etl.repair.overrides import Overrides
from etl.repair.scorer.scores import Scores

PRINTED = 0.99  # confidence that a line which the format marks as furniture is some


def in_given_order(
    lines: Lines, marks: Sequence[Marked], restorer: Restorer, threshold: float, overrides: Overrides
) -> Repaired:
    """Repair a report in its given order: take marked furniture out, join open line ends where sure enough.

    Joins less sure than ``threshold`` (a probability) are suggested.
    """
    sure = overrides.furniture(_furniture(lines, marks))
    dropped = (sure >= threshold) & (sure > 0)
    none = np.zeros(len(lines), np.bool_)
    if dropped.all():
        dropped = none
    seen, stats = read_indents(lines, measure_layout(lines, np.flatnonzero(~dropped)))
    content = read_content(seen, stats, Scores(restorer.scorer, seen.texts), dropped)
    content = replace(content, overrides=overrides.bind(content.line_index))
    links = link_neighbours(keep_in_order(restorer.classify_seams(content, in_order=True).odds))
    return apply_solution(content, NonBody(sure, dropped, none), refuse_unsure(links, (), threshold))


def with_empty_cells(paragraphs: Sequence[Traced], reading: Reading) -> tuple[Traced, ...]:
    """Return the paragraphs, with the empty cells at both ends of table rows put back."""
    rows = {
        (at + len(text) - len(text.lstrip()), at + len(text.rstrip())): (at, text)
        for at, end, mark in reading.marks
        if mark == "row" and (text := reading.text[at:end]).strip() != text
    }
    if not rows:
        return tuple(paragraphs)
    return tuple(
        Traced.raw(found[1], found[0]) if (found := rows.get(one.raw_span(0, len(one)))) else one
        for one in paragraphs
    )


def _furniture(lines: Lines, marks: Sequence[Marked]) -> Floats:
    """Return the probability [lines] that each line is furniture: `PRINTED` where marked as such, else 0."""
    starts = [mark.start for mark in marks if mark.mark == "furniture"]
    ends = [mark.end for mark in marks if mark.mark == "furniture"]
    at = np.searchsorted(np.array(starts, np.int64), np.array(lines.starts, np.int64), "right") - 1
    inside = (at >= 0) & (np.append(ends, 0)[at] > np.array(lines.starts))
    return np.where(inside, np.float32(PRINTED), np.float32(0))
