"""Update the index from the feed of changes; rebuild it when it belongs to another database.

The feed names what changed; what is kept is the report as it stands now. So an entry may be applied twice,
and a process that crashes leaves the index at the last number that it had applied.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Protocol

from etl.search import entries, tables
from etl.search.tables import State
from etl.store.query.feed import Change, FeedAt
from etl.store.records.codec import Doc

# Reports that are kept at once; others wait meanwhile.
REPORTS_AT_ONCE = 500


class Feed(Protocol):
    """The database as the index reads it."""

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Yield the changes after a number of the feed."""

    def feed_at(self, number: int) -> FeedAt:
        """Return the entry of the feed at a number."""

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Doc]:
        """Yield those of these reports that are stored."""


def sync_index(index: sqlite3.Connection, feed: Feed, tell: Callable[[int], None] = lambda _: None) -> None:
    """Apply all new entries of the feed; ``tell`` receives the number of reports applied so far.

    An index that began empty is merged at the end: where its words stand in one piece, a search reads less.
    """
    count, anew = 0, tables.state_of(index).number == 0
    while not _is_current(index, feed):
        with tables.write_transaction(index):
            if not is_of(index, feed):
                tables.reset_index(index)
                anew = True
            count += _apply_next(index, feed)
        tell(count)
    if count and anew:
        with tables.write_transaction(index):
            tables.merge_words(index)


def is_of(index: sqlite3.Connection, feed: Feed) -> bool:
    """Check whether the index belongs to this database; one that was emptied or restored has another feed."""
    state = tables.state_of(index)
    return _belongs(state, feed.feed_at(state.number))


def _is_current(index: sqlite3.Connection, feed: Feed) -> bool:
    """Check whether it shows the present state, with one question to the database."""
    state = tables.state_of(index)
    found = feed.feed_at(state.number)
    return _belongs(state, found) and not found.more


def _belongs(state: State, found: FeedAt) -> bool:
    return state.number == 0 or (state.stamp != "" and found.stamp == state.stamp)


def _apply_next(index: sqlite3.Connection, feed: Feed) -> int:
    """Apply the next entries; return how many reports they name."""
    reached = tables.state_of(index).number
    ids = set[str]()
    for number, changes in groupby(feed.changes(reached), key=lambda change: change.number):
        ids |= {change.report_id for change in changes}
        reached = number
        if len(ids) >= REPORTS_AT_ONCE:
            break
    there = set[str]()
    for entry in feed.documents(ids, entries.FIELDS):
        entries.index_report(index, entry)
        there.add(entry["_id"])
    for one in ids - there:
        entries.unindex_report(index, one)
    tables.set_state(index, State(reached, feed.feed_at(reached).stamp))
    return len(ids)
