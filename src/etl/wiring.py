"""Connect the store with what it needs of others: the engine of search, the raw text of a review, tables.

This is the one module that knows them all. What else a read should need of a stage is one more field of
`Text`.
"""

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING

from etl.model.errors import SetupError
from etl.model.layout import Layout
from etl.model.report import RawReport, Reading
from etl.settings import Settings, config_dir, load, own_dir
from etl.store.query import client
from etl.store.query.client import Store, Text
from etl.store.query.finding import Search

if TYPE_CHECKING:
    import pyarrow as pa

    from etl.export.reading import Table, TableRequest
    from etl.search.index import SqliteIndex
    from etl.search.lookup import Area


def open_store(settings: Settings) -> Store:
    """Open the database that the settings name, or the embedded one, for reading.

    Raises:
        UnavailableError: nobody answers.
        SetupError: the URI is not one.
    """
    return client.open_store(settings, text_of(settings))


def text_of(settings: Settings) -> Text:
    """Return the functions of stages and search that a store needs, by the settings."""
    return Text(partial(index_of, settings), decode, _arrow, layout, partial(_other, settings))


def index_of(settings: Settings, store: Store) -> "SqliteIndex":
    """Open the index of search over a store, below the data folder."""
    from etl.search.index import Language, SqliteIndex  # noqa: PLC0415 - only a search needs arrays

    language = Language(partial(_canonical, settings), partial(_areas, settings))
    return SqliteIndex(settings.data_dir, store.name, store, language)


def decode(raw: RawReport) -> str:
    """Decode the bytes of a report to its raw text."""
    return _read(raw).text


def _read(raw: RawReport) -> Reading:
    from etl.engines import read_limits  # noqa: PLC0415 - only a review, or a lost layout, needs the readers
    from etl.read import read  # noqa: PLC0415 - as above

    return read(raw, read_limits(load()))


def table_of(store: Store, name: str, wanted: "TableRequest") -> "Table":
    """Make a table of what a store holds, with the columns of the facts that are in force.

    Raises:
        SetupError: there is no such table, a file of facts cannot be read, or the search is wrong.
    """
    from etl.export.reading import open_table  # noqa: PLC0415 - only an export needs tables
    from etl.extraction.resources.fact_pattern_files import fact_fields  # noqa: PLC0415 - as above
    from etl.extraction.resources.word_files import WordFiles  # noqa: PLC0415 - as above

    try:
        declared = fact_fields(WordFiles(config_dir(), own_dir()).patterns())
    except (OSError, ValueError) as error:
        raise SetupError(str(error)) from error
    return open_table(store, name, wanted, declared)


def _arrow(store: Store, name: str, search: Search, kind: str | None) -> "pa.Table":
    from etl.export.as_parquet import to_arrow  # noqa: PLC0415 - as above
    from etl.export.reading import TableRequest  # noqa: PLC0415 - as above

    return to_arrow(table_of(store, name, TableRequest(search, kind)))


def layout(raw: RawReport) -> Layout:
    """Read from the bytes of a report where its raw text stands on pages."""
    return _read(raw).layout


def _other(settings: Settings, text: str, people: Collection[str]) -> str:
    """Convert a stored text to the other script."""
    from etl.engines import shared  # noqa: PLC0415 - only a whole report needs converters

    return shared(settings).other_text(text, people)


def _canonical(settings: Settings, words: str) -> str:
    """Convert what a reader typed to the script of the stored text."""
    from etl.engines import shared  # noqa: PLC0415 - only a search needs converters

    return shared(settings).converters.text(words, settings.script.canonical)


def _areas(settings: Settings, name: str) -> "Iterable[Area]":
    """Yield the divisions of any year that a name, an entity's key or a code means."""
    from etl.engines import shared  # noqa: PLC0415 - only a search for a place needs divisions
    from etl.search.lookup import Area  # noqa: PLC0415 - as above

    engines = shared(settings)
    asked = engines.converters.text(name.removeprefix("place:"), "hans")
    readings = engines.gazetteer.read(asked, lambda _: True)
    meant = {one.division for one in readings if one.length == len(asked)} | {*engines.gazetteer.coded(asked)}
    return sorted({Area(one.code, one.chain) for one in meant}, key=lambda area: (area.code, area.chain))
