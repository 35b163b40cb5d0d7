"""What the page marks: stretches of the raw text and of the restored text, each with its reason.

A new kind of mark is one more `Piece` with its own class name, styled in ``report.html.j2``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from etl.mentions import Entity
from etl.model import Report, ReportParagraph
from etl.rules.explain import words
from etl.traced import Change, RawToText, Traced

WORDS = {
    "read": "read anew",
    "repair": "repaired",
    "normalize": "normalized",
    "structure": "labelled",
    "convert": "converted",
    "correct": "corrected",
}

# The values of an entity that its note tells.
NOTED_VALUES = ("roles", "of", "chain", "start_date", "end_date", "value", "max", "currency", "unit", "thing")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with a CSS class, a note for the reader, and the paragraph it belongs to."""

    text: str
    mark: str = ""
    note: str = ""
    paragraph: int | None = None


def text_pieces(report: Report, paragraph: ReportParagraph) -> tuple[Piece, ...]:
    """The paragraph cut wherever an entity starts or ends; the shortest entity names the piece."""
    first = bisect_left(report.entities, paragraph.start, key=lambda e: e.start)
    last = bisect_left(report.entities, paragraph.end, key=lambda e: e.start)
    inside = report.entities[first:last]
    cuts = sorted({paragraph.start, paragraph.end, *(x for e in inside for x in (e.start, e.end))})
    pieces = []
    for start, end in pairwise(cuts):
        over = [e for e in inside if e.start <= start and end <= e.end]
        named = min(over, key=lambda e: e.end - e.start, default=None)
        text = report.text[start:end]
        pieces.append(Piece(text, named.type, _entity_note(named)) if named else Piece(text))
    return tuple(pieces)


def raw_pieces(report: Report, raw_text: str) -> tuple[Piece, ...]:
    """The raw text cut where its stretches go different ways: to a paragraph, changed, or dropped."""
    homes = sorted(_homes(report))
    changed = [c for c in report.edits if c.applied and c.stage != "convert" and c.to is None]
    edges = {min(x, len(raw_text)) for a, b, _ in homes for x in (a, b)}
    edges |= {min(x, len(raw_text)) for c in changed for x in (c.start, c.end)}
    cuts = sorted(edges | {0, len(raw_text)})
    over, where = _narrowest(changed, cuts), RawToText(report.runs)
    starts = [home[0] for home in homes]
    pieces = []
    for number, (start, end) in enumerate(pairwise(cuts)):
        at = bisect_right(starts, start) - 1
        home = homes[at][2] if at >= 0 and homes[at][1] >= end else None
        pieces.append(_raw_piece(raw_text[start:end], home, over.get(number), where))
    return tuple(pieces)


def ledger(report: Report) -> tuple[tuple[Change, str, str], ...]:
    """Each change with a word for what was done, and a sentence that explains it."""
    where = RawToText(report.runs)
    return tuple(
        (c, WORDS[c.stage] if c.applied else "refused" if c.decided else "suggested", words(c, where))
        for c in report.edits
    )


def _homes(report: Report) -> Iterator[tuple[int, int, int]]:
    """Raw stretches with the number of the restored paragraph in which they now stand."""
    whole = Traced(report.text, report.runs)
    for number, paragraph in enumerate(report.paragraphs):
        for start, end in whole.raw_spans(paragraph.start, paragraph.end):
            if start < end:
                yield (start, end, number)


def _narrowest(changed: Iterable[Change], cuts: Sequence[int]) -> dict[int, Change]:
    """For each piece between cuts the narrowest change over it; wide ones first, so narrow ones win."""
    over: dict[int, Change] = {}
    for change in sorted(changed, key=lambda c: c.start - c.end):
        first, last = bisect_left(cuts, change.start), bisect_left(cuts, change.end)
        over.update(dict.fromkeys(range(first, last), change))
    return over


def _raw_piece(text: str, home: int | None, change: Change | None, where: RawToText) -> Piece:
    if change is not None:
        mark = "gone" if not change.after else "changed"
        return Piece(text, mark, words(change, where), home)
    if home is None and text.strip():
        return Piece(text, "gone", "in no paragraph")
    return Piece(text, "", "", home)


def _entity_note(entity: Entity) -> str:
    shown = [entity.type, entity.key.partition(":")[2]]
    for name in NOTED_VALUES:
        value = getattr(entity, name, None)
        if value not in (None, (), ""):
            shown.append(f"{name} {'、'.join(value) if isinstance(value, tuple) else value}")
    return ", ".join(shown)
