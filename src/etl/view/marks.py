"""Mark stretches of the raw text and of the restored text for the page, each with its reason.

A new kind of mark is one more `MarkedPiece` with its own class name, styled in ``report.html.j2``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from etl.model.mentions import Entity, noted_values
from etl.model.report import Report, ReportParagraph
from etl.model.traced import Change, RawToText, Traced, narrowest_over
from etl.rules.explain import words

WORDS = {
    "read": "read anew",
    "repair": "repaired",
    "normalize": "normalized",
    "structure": "labelled",
    "convert": "converted",
    "correct": "corrected",
}


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of text with a CSS class, a note for the reader, and the paragraph it belongs to."""

    text: str
    mark: str = ""
    note: str = ""
    paragraph: int | None = None


def text_pieces(report: Report, paragraph: ReportParagraph) -> tuple[MarkedPiece, ...]:
    """Cut a paragraph wherever an entity starts or ends; the shortest entity names the piece."""
    first = bisect_left(report.entities, paragraph.start, key=lambda e: e.start)
    last = bisect_left(report.entities, paragraph.end, key=lambda e: e.start)
    inside = report.entities[first:last]
    cuts = sorted({paragraph.start, paragraph.end, *(x for e in inside for x in (e.start, e.end))})
    pieces = []
    for start, end in pairwise(cuts):
        over = [e for e in inside if e.start <= start and end <= e.end]
        named = min(over, key=lambda e: e.end - e.start, default=None)
        text = report.text[start:end]
        pieces.append(MarkedPiece(text, named.type, _entity_note(named)) if named else MarkedPiece(text))
    return tuple(pieces)


def raw_pieces(report: Report, raw_text: str) -> tuple[MarkedPiece, ...]:
    """Cut the raw text where its stretches go different ways: to a paragraph, changed, or dropped."""
    stretches = sorted(_raw_stretches(report))
    changed = [c for c in report.edits if c.applied and c.stage != "convert" and c.to is None]
    edges = {min(x, len(raw_text)) for a, b, _ in stretches for x in (a, b)}
    edges |= {min(x, len(raw_text)) for c in changed for x in (c.start, c.end)}
    cuts = sorted(edges | {0, len(raw_text)})
    over, where = narrowest_over(changed, cuts), RawToText(report.runs)
    starts = [stretch[0] for stretch in stretches]
    pieces = []
    for number, (start, end) in enumerate(pairwise(cuts)):
        at = bisect_right(starts, start) - 1
        paragraph = stretches[at][2] if at >= 0 and stretches[at][1] >= end else None
        pieces.append(_raw_piece(raw_text[start:end], paragraph, over.get(number), where))
    return tuple(pieces)


def ledger(report: Report) -> tuple[tuple[Change, str, str], ...]:
    """Return each change with a word for what was done, and a sentence that explains it."""
    where = RawToText(report.runs)
    return tuple(
        (c, WORDS[c.stage] if c.applied else "refused" if c.decided else "suggested", words(c, where))
        for c in report.edits
    )


def _raw_stretches(report: Report) -> Iterator[tuple[int, int, int]]:
    """Yield raw stretches, each with the number of its restored paragraph."""
    whole = Traced(report.text, report.runs)
    for number, paragraph in enumerate(report.paragraphs):
        for start, end in whole.raw_spans(paragraph.start, paragraph.end):
            if start < end:
                yield (start, end, number)


def _raw_piece(text: str, paragraph: int | None, change: Change | None, where: RawToText) -> MarkedPiece:
    if change is not None:
        mark = "gone" if not change.after else "changed"
        return MarkedPiece(text, mark, words(change, where), paragraph)
    if paragraph is None and text.strip():
        return MarkedPiece(text, "gone", "in no paragraph")
    return MarkedPiece(text, "", "", paragraph)


def _entity_note(entity: Entity) -> str:
    values = (f"{name} {value}" for name, value in noted_values(entity))
    return ", ".join([entity.type, entity.key.partition(":")[2], *values])
