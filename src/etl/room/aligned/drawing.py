"""Render the rows of a page: stretches of text with their marks, links and explanations.

A template writes what `RowRenderer.render` gives; `etl.model.mentions.noted_values` says what is told of an
entity.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from etl.model.mentions import Entity, noted_values
from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReport
from etl.room.aligned.alignment import AlignedRow, RawStretch
from etl.room.aligned.explanations import Explanation, Links, explain_marks
from etl.room.aligned.marks import ChangeMark, MarkedSpan, cut_by_marks
from etl.room.wording import describe_change
from etl.room.words import Interface
from etl.store.records.annotations import DecisionRecord


@dataclass(frozen=True, slots=True)
class Requested:
    """The place of a report that an address names; offsets are of the restored and of the raw text."""

    page: int = 1
    paragraph: int | None = None
    text: tuple[int, int] = (0, 0)
    raw: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text: its look as classes, where it leads, its name, what it says of itself."""

    text: str
    css_classes: str = ""
    link: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RenderedRow:
    """A row of a page.

    Attributes:
        number: of the paragraph that begins here, from 1; None where one goes on, or there is none.
        kind: of the paragraph.
        link: its permanent address.
        from_raw: address of the raw text it was moved from; empty where that stands beside it.
        here: it was asked for.
    """

    number: int | None
    kind: str
    link: str
    text: tuple[Span, ...]
    raw: tuple[Span, ...]
    from_raw: str
    why: Explanation
    here: bool

    @property
    def raw_here(self) -> bool:
        """Whether a stretch of its raw text was asked for."""
        return any("here" in one.css_classes.split() for one in self.raw)


@dataclass(frozen=True, slots=True)
class RowRenderer:
    """Draws the rows of one page of a report."""

    links: Links
    asked: Requested
    words: Interface
    records: Mapping[int, DecisionRecord]

    @property
    def aligned(self) -> AlignedReport:
        """The report that is drawn."""
        return self.links.aligned

    def render(self, row: AlignedRow) -> RenderedRow:
        """Render a row: both texts with their marks, and why they are so."""
        report = self.aligned.report
        number = row.slice.paragraph if row.slice else None
        begins = number is not None and row.slice and row.slice.start == report.paragraphs[number].start
        raw = tuple(self._raw(row))
        place = self.aligned.raw_of_paragraph(number) if number is not None and begins else (0, 0)
        return RenderedRow(
            number=number + 1 if number is not None and begins else None,
            kind=report.paragraphs[number].kind if number is not None else "",
            link=addresses.paragraph_url(report.id, number + 1, place)
            if number is not None and begins
            else "",
            text=tuple(self._text(row)),
            raw=raw,
            from_raw=addresses.raw_url(report.id, *place) if begins and not raw and place[1] else "",
            why=explain_marks(self.aligned.explained_marks(row), self.links, self.words, self.records),
            here=number is not None and number == self.asked.paragraph,
        )

    def _text(self, row: AlignedRow) -> Iterator[Span]:
        if row.slice is None:
            return
        marks, named = self.aligned.text_marks(row), self.aligned.entities(row)
        for piece in cut_by_marks((row.slice.start, row.slice.end), marks, named, self.asked.text):
            yield self._text_span(piece)

    def _text_span(self, piece: MarkedSpan) -> Span:
        report = self.aligned.report
        entity = report.entities[piece.entity] if piece.entity is not None else None
        look, link, name, title = self._mark(piece, "t")
        text = report.text[piece.start : piece.end]
        if entity is None:
            return Span(text, look, link, name, title)
        there = addresses.entity_url(entity.key) if entity.type in addresses.ENTITY_PAGES else ""
        return Span(text, f"{look} e {entity.type}".strip(), there, name, _described(entity))

    def _raw(self, row: AlignedRow) -> Iterator[Span]:
        """Yield the raw text of a row without unchanged blank lines at its ends."""
        stretches = self.aligned.layout.stretches_in(row.raw_start, row.raw_end)
        went = [ChangeMark(stretch.start, stretch.end, k, "small") for k, stretch in enumerate(stretches)]
        marks = self.aligned.raw_marks(row)
        found = list(cut_by_marks((row.raw_start, row.raw_end), marks, went, self.asked.raw))
        while found and self._blank(found[-1]):
            found.pop()
        first = next((k for k, piece in enumerate(found) if not self._blank(piece)), len(found))
        for piece in found[first:]:
            yield self._raw_span(piece, stretches[piece.entity] if piece.entity is not None else None)

    def _blank(self, piece: MarkedSpan) -> bool:
        return piece.mark is None and not self.aligned.raw[piece.start : piece.end].strip()

    def _raw_span(self, piece: MarkedSpan, stretch: RawStretch | None) -> Span:
        text = self.aligned.raw[piece.start : piece.end]
        look, link, name, title = self._mark(piece, "r")
        if stretch is None and not look and text.strip():
            return Span(text, "gone", title=self.words("report.stands_nowhere"))
        if stretch is None or not stretch.moved:
            return Span(text, look, link, name, title)
        number = self.aligned.layout.slices[stretch.slice].paragraph
        there = self.words("report.stands_in", number=number + 1)
        return Span(text, f"{look} away".strip(), link or self.links.paragraph(number), name, title or there)

    def _mark(self, piece: MarkedSpan, side: str) -> tuple[str, str, str, str]:
        """Return the classes of a piece, where it leads, its name, and what it says."""
        looks = ["here"] if piece.here else []
        if piece.mark is None:
            return " ".join(looks), "", "", ""
        number, empty = piece.mark.change, piece.start == piece.end
        looks = [*looks, *(["seam"] if empty else []), piece.mark.css_class]
        link = self.links.raw(number) if side == "t" else self.links.text(number)
        name = f"{side}{number}" if piece.first else ""
        return (
            " ".join(looks),
            link,
            name,
            describe_change(self.aligned.report.edits[number], self.words, self.aligned.marks.where),
        )


def _described(entity: Entity) -> str:
    return " · ".join([entity.key.partition(":")[2], *(value for _, value in noted_values(entity))])
