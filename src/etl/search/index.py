"""The index as the store knows it: updated before each answer, then searched.

`SqliteIndex` does what `etl.store.query.finding.Index` says. Each call opens the file anew, so threads and
processes may share it; one of them writes at a time, and nobody who reads waits.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from etl.model.errors import SetupError
from etl.search import entries, excerpts, lookup, sync, tables
from etl.search.folding import fold_query
from etl.search.lookup import Area, Wanted
from etl.store.query.finding import AskedEntities, Hit, Page, Search

# Characters of a query.
MAX_QUERY_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Language:
    """The functions of Chinese that a search is given.

    Attributes:
        canonical: converts what was typed to the script of the stored text.
        areas: divisions that a name means.
    """

    canonical: Callable[[str], str]
    areas: Callable[[str], Iterable[Area]]


class SqliteIndex:
    """The index of one database, below the data folder.

    Args:
        data_dir: the data folder.
        database: name of the database.
        feed: what is read of it.
        language: what a search needs beside the index.
    """

    def __init__(self, data_dir: Path, database: str, feed: sync.Feed, language: Language) -> None:
        self._data_dir = data_dir
        self._database = database
        self._feed = feed
        self._language = language

    def find(self, search: Search) -> Page:
        """Answer a search after all changes that the feed has by now.

        Raises:
            SetupError: the query is too long, or the index cannot be kept.
            TransientError: another process uses the index for too long.
        """
        wanted = self._wanted(search)
        with tables.open_index(self._data_dir, self._database) as index:
            sync.sync_index(index, self._feed)
            return self._answer(index, search, wanted)

    def folders(self) -> tuple[str, ...]:
        """Return the folders that sources of reports lie in, or lay in, sorted."""
        query = "SELECT value FROM keys WHERE kind = ? ORDER BY value"
        with tables.open_index(self._data_dir, self._database) as index:
            sync.sync_index(index, self._feed)
            return tuple(value for (value,) in index.execute(query, (tables.KINDS.index("source"),)))

    def ids(self, search: Search) -> list[str]:
        """Return the ids of all reports that match, in their order; errors are those of `find`."""
        wanted = self._wanted(search)
        with tables.open_index(self._data_dir, self._database) as index:
            sync.sync_index(index, self._feed)
            if any(not all(writings) for writings in wanted):
                return []
            found = self._matching(index, search, wanted)
            every = replace(search, offset=0, limit=len(found))
            return lookup.report_ids(index, lookup.order_page(index, found, every, wanted))

    def asked_entities(self, search: Search) -> AskedEntities:
        """Return the entities that a search means; errors are those of `find`."""
        with tables.open_index(self._data_dir, self._database) as index:
            sync.sync_index(index, self._feed)
            return lookup.find_asked(index, search, self._areas(search))

    def build(self, tell: Callable[[int], None]) -> int:
        """Build the index anew and return how many reports it holds; ``tell`` receives how many are done."""
        try:
            with tables.open_index(self._data_dir, self._database) as index, tables.write_transaction(index):
                tables.reset_index(index)
        except SetupError:
            tables.remove(self._data_dir, self._database)
        with tables.open_index(self._data_dir, self._database) as index:
            sync.sync_index(index, self._feed, tell)
            (count,) = index.execute("SELECT count(*) FROM docs").fetchone()
        return int(count)

    def _wanted(self, search: Search) -> Wanted:
        """Return each word in its writings: as typed, and in the script of the stored text."""
        if len(search.words) > MAX_QUERY_LENGTH:
            raise SetupError(f"the query has {len(search.words)} characters; {MAX_QUERY_LENGTH} are allowed")
        typed = [search.words] if search.phrase else search.words.split()
        typed = [word for word in typed if word.strip()]
        return [sorted({fold_query(word), fold_query(self._language.canonical(word))}) for word in typed]

    def _answer(self, index: sqlite3.Connection, search: Search, wanted: Wanted) -> Page:
        if any(not all(writings) for writings in wanted):  # of what no text holds
            return Page(0, ())
        found = self._matching(index, search, wanted)
        chosen = lookup.order_page(index, found, search, wanted)
        hits = tuple(_hit(index, doc, wanted) for doc in chosen)
        return Page(len(found), hits, lookup.count_facets(index, found) if search.facets else {})

    def _matching(self, index: sqlite3.Connection, search: Search, wanted: Wanted) -> lookup.Docs:
        return lookup.find_matching(index, search, wanted, self._areas(search))

    def _areas(self, search: Search) -> Iterable[Area]:
        return self._language.areas(search.place) if search.place else ()


def _hit(index: sqlite3.Connection, doc: int, wanted: Wanted) -> Hit:
    query = "SELECT id, title, day, uri FROM docs WHERE doc = ?"
    report, title, day, uri = index.execute(query, (doc,)).fetchone()
    _, text, other = entries.texts_of(index, doc)
    shown = excerpts.excerpt(text, other, wanted, title)
    return Hit(report, title, day, uri, shown.excerpt, shown.highlights, shown.start, shown.paragraph)
