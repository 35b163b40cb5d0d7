"""Choose the rows that fit a search themselves: a report that matches has others, too.

A filter chooses rows where rows have what it asks for, else the reports they come from. `choose_rows` is the
way in, for tables and for the API; a new filter of rows is a condition of `RowChoice`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from etl.model.mentions import Entity, Fact, Place
from etl.store.query.finding import AskedEntities, Search
from etl.store.records.codec import Doc, from_bson
from etl.store.records.report_codec import read_facts

Spans = Sequence[tuple[int, int]]


class AskedReader(Protocol):
    """What a choice reads of a store."""

    def asked_entities(self, search: Search) -> AskedEntities:
        """Return the entities that a search means by a person, an organization and a place."""


@dataclass(frozen=True, slots=True)
class RowChoice:
    """Which facts, mentions and entities of a matching report are wanted.

    Attributes:
        asked: the persons, organizations and places that filters mean.
        fact: only facts of this type.
        kind: only mentions and entities of this type.
    """

    asked: AskedEntities
    fact: str | None = None
    kind: str | None = None

    @property
    def fact_fields(self) -> tuple[str, ...]:
        """The fields of a report that `facts` needs beside its facts."""
        return ("text", "entities") if self.asked.keys else ()

    @property
    def entity_fields(self) -> tuple[str, ...]:
        """The fields of a report that `entity_keys` needs."""
        return ("entities",) if self.asked.keys else ("entity_keys",)

    def mentions(self, entry: Doc) -> Iterator[tuple[int, Entity]]:
        """Yield the mentions of a stored report that are wanted, each with its number."""
        for number, one in enumerate(_entities(entry)):
            if self._wants(one):
                yield number, one

    def entity_keys(self, entry: Doc) -> set[str]:
        """Return the keys of the entities of a stored report that are wanted."""
        if self.asked.keys:
            return {one.key for _, one in self.mentions(entry)}
        return {key for key in entry["entity_keys"] if self.kind in (None, key.partition(":")[0])}

    def facts(self, entry: Doc) -> Iterator[tuple[int, Fact]]:
        """Yield the facts of a stored report that are wanted, each with its number."""
        surroundings = _Surroundings.of(entry, self.asked) if self.asked.keys else None
        for number, fact in enumerate(read_facts(entry["facts"])):
            if self.fact in (None, fact.type) and (surroundings is None or surroundings.suit(fact)):
                yield number, fact

    def _wants(self, one: Entity) -> bool:
        """Return whether a mention is wanted: of the types that are asked for, and meant where a name is."""
        types = (self.kind,) if self.kind else self.asked.keys or (one.type,)
        return one.type in types and (one.type not in self.asked.keys or self.asked.mean(one))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a report says around its facts.

    Attributes:
        text: its text.
        asked: whom and what filters mean.
        meant: the mentions of these.
        places: the mentions of all places.
        names: how the place is called that is asked for, or what lies in it.
    """

    text: str
    asked: AskedEntities
    meant: tuple[Entity, ...]
    places: tuple[Entity, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, entry: Doc, asked: AskedEntities) -> "_Surroundings":
        found = _entities(entry)
        meant = tuple(one for one in found if asked.mean(one))
        places = tuple(one for one in found if isinstance(one, Place))
        names = {name for one in places if asked.mean(one) for name in _names(one, asked.chains)}
        return cls(entry["text"], asked, meant, places, asked.names | names)

    def suit(self, fact: Fact) -> bool:
        """Return whether a fact names who is asked for, and no place or the one that is."""
        named: set[str] = {one.type for one in self.meant if _within(one, fact.spans)}
        named |= {kind for kind, keys in self.asked.keys.items() if not keys.isdisjoint(_texts(fact))}
        missing = self.asked.keys.keys() - named
        return not missing or (missing == {"place"} and self._may_lie_there(fact))

    def _may_lie_there(self, fact: Fact) -> bool:
        """Return whether a fact names no place, or the one that is asked for in another name (绛县医院)."""
        if not any(_within(one, fact.spans) for one in self.places):
            return True
        return any(name in self.text[start:end] for start, end in fact.spans for name in self.names)


def choose_rows(store: AskedReader, search: Search, kind: str | None = None) -> RowChoice:
    """Return which rows of matching reports a search wants; ``kind`` is a type of mentions and entities."""
    named = search.person or search.organization or search.place
    return RowChoice(store.asked_entities(search) if named else AskedEntities(), search.fact, kind)


def _entities(entry: Doc) -> tuple[Entity, ...]:
    found: tuple[Entity, ...] = from_bson(tuple[Entity, ...], entry["entities"])
    return found


def _within(one: Entity, spans: Spans) -> bool:
    """Return whether a mention shares characters with one of the spans."""
    return any(start < one.end and one.start < end for start, end in spans)


def _names(place: Place, chains: Iterable[str]) -> Iterator[str]:
    """Yield how a place is called: as it is written, by its canonical name, and without what it lies in."""
    for name in (place.text, place.key.partition(":")[2]):
        yield name
        yield from (name.removeprefix(chain) for chain in chains if name != chain)


def _texts(fact: Fact) -> set[str]:
    return {value for value in fact.fields.values() if isinstance(value, str)}
