"""Write a table as Parquet, or make an Arrow table, with the types of its columns; needs pyarrow.

Decimals are exact (38 digits, 12 of them behind the point), days are dates, times UTC.
"""

import importlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from etl.export.columns import DECIMAL_DIGITS, WHOLE_DIGITS, Column, Row
from etl.export.reading import Table
from etl.model.errors import SetupError

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are written at once: a row group.
ROW_GROUP_SIZE = 5_000


class WriteBuffer:
    """A file in memory whose bytes can be taken as they are written."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep some bytes until they are taken."""
        self._written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        out, self._written = b"".join(self._written), []
        return out

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Do nothing: the buffer belongs to the caller."""


def write_parquet(table: Table) -> Iterator[bytes]:
    """Yield the table in pieces, a row group each.

    Raises:
        SetupError: pyarrow is not installed.
    """
    schema = _schema(table.columns)
    file = WriteBuffer()
    with _arrow("pyarrow.parquet").ParquetWriter(file, schema, compression="zstd") as parquet:
        for batch in _batches(table.rows, schema):
            parquet.write_batch(batch, row_group_size=ROW_GROUP_SIZE)
            yield file.take()
    yield file.take()


def to_arrow(table: Table) -> "pa.Table":
    """Read all of a table into memory.

    Raises:
        SetupError: pyarrow is not installed.
    """
    schema = _schema(table.columns)
    return _arrow().Table.from_batches(_batches(table.rows, schema), schema)


def require_pyarrow() -> None:
    """Check that pyarrow is installed.

    Raises:
        SetupError: it is not.
    """
    _arrow("pyarrow.parquet")


def _arrow(name: str = "pyarrow") -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SetupError(
            "Parquet and Arrow need pyarrow, which is not installed; "
            "run `pip install 'report-etl[parquet]'`, or take csv, jsonl or xlsx"
        ) from error


def _schema(columns: Iterable[Column]) -> Any:  # noqa: ANN401 - a schema of pyarrow
    arrow = _arrow()
    types = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "decimal": arrow.decimal128(WHOLE_DIGITS + DECIMAL_DIGITS, DECIMAL_DIGITS),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "time": arrow.timestamp("ms", "UTC"),
    }
    return arrow.schema(
        [arrow.field(one.name, types[one.type], metadata={"meaning": one.meaning}) for one in columns]
    )


def _batches(rows: Iterator[Row], schema: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    arrow = _arrow()
    while some := list(islice(rows, ROW_GROUP_SIZE)):
        arrays = [
            arrow.array(cells, kind)
            for cells, kind in zip(zip(*some, strict=True), schema.types, strict=True)
        ]
        yield arrow.RecordBatch.from_arrays(arrays, schema=schema)
