"""The index as the store knows it: brought into line before each answer, then asked.

`SqliteIndex` does what `etl.store.query.finding.Index` says. Each call opens the file anew, so threads and
processes may share it; one of them writes at a time, and nobody who reads waits.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from etl.errors import SetupError
from etl.search import asking, entries, excerpts, following, tables
from etl.search.asking import Area, Wanted
from etl.search.folding import fold_query
from etl.store.query.finding import Hit, Page, Search

# Characters of a query.
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Language:
    """What a search needs of those who know Chinese.

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

    def __init__(self, data_dir: Path, database: str, feed: following.Feed, language: Language) -> None:
        self._data_dir = data_dir
        self._database = database
        self._feed = feed
        self._language = language

    def find(self, search: Search) -> Page:
        """Answer from all that the feed of changes has told by now.

        Raises:
            SetupError: the query is too long, or the index cannot be kept.
            TransientError: another process keeps the index for too long.
        """
        wanted = self._wanted(search)
        with tables.opened(self._data_dir, self._database) as index:
            following.follow(index, self._feed)
            return self._answer(index, search, wanted)

    def folders(self) -> tuple[str, ...]:
        """The folders that sources of reports lie in, or lay in, in order."""
        query = "SELECT value FROM keys WHERE kind = ? ORDER BY value"
        with tables.opened(self._data_dir, self._database) as index:
            following.follow(index, self._feed)
            return tuple(value for (value,) in index.execute(query, (tables.KINDS.index("source"),)))

    def ids(self, search: Search) -> list[str]:
        """All reports that match, in their order; errors are those of `find`."""
        wanted = self._wanted(search)
        with tables.opened(self._data_dir, self._database) as index:
            following.follow(index, self._feed)
            if any(not all(writings) for writings in wanted):
                return []
            found = self._matching(index, search, wanted)
            every = replace(search, offset=0, limit=len(found))
            return asking.ids(index, asking.ordered(index, found, every, wanted))

    def build(self, tell: Callable[[int], None]) -> int:
        """Make the index anew, and return how many reports it holds; what is told is how many are done."""
        try:
            with tables.opened(self._data_dir, self._database) as index, tables.writing(index):
                tables.clear(index)
        except SetupError:
            tables.remove(self._data_dir, self._database)
        with tables.opened(self._data_dir, self._database) as index:
            following.follow(index, self._feed, tell)
            (count,) = index.execute("SELECT count(*) FROM docs").fetchone()
        return int(count)

    def _wanted(self, search: Search) -> Wanted:
        """Each word in its writings: as it was typed, and as it reads in the script of the stored text."""
        if len(search.words) > LONGEST:
            raise SetupError(f"what is looked for has {len(search.words)} characters; {LONGEST} are allowed")
        typed = [search.words] if search.phrase else search.words.split()
        typed = [word for word in typed if word.strip()]
        return [sorted({fold_query(word), fold_query(self._language.canonical(word))}) for word in typed]

    def _answer(self, index: sqlite3.Connection, search: Search, wanted: Wanted) -> Page:
        if any(not all(writings) for writings in wanted):  # of what no text holds
            return Page(0, ())
        found = self._matching(index, search, wanted)
        chosen = asking.ordered(index, found, search, wanted)
        hits = tuple(_hit(index, doc, wanted) for doc in chosen)
        return Page(len(found), hits, asking.facets(index, found) if search.facets else {})

    def _matching(self, index: sqlite3.Connection, search: Search, wanted: Wanted) -> asking.Docs:
        areas = self._language.areas(search.place) if search.place else ()
        return asking.matching(index, search, wanted, areas)


def _hit(index: sqlite3.Connection, doc: int, wanted: Wanted) -> Hit:
    query = "SELECT id, title, day, uri FROM docs WHERE doc = ?"
    report, title, day, uri = index.execute(query, (doc,)).fetchone()
    _, text, other = entries.body_of(index, doc)
    shown = excerpts.excerpt(text, other, wanted)
    return Hit(report, title, day, uri, shown.excerpt, shown.highlights, shown.start, shown.paragraph)
