"""Read the rows of a table from a store: of the reports that a search finds, in its order, a few at a time.

`open_table` is the way in. A new table is a line in `TABLES`.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol, TypeVar, get_args

from etl.export import facts, tables
from etl.export.columns import Column, Row
from etl.export.facts import Declared
from etl.export.row_choice import AskedReader, RowChoice, choose_rows
from etl.model.errors import SetupError
from etl.model.mentions import EntityType
from etl.store.query.finding import Search
from etl.store.records.changelog import EntityRecord
from etl.store.records.codec import Doc

T = TypeVar("T")
# Reports, or entities, that are read at once.
READ_BATCH = 50


class ReportReader(AskedReader, Protocol):
    """What an export reads of a store."""

    def matching(self, search: Search) -> Iterable[str]:
        """Return the ids of the reports that match, in order."""

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Doc]:
        """Yield these fields of those of these reports that are there."""

    def entities_of(self, keys: Iterable[str]) -> tuple[EntityRecord, ...]:
        """Return those of these entities that are there, in order."""

    def all_entities(self) -> Iterator[EntityRecord]:
        """Yield every entity, in order."""


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What is to be exported.

    Attributes:
        search: chooses the reports, and of their rows those that fit it themselves (`etl.export.row_choice`).
        kind: only mentions or entities of this type.
    """

    search: Search = field(default_factory=Search)
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written once: its columns, and its rows as they are read."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterator[Row]


@dataclass(slots=True)
class CountedTable:
    """A table that counts its rows as they are read."""

    table: Table
    rows: int = 0


def count_rows(table: Table) -> CountedTable:
    """Count the rows of a table as they are read."""

    def rows() -> Iterator[Row]:
        for row in table.rows:
            out.rows += 1
            yield row

    out = CountedTable(replace(table, rows=rows()))
    return out


TableMaker = Callable[[ReportReader, TableRequest, Declared], Table]


def open_table(store: ReportReader, name: str, wanted: TableRequest, declared: Declared) -> Table:
    """Open a table of what a store holds; ``declared`` are the facts in force.

    Raises:
        SetupError: there is no such table, or no such type, or the search cannot be answered.
    """
    if name not in TABLES:
        raise SetupError(f"there is no table {name!r}; choose one of {', '.join(TABLES)}")
    if wanted.kind not in (None, *get_args(EntityType)):
        raise SetupError(f"there is no type {wanted.kind!r}; choose one of {', '.join(get_args(EntityType))}")
    return TABLES[name](store, wanted, declared)


def _reports(store: ReportReader, wanted: TableRequest, _: Declared) -> Table:
    found = _entries(store, wanted.search, tables.NEEDED_FIELDS["reports"])
    return Table("reports", tables.REPORTS, (tables.report_row(entry) for entry in found))


def _facts(store: ReportReader, wanted: TableRequest, declared: Declared) -> Table:
    def rows() -> Iterator[Row]:
        choice = _choice(store, wanted)
        for entry in _entries(store, wanted.search, {*tables.NEEDED_FIELDS["facts"], *choice.fact_fields}):
            yield from facts.fact_rows(entry, choice.facts(entry), columns)

    columns = facts.choose_fields(declared, wanted.search.fact)
    return Table("facts", facts.fact_columns(columns), rows())


def _mentions(store: ReportReader, wanted: TableRequest, _: Declared) -> Table:
    def rows() -> Iterator[Row]:
        choice = _choice(store, wanted)
        for entry in _entries(store, wanted.search, tables.NEEDED_FIELDS["mentions"]):
            yield from tables.mention_rows(entry, choice.mentions(entry))

    return Table("mentions", tables.MENTIONS, rows())


def _entities(store: ReportReader, wanted: TableRequest, _: Declared) -> Table:
    everything = replace(wanted.search, limit=0, offset=0, facets=False, sort="date")
    asked = everything != replace(Search(), limit=0)
    every = ((one, one.reports) for one in store.all_entities() if wanted.kind in (None, one.type))
    found = _named(store, wanted) if asked else every
    return Table("entities", tables.ENTITIES, (tables.entity_row(*one) for one in found))


TABLES: Mapping[str, TableMaker] = {
    "reports": _reports,
    "entities": _entities,
    "facts": _facts,
    "mentions": _mentions,
}


def _choice(store: ReportReader, wanted: TableRequest) -> RowChoice:
    return choose_rows(store, wanted.search, wanted.kind)


def _entries(store: ReportReader, search: Search, fields: Iterable[str]) -> Iterator[Doc]:
    """Yield the stored reports that match, in order, with the fields that a table needs."""
    for some in _some(store.matching(search)):
        found = {entry["_id"]: entry for entry in store.documents(some, fields)}
        yield from (found[one] for one in some if one in found)


def _named(store: ReportReader, wanted: TableRequest) -> Iterator[tuple[EntityRecord, int]]:
    """Yield the entities of matching reports, with how many name each; SQLite counts them in a file."""
    choice = _choice(store, wanted)
    # Who reads the rows may do so in one thread after the other, as a web server does.
    with closing(sqlite3.connect("", check_same_thread=False)) as counts:
        counts.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, reports INTEGER) WITHOUT ROWID")
        count = "INSERT INTO keys VALUES (?, 1) ON CONFLICT DO UPDATE SET reports = reports + 1"
        for some in _some(store.matching(wanted.search)):
            for entry in store.documents(some, (*choice.entity_fields, "parts")):
                counts.executemany(count, ((key,) for key in choice.entity_keys(entry)))
        for known in _some(counts.execute("SELECT key, reports FROM keys ORDER BY key")):
            reports = dict(known)
            yield from ((one, reports[one.id]) for one in store.entities_of(reports))


def _some(values: Iterable[T]) -> Iterator[list[T]]:
    left = iter(values)
    while some := list(islice(left, READ_BATCH)):
        yield some
