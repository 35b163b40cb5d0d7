"""Apply corrections to the paragraphs of a report, in the order in which they were made.

A correction is made where its words stand as they were seen. Where the text already reads as corrected it is
needless; else it no longer fits, nothing is done, and the report says so. Each one made is a line of the
ledger by the rule `correction`. A new kind is a case in `_apply_one`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from etl.corrections.anchoring import locate
from etl.corrections.draft import Draft, common_prefix_length
from etl.corrections.entities import PlacedEntity
from etl.corrections.values import (
    Amendment,
    Correction,
    EntityEdit,
    KindEdit,
    ParagraphJoin,
    ParagraphSplit,
    Passage,
    TextEdit,
)
from etl.model.decisions import Visible
from etl.model.errors import shorten
from etl.model.report import Corrected, CorrectionState, Paragraph
from etl.model.traced import Change, Edit, Traced, apply, concat

GONE = "its place is gone from the raw text, or cannot be told from others"
OUTSIDE = "its place is no longer in the restored text"
OTHER = "other words stand there now: {}"
ELSEWHERE = "no paragraph begins there any more"
NOTHING_LEFT = "nothing would be left of the report"
# Characters of other words that are told.
WORDS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Amended:
    """The result of applying corrections to a report's paragraphs.

    Attributes:
        paragraphs: the corrected paragraphs.
        changes: lines of the ledger, one a correction that changed the text.
        corrected: the outcome of each correction, and where it stands now.
        entities: the corrections of entities that have a place, for extraction.
    """

    paragraphs: tuple[Paragraph, ...]
    changes: tuple[Change, ...]
    corrected: tuple[Corrected, ...]
    entities: tuple[PlacedEntity, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A draft with one correction applied; or unchanged, with the reason in ``lost`` or ``needless``."""

    draft: Draft
    changes: tuple[Change, ...] = ()
    lost: str | None = None
    needless: bool = False
    window: tuple[int, int] | None = None


def apply_corrections(
    paragraphs: Sequence[Paragraph], raw: str, corrections: Sequence[Correction]
) -> Amended:
    """Apply corrections, the oldest first; without any, the paragraphs are returned as they are."""
    if not corrections:
        return Amended(tuple(paragraphs), (), (), ())
    visible, draft = Visible.of(raw), Draft(paragraphs)
    changes: list[Change] = []
    steps: list[tuple[Correction, _Step]] = []
    for one in sorted(corrections, key=lambda one: (one.at, one.id)):
        step = _carry_out(draft, one.amendment, visible)
        draft = step.draft
        changes += step.changes
        steps.append((one, step))
    corrected = tuple(_outcome_of(one, step, draft) for one, step in steps)
    entities = placed_entities(corrections, corrected)
    return Amended(draft.paragraphs, tuple(changes), corrected, entities)


def placed_entities(
    corrections: Sequence[Correction], corrected: Sequence[Corrected]
) -> tuple[PlacedEntity, ...]:
    """Return the corrections of entities that have a place in the text, in the order of their making."""
    edits = {one.id: one.amendment for one in corrections if isinstance(one.amendment, EntityEdit)}
    return tuple(
        PlacedEntity(told.start, told.end, edits[told.id])
        for told in corrected
        if told.id in edits and told.state == "made" and told.start is not None and told.end is not None
    )


def _carry_out(draft: Draft, amendment: Amendment, visible: Visible) -> _Step:
    passage = amendment.passage
    window = locate(visible, passage)
    if window is None:
        return _Step(draft, lost=GONE)
    start, end = draft.where.at(window[0]), draft.where.end(window[1])
    if start is None or end is None or start >= end:
        return _Step(draft, lost=OUTSIDE)
    words = draft.words(start, end)
    if words == passage.text:
        step = _apply_one(draft, amendment, start + passage.from_start)
    elif words == _window_once_made(amendment):
        step = _Step(draft, needless=True)
    else:
        step = _Step(draft, lost=OTHER.format(shorten(words, WORDS_SHOWN)))
    return replace(step, window=window)


def _apply_one(draft: Draft, amendment: Amendment, at: int) -> _Step:
    match amendment:
        case TextEdit():
            return _replace_text(draft, amendment, at)
        case ParagraphSplit():
            return _split_paragraph(draft, amendment, at)
        case ParagraphJoin():
            return _join_paragraphs(draft, amendment, at)
        case KindEdit():
            return _set_kind(draft, amendment, at)
        case EntityEdit():  # corrected where it is found
            return _Step(draft)


def _window_once_made(amendment: Amendment) -> str | None:
    """Return the text of an amendment's window after it was made; None where it changes no text."""
    match amendment:
        case TextEdit():
            return amendment.passage.with_words(amendment.after)
        case ParagraphSplit():
            return amendment.passage.with_words("\n")
        case ParagraphJoin():
            return amendment.passage.with_words(amendment.between)
    return None


def _replace_text(draft: Draft, amendment: TextEdit, at: int) -> _Step:
    number, start = draft.home(at)
    paragraph = draft.paragraphs[number]
    old, new = amendment.passage.meant, amendment.after
    same = common_prefix_length(old, new)
    tail = common_prefix_length(
        old[same:][::-1], new[same:][::-1]
    )  # what stays keeps its place in the raw text
    edit = Edit(start + same, start + len(old) - tail, new[same : len(new) - tail], "correction")
    body, changes = apply(paragraph.body, [edit], "correct")
    left = [replace(paragraph, body=body)] if body.text.strip() else []
    if not left and len(draft.paragraphs) == 1:
        return _Step(draft, lost=NOTHING_LEFT)
    decided = tuple(replace(change, decided=True) for change in changes)
    return _Step(draft.with_paragraphs(number, number + 1, left), decided)


def _split_paragraph(draft: Draft, amendment: ParagraphSplit, at: int) -> _Step:
    number, cut = draft.home(at)
    paragraph = draft.paragraphs[number]
    text = paragraph.body.text
    left, right = len(text[:cut].rstrip()), len(text) - len(text[cut:].lstrip())
    new = [
        replace(paragraph, body=paragraph.body.slice(0, left)),
        Paragraph(amendment.kind, paragraph.body.slice(right, len(text))),
    ]
    raw = paragraph.body.raw_span(left, right)
    change = _ledger_line(raw, text[left:right], "\n")
    return _Step(draft.with_paragraphs(number, number + 1, new), (change,))


def _join_paragraphs(draft: Draft, amendment: ParagraphJoin, at: int) -> _Step:
    number, _ = draft.home(at)
    first, second = draft.paragraphs[number : number + 2]
    raw = first.body.raw_span(len(first.body) - 1, len(first.body))[1]
    between = Traced.inserted(amendment.between, raw)
    whole = replace(first, body=concat((first.body, between, second.body)))
    change = _ledger_line((raw, raw), "\n", amendment.between)
    return _Step(draft.with_paragraphs(number, number + 2, [whole]), (change,))


def _set_kind(draft: Draft, amendment: KindEdit, at: int) -> _Step:
    number, begun = draft.home(at)
    paragraph = draft.paragraphs[number]
    if begun:
        return _Step(draft, lost=ELSEWHERE)
    new = replace(paragraph, kind=amendment.kind)
    return _Step(draft.with_paragraphs(number, number + 1, [new]), needless=new == paragraph)


def _ledger_line(raw: tuple[int, int], before: str, after: str) -> Change:
    return Change("correct", "correction", *raw, before, after, 1.0, decided=True)


def _outcome_of(one: Correction, step: _Step, draft: Draft) -> Corrected:
    """Return the outcome of a correction, with its place in the text after all corrections."""
    passage, lost = one.amendment.passage, step.lost
    span = None if lost or step.window is None else _place_now(passage, step.window, draft)
    if isinstance(one.amendment, EntityEdit) and not lost:
        words = draft.words(*span) if span else ""
        if not span or words != passage.meant:
            lost, span = OTHER.format(shorten(words, WORDS_SHOWN)), None
    state: CorrectionState = "no longer fits" if lost else "needless" if step.needless else "made"
    start, end = span or (None, None)
    return Corrected(one.id, one.amendment.type, state, lost, start, end, one.by, one.at, one.note)


def _place_now(passage: Passage, window: tuple[int, int], draft: Draft) -> tuple[int, int] | None:
    """Return the offsets where the corrected words are now; None where a later correction replaced them."""
    start, end = draft.where.at(window[0]), draft.where.end(window[1])
    if start is None or end is None:
        return None
    start, end = start + passage.from_start, end + passage.from_end
    return (start, end) if start <= end else None
