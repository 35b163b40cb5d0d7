"""Put together what the store asks of the stages: the words of a search, and the raw text of a review.

The one module that knows both. What else a read should need of a stage is one more field of `Text`.
"""

from functools import partial

from etl.model import RawReport
from etl.settings import Settings
from etl.store.query import client
from etl.store.query.client import Store, Text


def open_store(settings: Settings) -> Store:
    """Open the database that the settings name, or the embedded one, for reading.

    Raises:
        UnavailableError: nobody answers.
        SetupError: the URI is not one.
    """
    return client.open_store(settings, Text(partial(_query_terms, settings), decode))


def decode(raw: RawReport) -> str:
    """Decode the bytes of a report to its raw text."""
    from etl.read import read  # noqa: PLC0415 - only a review needs the readers

    return read(raw).text


def _query_terms(settings: Settings, words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Search terms of what a reader typed, in the script of the stored text, and its words as typed."""
    from etl.engines import shared  # noqa: PLC0415 - only a search needs dictionaries
    from etl.extraction.terms import query_terms  # noqa: PLC0415

    engines = shared(settings)
    canonical = engines.converters.text(words, settings.script.canonical)
    typed = tuple(canonical.lower().split())
    return query_terms(canonical, engines.segmenter, engines.lexicon.terms) or typed, typed
