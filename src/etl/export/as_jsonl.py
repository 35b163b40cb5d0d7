"""Write a table as JSON, one object a line; numbers keep all their digits, days and times are texts."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from etl.export.as_csv import PIECE_LENGTH, format_value
from etl.export.columns import Cell
from etl.export.reading import Table


def write_jsonl(table: Table) -> Iterator[bytes]:
    """Yield the table in pieces, each of whole lines."""
    names = [json.dumps(column.name) for column in table.columns]
    lines: list[str] = []
    size = 0
    for row in table.rows:
        cells = ", ".join(f"{name}: {_cell(value)}" for name, value in zip(names, row, strict=True))
        lines.append(f"{{{cells}}}\n")
        size += len(cells)
        if size >= PIECE_LENGTH:
            yield "".join(lines).encode()
            lines, size = [], 0
    yield "".join(lines).encode()


def _cell(value: Cell) -> str:
    if isinstance(value, Decimal):
        return format_value(value)
    if isinstance(value, date):
        return json.dumps(format_value(value))
    return json.dumps(value, ensure_ascii=False)
