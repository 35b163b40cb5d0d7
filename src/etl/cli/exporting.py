"""Define `etl export`, which writes tables of many reports, or one report as a document.

A new table is a line in `TABLES`; a new format one in `etl.export.table_formats` or `etl.export.documents`.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.filters import with_filters
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etl.store.query.finding import Search


class TableFormatName(StrEnum):
    """The formats of tables."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


class DocumentFormatName(StrEnum):
    """The formats of a single report."""

    TEI = "tei"
    MARKDOWN = "markdown"
    RIS = "ris"
    BIBTEX = "bibtex"


Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to write; default: standard output.")
]
TABLES = {
    "reports": "a report a line, with its text",
    "entities": "who, where and what is named, once each",
    "facts": "what is stated, its values in columns",
    "mentions": "each place at which something is named",
}
# Which rows of a report that matches are written.
NAMED = (
    "With --person, --organization or --place only those that it means; with --type of another type, all of "
    "that type in the reports that match."
)
ROWS = {
    "reports": "",
    "entities": NAMED,
    "facts": "Only facts of the type of --fact, which name whom --person and --organization mean. With "
    "--place, a fact that names places must name one there. Everything else chooses reports.",
    "mentions": NAMED,
}
KINDS = ("entities", "mentions")


def table(name: str) -> Callable[..., None]:
    """Make the command that exports the table ``name`` of `TABLES`."""

    @with_filters
    def export(
        asked: "Search",
        form: Annotated[
            TableFormatName, typer.Option("--format", help="How to write it.")
        ] = TableFormatName.CSV,
        kind: Annotated[
            str | None, typer.Option("--type", metavar="TYPE", help="Only entities or mentions of it.")
        ] = None,
        out: Out = None,
        mongo: options.Mongo = None,
    ) -> None:
        if kind and name not in KINDS:
            raise SetupError(f"--type is for {' and '.join(KINDS)}; name a type of facts with --fact")
        _write_table(name, asked, form.value, out, kind, mongo)

    export.__doc__ = (
        f"Write a table: {TABLES[name]}. Of all reports, or of those that match; the newest first. "
        f"{ROWS[name]}\n\n"
        f"Example: etl export {name} 捐款 --since 2020-01-01 --format xlsx --out {name}.xlsx"
    )
    return export


def report(
    report_id: options.Identifier,
    form: Annotated[
        DocumentFormatName, typer.Option("--format", help="The text as TEI or Markdown, or how to cite it.")
    ] = DocumentFormatName.MARKDOWN,
    out: Out = None,
    mongo: options.Mongo = None,
) -> None:
    """Write one report as a document.

    Example: etl export report 1f3a --format tei --out report.xml
    """
    from etl.export.documents import FORMATS
    from etl.wiring import open_store

    with open_store(options.settings(mongo)) as store:
        found = store.report(store.full_id(report_id))
    _write([FORMATS[form.value].write(found)], out)


def _write_table(
    name: str, asked: "Search", form: str, out: Path | None, kind: str | None, mongo: str | None
) -> None:
    from etl.export.reading import TableRequest, count_rows
    from etl.export.table_formats import format_of
    from etl.wiring import open_store, table_of

    wanted = format_of(form)
    if out is None and not wanted.text and terminal.is_terminal():
        raise SetupError(f"{form} cannot be printed on a terminal; name a file with --out")
    with open_store(options.settings(mongo)) as store:
        found = count_rows(table_of(store, name, TableRequest(asked, kind)))
        _write(wanted.write(found.table), out)
    terminal.print_note(f"{found.rows} rows" + (f" in {out}" if out else ""))


def _write(pieces: Iterable[bytes], out: Path | None) -> None:
    """Write to a file, which appears only once it is complete, or to standard output for None."""
    if out is None:
        terminal.print_bytes(pieces)
        return
    with _complete(out) as part, part.open("wb") as file:
        file.writelines(pieces)


@contextmanager
def _complete(out: Path) -> "Iterator[Path]":
    """Yield the path of a temporary file beside the wanted one, and rename it at the end if all went well."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
