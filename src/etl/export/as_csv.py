"""Write a table as CSV for spreadsheets: UTF-8 with a byte order mark, and no cell that is run as a formula.

Numbers keep all their digits, days are 2020-02-15, times 2020-02-15T08:00:00Z, truths true and false. A text
that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from etl.export.columns import Cell
from etl.export.reading import Table

# What begins a formula in one spreadsheet or another, in either width; blanks before it are skipped by some.
FORMULA = tuple("=+-@＝＋－＠")
BLANK = "\t\r\n \u3000\ufeff"
# Characters that are collected before they are handed on.
PIECE_LENGTH = 1 << 16


def write_csv(table: Table) -> Iterator[bytes]:
    """Yield the table in pieces, with a first line of names."""
    piece = io.StringIO()
    lines = csv.writer(piece, lineterminator="\r\n")
    piece.write("\ufeff")
    lines.writerow([column.name for column in table.columns])
    for row in table.rows:
        lines.writerow([format_cell(value) for value in row])
        if piece.tell() >= PIECE_LENGTH:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def format_cell(value: Cell) -> str:
    """Format a value as a cell.

    >>> format_cell("=1+1"), format_cell(Decimal("-3.50")), format_cell(None)
    ("'=1+1", '-3.50', '')
    """
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else format_value(value)


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip(BLANK).startswith(FORMULA) else text


def format_value(value: Decimal | date | float) -> str:
    """Format a number with all its digits, a day or time by ISO 8601.

    >>> format_value(Decimal("1E+3")), format_value(date(2020, 2, 15))
    ('1000', '2020-02-15')
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else repr(value)
