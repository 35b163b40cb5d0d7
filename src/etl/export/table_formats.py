"""List the formats of tables; a new one is a module that writes a table in pieces, and a line here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from etl.export import as_csv, as_jsonl, as_parquet, as_xlsx
from etl.export.reading import Table
from etl.model.errors import SetupError


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A format of tables.

    Attributes:
        media_type: as HTTP calls it.
        write: gives the table in pieces.
        text: a terminal may show it.
        check: makes sure that it can be written here.
    """

    media_type: str
    write: Callable[[Table], Iterator[bytes]]
    text: bool = False
    check: Callable[[], None] = lambda: None


FORMATS: Mapping[str, TableFormat] = {
    "csv": TableFormat("text/csv; charset=utf-8", as_csv.write_csv, text=True),
    "jsonl": TableFormat("application/jsonl", as_jsonl.write_jsonl, text=True),
    "parquet": TableFormat(
        "application/vnd.apache.parquet", as_parquet.write_parquet, check=as_parquet.require_pyarrow
    ),
    "xlsx": TableFormat(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx.write_xlsx
    ),
}


def available_formats() -> tuple[str, ...]:
    """Return the names of the formats that can be written here."""
    return tuple(name for name in FORMATS if name != "parquet" or find_spec("pyarrow"))


def format_of(name: str) -> TableFormat:
    """Return the format of this name, which can be written here.

    Raises:
        SetupError: there is none, or what it needs is not installed.
    """
    if name not in FORMATS:
        raise SetupError(f"there is no format {name!r} of tables; choose one of {', '.join(FORMATS)}")
    FORMATS[name].check()
    return FORMATS[name]
