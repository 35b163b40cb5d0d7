"""Write a table as a workbook: texts that are never run, numbers, dates; the last sheet explains the columns.

It is made in a file below the system's folder for such, so memory does not grow. A sheet that is full is
followed by another. A cell holds 32,767 characters: of longer texts the beginning, which ends in `…`.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from etl.export.as_csv import format_value
from etl.export.columns import Cell, Column
from etl.export.reading import Table

MAX_CELL_UNITS = 32_767  # units of UTF-16
# Rows of a sheet beside the one with the names.
MAX_SHEET_ROWS = 1_048_575
FIRST_DAY = date(1900, 3, 1)  # before that, spreadsheets count a day that never was
WIDTHS = {"text": 24, "date": 12, "time": 20}
DEFAULT_WIDTH = 10
PIECE_BYTES = 1 << 20
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_xlsx(table: Table) -> Iterator[bytes]:
    """Yield the workbook in pieces, once it is complete."""
    with tempfile.TemporaryDirectory(prefix="etl-export-") as folder:
        path = Path(folder) / "table.xlsx"
        with Workbook(str(path), {**OPTIONS, "tmpdir": folder}) as book:
            _Book(book, table).fill()
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


class _Book:
    """A workbook that is being filled."""

    def __init__(self, book: Any, table: Table) -> None:  # noqa: ANN401 - the library tells no types
        self._book = book
        self._table = table
        self._cut = 0
        self._bold = book.add_format({"bold": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def fill(self) -> None:
        """Write the rows, on as many sheets as they need, and what the columns mean."""
        sheet, at, number = self._sheet(self._table.name), 0, 1
        for row in self._table.rows:
            if at == MAX_SHEET_ROWS:
                number += 1
                sheet, at = self._sheet(f"{self._table.name} {number}"), 0
            at += 1
            for column, value in enumerate(row):
                self._put(sheet, at, column, value)
        self._explain(self._table.columns)

    def _sheet(self, name: str) -> Any:  # noqa: ANN401 - as above
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._table.columns):
            sheet.set_column(number, number, WIDTHS.get(column.type, DEFAULT_WIDTH))
            sheet.write_string(0, number, column.name, self._bold)
        return sheet

    def _put(self, sheet: Any, row: int, column: int, value: Cell) -> None:  # noqa: ANN401 - as above
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, Decimal | int | float):
            sheet.write_number(row, column, float(value))
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, _naive(value), self._time)
        elif isinstance(value, date) and value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, self._day)
        else:
            sheet.write_string(
                row, column, self._fitting(value if isinstance(value, str) else format_value(value))
            )

    def _fitting(self, text: str) -> str:
        units = text.encode("utf-16-le")
        if len(units) <= 2 * MAX_CELL_UNITS:
            return text
        self._cut += 1
        return units[: 2 * (MAX_CELL_UNITS - 1)].decode("utf-16-le", errors="ignore") + "…"

    def _explain(self, columns: Sequence[Column]) -> None:
        sheet = self._book.add_worksheet("columns")
        sheet.set_column(0, 1, WIDTHS["text"])
        lines = [("column", "type", "meaning"), *((one.name, one.type, one.meaning) for one in columns)]
        if self._cut:
            lines.append((f"texts that were cut at {MAX_CELL_UNITS} characters: {self._cut}", "", ""))
        for row, cells in enumerate(lines):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, None if row else self._bold)


def _naive(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
