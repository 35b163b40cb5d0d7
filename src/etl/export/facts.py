"""Make the table of facts: its columns follow from the patterns in force, each field a column or several.

A field of another kind with more than one value is an entry in `PARTS`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from etl.export.columns import Cell, Column, Row, Type, to_decimal
from etl.export.tables import PLACE_COLUMNS, PlacedReport
from etl.model.exact import Amount
from etl.model.mentions import Fact
from etl.store.records.codec import Doc

# The fields of each type of fact with their kinds, as `config/facts` declares them.
Declared = Mapping[str, Mapping[str, str]]
# Kinds of fields that hold several values: the name of each and the type of its column.
PARTS: Mapping[str, tuple[tuple[str, Type], ...]] = {
    "money": (
        ("value", "decimal"),
        ("max", "decimal"),
        ("currency", "text"),
        ("at_least", "boolean"),
        ("approximate", "boolean"),
    ),
    "quantity": (("value", "decimal"), ("unit", "text"), ("thing", "text")),
}
OTHER = Column(
    "other", "text", "JSON of what a fact says that has no column here, as former patterns leave it"
)


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of the table, and where in a fact its value stands: field and, of several values, which."""

    column: Column
    name: str
    part: str | None = None


def choose_fields(declared: Declared, kind: str | None) -> tuple[FactColumn, ...]:
    """Return the columns for one type of fact or for all, each once, in the order of the patterns."""
    found: dict[str, FactColumn] = {}
    for fact, kinds in declared.items():
        if kind in (None, fact):
            for name, one in kinds.items():
                for field in _fields(fact, name, one):
                    found.setdefault(field.column.name, field)
    return tuple(found.values())


def fact_columns(chosen: Iterable[FactColumn]) -> tuple[Column, ...]:
    """Return all columns of the table."""
    return (*PLACE_COLUMNS, *(field.column for field in chosen), OTHER)


def fact_rows(entry: Doc, facts: Iterable[tuple[int, Fact]], chosen: tuple[FactColumn, ...]) -> Iterator[Row]:
    """Yield a row for each of some facts of a stored report, which come with their numbers."""
    placing = PlacedReport.of(entry)
    for number, fact in facts:
        start = min((start for start, _ in fact.spans), default=0)
        end = max((end for _, end in fact.spans), default=0)
        yield (*placing.row(number, fact.type, start, end), *_cells(fact, chosen))


def _fields(fact: str, name: str, kind: str) -> Iterator[FactColumn]:
    taken = {column.name for column in (*PLACE_COLUMNS, OTHER)}
    shown = f"fact_{name}" if name in taken else name
    if kind not in PARTS:
        meaning = "key of the entity" if kind == "key" else kind
        yield FactColumn(Column(shown, "text", f"{meaning}, of {fact}"), name)
    for part, one in PARTS.get(kind, ()):
        yield FactColumn(Column(f"{shown}_{part}", one, f"{part} of {kind}, of {fact}"), name, part)


def _cells(fact: Fact, chosen: tuple[FactColumn, ...]) -> Iterator[Cell]:
    """Yield the values of a fact, and last those without a column."""
    left: dict[str, Any] = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in fact.fields.items()
    }
    for field in chosen:
        value = _value(left, field)
        cell = _cell(value, field.column.type)
        if cell is not None or value is None:
            _take(left, field)
        yield cell
    rest = {name: value for name, value in left.items() if value not in (None, {})}
    yield json.dumps(rest, ensure_ascii=False) if rest else None


def _value(left: Mapping[str, Any], field: FactColumn) -> Any:  # noqa: ANN401 - plain JSON values
    value = left.get(field.name)
    if field.part is None:
        return value
    return value.get(field.part) if isinstance(value, dict) else None


def _take(left: dict[str, Any], field: FactColumn) -> None:
    if field.part is None:
        left.pop(field.name, None)
    elif isinstance(found := left.get(field.name), dict):
        found.pop(field.part, None)


def _cell(value: Any, kind: Type) -> Cell:  # noqa: ANN401 - as above
    """Return a value as its column holds it; None where it is of another kind."""
    if kind == "decimal":
        number = Amount(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        return None if number is None else to_decimal(number.exact)
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) else None
