"""Put together what the store asks of the stages: the engine of search, and the raw text of a review.

The one module that knows both. What else a read should need of a stage is one more field of `Text`.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from etl.model import RawReport
from etl.settings import Settings
from etl.store.query import client
from etl.store.query.client import Store, Text

if TYPE_CHECKING:
    from etl.search.asking import Area
    from etl.search.index import SqliteIndex


def open_store(settings: Settings) -> Store:
    """Open the database that the settings name, or the embedded one, for reading.

    Raises:
        UnavailableError: nobody answers.
        SetupError: the URI is not one.
    """
    return client.open_store(settings, text_of(settings))


def text_of(settings: Settings) -> Text:
    """What a store asks of those who make texts, as the settings have them."""
    return Text(partial(index_of, settings), decode)


def index_of(settings: Settings, store: Store) -> "SqliteIndex":
    """The index of search over a store, below the data folder."""
    from etl.search.index import Language, SqliteIndex  # noqa: PLC0415 - only a search needs arrays

    language = Language(partial(_canonical, settings), partial(_areas, settings))
    return SqliteIndex(settings.data_dir, store.name, store, language)


def decode(raw: RawReport) -> str:
    """Decode the bytes of a report to its raw text."""
    from etl.read import read  # noqa: PLC0415 - only a review needs the readers

    return read(raw).text


def _canonical(settings: Settings, words: str) -> str:
    """What a reader typed, in the script of the stored text."""
    from etl.engines import shared  # noqa: PLC0415 - only a search needs converters

    return shared(settings).converters.text(words, settings.script.canonical)


def _areas(settings: Settings, name: str) -> "Iterable[Area]":
    """The divisions of any year that a name, an entity's key or a code means."""
    from etl.engines import shared  # noqa: PLC0415 - only a search for a place needs divisions
    from etl.search.asking import Area  # noqa: PLC0415 - as above

    engines = shared(settings)
    asked = engines.converters.text(name.removeprefix("place:"), "hans")
    readings = engines.gazetteer.read(asked, lambda _: True)
    meant = {one.division for one in readings if one.length == len(asked)}
    return sorted({Area(one.code, one.chain) for one in meant}, key=lambda area: (area.code, area.chain))
