"""Declare what is found in a report: mentions with their spans and values, and the facts made of them.

A new kind of mention is a class here, one more name in `Entity`, and its word in `EntityType`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from etl.model.exact import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What every entity has: its place in the canonical text, and the key of the thing it names.

    Attributes:
        text: the words; ``text[start:end]`` of the report.
        start: where they begin, in code points.
        end: where they end.
        key: ``type:canonical name``, the ``_id`` in the collection ``entities``.
        type: the kind of entity.
    """

    text: str
    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Mention):
    """A person.

    Attributes:
        roles: given beside the name, in the order of the text.
        of: the organization or village that they belong to; null where none is named.
    """

    type: Literal["person"] = "person"
    roles: tuple[str, ...] = ()
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Mention):
    """A named organization.

    Attributes:
        name: the full name, also where the words are an abbreviation.
    """

    type: Literal["organization"] = "organization"
    name: str


@dataclass(frozen=True, slots=True)
class DivisionRef:
    """An administrative division.

    Attributes:
        code: six digits.
        chain: names from the province down to it.
    """

    code: str
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Mention):
    """A place.

    Attributes:
        code: of the administrative division, as on the report's day; null where it is none or unknown.
        chain: names from the province down to it, as on that day.
        now: the division as it is today, or its successors; empty where that is unknown.
        candidates: the possible divisions, where the report does not tell which of them is meant.
    """

    type: Literal["place"] = "place"
    code: str | None = None
    chain: str | None = None
    now: tuple[DivisionRef, ...] = ()
    candidates: tuple[DivisionRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Time(Mention):
    """A time as ISO days, end inclusive; both null where there is no anchor to resolve it.

    Attributes:
        start_date: first day.
        end_date: last day.
    """

    type: Literal["time"] = "time"
    start_date: str | None = None
    end_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Mention):
    """A sum.

    Attributes:
        value: in units of the currency, exact; the lower end of a range; null where it is not sure.
        max: upper end of a range, else null.
        currency: ISO 4217; XXX where a bare 元 may be of more than one place.
        at_least: the text says more than (余, 多, 以上).
        approximate: the text says about (约, 近).
    """

    type: Literal["money"] = "money"
    value: Amount | None = None
    max: Amount | None = None
    currency: str = "CNY"
    at_least: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Mention):
    """A counted or measured amount of a thing.

    Attributes:
        value: exact, of a fraction to six decimals; null where it is not sure.
        max: upper end of a range, else null.
        unit: the measure word; shares (12%, 三成, 三分之一) have ``%`` and are counted in hundredths.
        thing: what is counted; null where it is not named.
    """

    type: Literal["quantity"] = "quantity"
    value: Amount | None = None
    max: Amount | None = None
    unit: str
    thing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Mention):
    """A work, law or document named in 《》; the text includes the brackets."""

    type: Literal["document"] = "document"


Entity = Person | Organization | Place | Time | Money | Quantity | Document
# The values of an entity that are told beside its name, in this order.
NOTED_VALUES = ("roles", "of", "chain", "start_date", "end_date", "value", "max", "currency", "unit", "thing")
EntityType = Literal["person", "organization", "place", "time", "money", "quantity", "document"]


def noted_values(entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each value in `NOTED_VALUES` that an entity has."""
    for name in NOTED_VALUES:
        value = getattr(entity, name, None)
        if value not in (None, (), ""):
            yield name, "、".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Fact:
    """One instance of a declared pattern (config/facts): its type, its filled fields, its spans.

    ``fields`` holds plain JSON values; stored and printed flat, beside ``type`` and ``spans``.
    """

    type: str
    fields: Mapping[str, Any]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extraction finds in one canonical text."""

    entities: tuple[Entity, ...] = ()
    facts: tuple[Fact, ...] = ()
    terms: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
