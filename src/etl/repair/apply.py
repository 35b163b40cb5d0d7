"""Carry out a solution: make paragraphs with their provenance, and a line of the ledger for every change.

The rules named here are ``furniture``, ``wrapped line``, ``cut sentence``, ``moved column`` and ``moved
note``. A new one is a function that yields `Change`s, called in `apply_solution`, and a card in
``etl/rules/repair.toml``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

import numpy as np

from etl.model.report import Repaired
from etl.model.traced import Change, TextRun, Traced, concat
from etl.repair.furniture.floats import NonBody
from etl.repair.layout.lines import JOINED
from etl.repair.order.content import Content, wrapped_line_ends
from etl.repair.order.moves import moves, walk
from etl.repair.order.solution import Refused, Solution
from etl.repair.overrides import QUOTED
from etl.structure import is_continuation

JOINER_REACH = 40  # last characters of a left half in which a Latin word is looked for
SUGGESTED = 0.5  # confidence from which a repair below the threshold is a suggestion: likelier right than not

_VISIBLE = re.compile(r"[^\s\u200b\ufeff]")
_LATIN_END = re.compile(r"[A-Za-z][A-Za-z0-9]*[,.;:!?)\]'\"%’”]*$|[0-9]$")
_LATIN_START = re.compile(r"[(\[\"'“‘]?[A-Za-z]|[0-9]")


def apply_solution(content: Content, non_body: NonBody, solution: Solution) -> Repaired:
    """Build the paragraphs that a solution makes of content lines, in order, and the changes, by offset."""
    order = walk(solution.links)
    at = np.flatnonzero(non_body.floats)  # each stands behind a content line
    floats = [*zip(at.tolist(), (np.searchsorted(content.line_index, at) - 1).tolist(), strict=True)]
    obeyed = [(k, at) for k, at in floats if solution.links[at].joined]
    paragraphs = tuple(_paragraphs(content, solution, order, floats))
    changes = [
        *_removed(content, non_body),
        *(_stepped(content, solution, k, at) for k, at in obeyed),
        *_joined(content, solution),
        *_moved(content, solution),
        *_suggested(content, solution.refused),
    ]
    ordered = sorted(changes, key=lambda change: (change.start, change.end))
    return Repaired(paragraphs, tuple(ordered), solution.tangled)


def merge_passes(raw: str, done: Repaired, again: Repaired) -> Repaired:
    """Merge two passes into one result about the raw text; ``again`` repaired `joined_text` of ``done``."""
    first = joined_text(done)
    paragraphs = tuple(concat(_run(first, p, run) for run in p.runs) for p in again.paragraphs)
    later = [_placed(raw, first, change) for change in again.changes]
    settled = {change.start for change in later}
    kept = [change for change in done.changes if change.applied or change.start not in settled]
    ordered = sorted([*kept, *later], key=lambda change: (change.start, change.end))
    return Repaired(paragraphs, tuple(ordered), done.tangled or again.tangled)


def joined_text(done: Repaired) -> Traced:
    """Return all paragraphs as one text, a line each."""
    breaks = [Traced.inserted("\n", one.runs[0].raw_start) for one in done.paragraphs]
    return concat([*chain(*zip(breaks, done.paragraphs, strict=True))][1:])


def _run(joined: Traced, paragraph: Traced, run: TextRun) -> Traced:
    """Return one run of a later pass's paragraph, traced to the raw text through the earlier pass."""
    if run.raw_start == run.raw_end:
        return Traced.inserted(
            paragraph.text[run.start : run.end], joined.raw_span(run.raw_start - 1, run.raw_start)[1]
        )
    return joined.slice(run.raw_start, run.raw_end)


def _placed(raw: str, joined: Traced, change: Change) -> Change:
    """Return a change of a later pass at its place in the raw text."""
    to = None if change.to is None else joined.raw_span(change.to - 1, change.to)[1]
    if change.before.strip():
        start, end = joined.raw_span(change.start, change.end)
        seen = raw[start : min(end, start + len(change.before))]
        return replace(change, start=start, end=end, before=seen, after=seen if change.after else "", to=to)
    start = joined.raw_span(change.start - 1, change.start)[1]
    stop = joined.raw_span(change.end, change.end + 1)[0] if change.end < len(joined) else start
    end = stop if stop > start and not raw[start:stop].strip() else start
    return replace(change, start=start, end=end, before=raw[start:end], to=to)


def joiner(left: str, right: str) -> str:
    """Return what joins two halves of a sentence: a space between Latin words or numbers, else "".

    >>> joiner("the World", "Health"), joiner("世界", "卫生"), joiner("COVID-", "19")
    (' ', '', '')
    """
    if not (left[-1] + right[0]).isascii() or (left[-1].isdigit() and right[0].isdigit()):
        return ""
    return " " if _LATIN_END.search(left[-JOINER_REACH:]) and _LATIN_START.match(right) else ""


def _paragraphs(
    content: Content, solution: Solution, order: Sequence[int], floats: Sequence[tuple[int, int]]
) -> Iterator[Traced]:
    """Yield the paragraphs, each followed by the floats that stood inside it."""
    waiting: dict[int, list[int]] = {}
    for k, at in floats:
        waiting.setdefault(at, []).append(k)
    ends = [n for n, k in enumerate(order, 1) if not solution.links[k].joined]
    for first, end in pairwise([0, *ends]):
        part = order[first:end]
        yield _paragraph(content, part)
        for at in part:
            for k in waiting.get(at, ()):
                if not (solution.links[at].joined and is_continuation(content.lines.line(k))):
                    yield Traced.raw(content.lines.line(k), content.lines.starts[k])


def _stepped(content: Content, solution: Solution, k: int, at: int) -> Change:
    """Return the change of float ``k``, which stood behind content line ``at``.

    A note or caption moves behind the paragraph; a mark of continuation goes, since the text was joined.
    """
    line, start = content.lines.line(k), content.lines.starts[k]
    confidence = round(solution.links[at].confidence, 4)
    if is_continuation(line):
        return Change("repair", "furniture", start, start + len(line), line, "", confidence)
    while (following := solution.links[at]).joined and following.to is not None:
        at = following.to
    to = content.spans[at][1]
    return Change(
        "repair", "moved note", start, start + len(line), line[:QUOTED], line[:QUOTED], confidence, to=to
    )


def _paragraph(content: Content, part: Sequence[int]) -> Traced:
    """Return the text of a paragraph's content lines, traced to the raw text."""
    raw, spans = content.lines.raw, [content.spans[k] for k in part]
    pieces = [Traced.raw(raw[start:end], start) for start, end in spans]
    if len(pieces) == 1:
        return pieces[0]
    joints = [Traced.inserted(joiner(raw[slice(*a)], raw[slice(*b)]), a[1]) for a, b in pairwise(spans)]
    return concat([pieces[0], *chain(*zip(joints, pieces[1:], strict=True))])


def _removed(content: Content, non_body: NonBody) -> Iterator[Change]:
    """Yield the changes of furniture that was taken out, and suggestions of lines that are likely some."""
    lines = content.lines
    for k in np.flatnonzero(non_body.dropped | (non_body.furniture >= SUGGESTED)).tolist():
        start, end = lines.starts[k], lines.ends[k]
        confidence, applied = round(float(non_body.furniture[k]), 4), bool(non_body.dropped[k])
        yield Change("repair", "furniture", start, end, lines.raw[start:end], "", confidence, applied)


def _joined(content: Content, solution: Solution) -> Iterator[Change]:
    """Yield the changes of the joins that were made, each at the end of its left half."""
    wraps = (wrapped_line_ends(content) | (content.line_end_states == JOINED)).tolist()
    for k, link in enumerate(solution.links):
        parted = link.to == k + 1 and content.spans[k][1] == content.spans[k + 1][0]  # a mark in its line
        if link.joined and link.to is not None and not parted:
            rule = "wrapped line" if link.given and wraps[k] else "cut sentence"
            yield _join(content, (k, link.to), rule, link.confidence, applied=True)


def _join(content: Content, pair: tuple[int, int], rule: str, confidence: float, *, applied: bool) -> Change:
    """Return the change that joins a pair of content lines, ``applied`` or suggested."""
    left, right = (content.spans[k] for k in pair)
    raw, end = content.lines.raw, left[1]
    stop = end
    if pair[1] == pair[0] + 1:
        stop = right[0]
        if content.dropped[pair[1]]:
            visible = _VISIBLE.search(raw, end, stop)
            stop = visible.start() if visible else stop
    after = joiner(raw[slice(*left)], raw[slice(*right)])
    return Change("repair", rule, end, stop, raw[end:stop], after, round(confidence, 4), applied)


def _suggested(content: Content, refused: Sequence[Refused]) -> Iterator[Change]:
    """Yield suggestions of joins and moves below the threshold that are likelier right than not."""
    for left, (right, _, confidence, given) in refused:
        if confidence < SUGGESTED or right is None:
            continue
        if given:
            yield _join(content, (left, right), "cut sentence", confidence, applied=False)
        else:
            start, end = content.spans[right]
            before, to = content.lines.raw[start : min(end, start + QUOTED)], content.spans[left][1]
            sure = round(confidence, 4)
            yield Change("repair", "moved column", start, end, before, "", sure, applied=False, to=to)


def _moved(content: Content, solution: Solution) -> Iterator[Change]:
    """Yield a change for each stretch of the file that now stands elsewhere, with where it stands now."""
    for move in moves(content, solution.links):
        start, end = content.spans[move.first][0], content.spans[move.last][1]
        to = content.spans[move.behind][1] if move.behind is not None else 0
        before = content.lines.raw[start : min(end, start + QUOTED)]
        yield Change("repair", "moved column", start, end, before, before, round(move.confidence, 4), to=to)
