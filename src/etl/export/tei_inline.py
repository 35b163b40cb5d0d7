"""Write the inside of a paragraph as TEI: entities and corrections nested in its text.

A new kind of entity is a function in `ELEMENTS`.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from etl.export.as_csv import format_value
from etl.export.placed_changes import PlacedChange, PlacedChanges
from etl.export.xml_text import Element, add_element, add_text, make_element, to_token
from etl.model.mentions import Entity, Mention, Money, Person, Place, Quantity, Time
from etl.model.report import Report, ReportParagraph
from etl.model.traced import Change

T = TypeVar("T", Entity, PlacedChange)
# Who is responsible for a change, as the header names them.
PROGRAM, READER = "etl", "reader"


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text to be marked."""

    start: int
    end: int
    what: Entity | Change


class Inline:
    """Fills paragraphs; ``left`` are the entities so far that cross a border and cannot be marked."""

    def __init__(self, report: Report, made: PlacedChanges) -> None:
        self._text = report.text
        self._entities = sorted(report.entities, key=_start)
        self._changes = made.placed
        self.left: list[Entity] = []

    def fill(self, parent: Element, paragraph: ReportParagraph) -> None:
        """Write the text of a paragraph into its element."""
        spans = [_Span(one.start, one.end, one) for one in _within(self._entities, paragraph, 0)]
        made = _within(self._changes, paragraph, 1)
        spans += [_Span(one.start, one.end, one.change) for one in made if one.end <= paragraph.end]
        spans.sort(key=_order)
        self._nest(parent, spans, paragraph.start, paragraph.end)

    def _nest(self, parent: Element, spans: Sequence[_Span], start: int, end: int) -> None:
        """Write ``text[start:end]`` with these spans in it, those inside another within it."""
        position, at = start, 0
        while at < len(spans):
            span = spans[at]
            at += 1
            if span.start < position or span.end > end:
                self._leave(parent, span)
                continue
            inner = at
            while at < len(spans) and spans[at].start < span.end:
                at += 1
            add_text(parent, self._text[position : span.start])
            inside = _open(parent, span.what)
            self._nest(inside, spans[inner:at], span.start, span.end)
            position = span.end
        add_text(parent, self._text[position:end])

    def _leave(self, parent: Element, span: _Span) -> None:
        """Set aside a span that crosses a border: an entity goes to the end, a change into a note."""
        if isinstance(span.what, Change):
            add_element(parent, "note", f"{span.what.before} → {span.what.after}", type_="correction")
        else:
            self.left.append(span.what)


def by_a_person(change: Change) -> bool:
    """Return whether a person decided or corrected this."""
    return change.decided or change.stage == "correct"


def _order(span: _Span) -> tuple[int, bool, int, bool]:
    """Return the sort key: by start, points first, then the longest, entities before changes."""
    return (span.start, span.end > span.start, -span.end, isinstance(span.what, Change))


def _within(found: Sequence[T], paragraph: ReportParagraph, more: int) -> Sequence[T]:
    """Return the items (sorted by start) that start in a paragraph or up to ``more`` characters after it."""
    first = bisect_left(found, paragraph.start, key=_start)
    return found[first : bisect_left(found, paragraph.end + more, lo=first, key=_start)]


def _start(one: Entity | PlacedChange) -> int:
    return one.start


def _open(parent: Element, what: Entity | Change) -> Element:
    """Begin an element, and return the one that the text goes into."""
    if not isinstance(what, Change):
        made = ELEMENTS.get(what.type, _other)(what)
        parent.append(made)
        return made[0] if len(made) else made
    if not what.after and not what.before.strip() and "\n" in what.before:
        return add_element(parent, "lb", break_="no")
    choice = add_element(parent, "choice")
    add_element(choice, "sic", what.before)
    who = READER if by_a_person(what) else PROGRAM
    return add_element(
        choice, "corr", type_=to_token(what.rule), resp=f"#{who}", cert=f"{what.confidence:.4g}"
    )


def _person(one: Person) -> Element:
    roles = " ".join(to_token(role) for role in one.roles)
    return make_element("persName", key=one.key, role=roles)


def _place(one: Place) -> Element:
    return make_element("placeName", key=one.key, n=one.code)


def _time(one: Time) -> Element:
    if one.start_date == one.end_date:
        return make_element("date", when=one.start_date)
    return make_element("date", from_=one.start_date, to=one.end_date)


def _other(one: Mention) -> Element:
    """Return the element of an entity whose kind has no function in `ELEMENTS`."""
    return make_element("rs", type_=one.key.partition(":")[0], key=one.key)


def _valued(made: Element, one: Money | Quantity, *, at_least: bool = False) -> Element:
    """Return the element with its value; a range or minimum gets an element ``num`` inside."""
    if one.value is not None and one.max is None and not at_least:
        made.set("quantity", format_value(one.value.exact))
        return made
    ends = {"atLeast": one.value} if one.max is None else {"min": one.value, "max": one.max}
    said = {name: format_value(value.exact) for name, value in ends.items() if value is not None}
    if said:
        add_element(made, "num", "", **said)
    return made


def _money(one: Money) -> Element:
    made = make_element("measure", type_="currency", unit=one.currency)
    return _valued(made, one, at_least=one.at_least)


def _quantity(one: Quantity) -> Element:
    made = make_element("measure", unit=to_token(one.unit), commodity=to_token(one.thing or ""))
    return _valued(made, one)


ELEMENTS: Mapping[str, Callable[[Any], Element]] = {
    "person": _person,
    "organization": lambda one: make_element("orgName", key=one.key),
    "place": _place,
    "time": _time,
    "money": _money,
    "quantity": _quantity,
    "document": lambda one: make_element("title", key=one.key),
}
