"""Define what a table is made of: columns with stated types, and rows of plain values.

A new type is a name in `Type` and a case in each module of `table_formats`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Type = Literal["text", "integer", "number", "decimal", "boolean", "date", "time"]
Cell = str | int | float | Decimal | bool | date | datetime | None
Row = tuple[Cell, ...]
# Digits before and behind the point of a decimal, as the widest type has them that tools share: 38 in all.
WHOLE_DIGITS, DECIMAL_DIGITS = 26, 12
# What stands between the values of a list in one cell.
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the type of its cells, which may all be empty, and what they mean."""

    name: str
    type: Type
    meaning: str


def to_date(value: str | None) -> date | None:
    """Convert a stored day to a date.

    >>> to_date("2020-02-15")
    datetime.date(2020, 2, 15)
    """
    return date.fromisoformat(value) if value else None


def to_decimal(value: Decimal | None) -> Decimal | None:
    """Return a number that a decimal column holds exactly; None for others.

    >>> to_decimal(Decimal("434999999.99")), to_decimal(Decimal("1e30"))
    (Decimal('434999999.99'), None)
    """
    if value is None or not value.is_finite():
        return None
    _, _, exponent = value.as_tuple()
    fits = isinstance(exponent, int) and exponent >= -DECIMAL_DIGITS and value.adjusted() < WHOLE_DIGITS
    return value if fits else None


def join_values(values: tuple[str, ...] | list[str]) -> str | None:
    """Join several values in one cell.

    >>> join_values(["张三", "李四"])
    '张三; 李四'
    """
    return SEPARATOR.join(values) or None
