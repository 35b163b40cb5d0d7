"""Bring the index into line with a database: by the feed of changes, or from nothing where it is not of it.

The feed names what changed; what is kept is the report as it stands now. So an entry may be dealt with twice,
and a process that dies leaves the index at the last number that it had dealt with wholly.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Protocol

from etl.search import entries, tables
from etl.search.tables import State
from etl.store.query.client import Change, FeedAt
from etl.store.records.codec import Doc

# Reports that are kept at once; others wait meanwhile.
AT_ONCE = 500


class Feed(Protocol):
    """What the index reads of a database."""

    def changes(self, since: int = 0) -> Iterator[Change]:
        """What changed after a number."""

    def feed_at(self, number: int) -> FeedAt:
        """What the feed says at a number."""

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Doc]:
        """Those of these reports that are there."""


def follow(index: sqlite3.Connection, feed: Feed, tell: Callable[[int], None] = lambda _: None) -> None:
    """Deal with all that the feed tells; what is told is how many reports that were so far."""
    count = 0
    while not _is_current(index, feed):
        with tables.writing(index):
            if not is_of(index, feed):
                tables.clear(index)
            count += _go_on(index, feed)
        tell(count)


def is_of(index: sqlite3.Connection, feed: Feed) -> bool:
    """Whether the index shows a state of this database; one that was emptied or put back has another feed."""
    state = tables.state_of(index)
    return _belongs(state, feed.feed_at(state.number))


def _is_current(index: sqlite3.Connection, feed: Feed) -> bool:
    """Whether it shows the present state; one question to the database."""
    state = tables.state_of(index)
    found = feed.feed_at(state.number)
    return _belongs(state, found) and not found.more


def _belongs(state: State, found: FeedAt) -> bool:
    return state.number == 0 or (state.stamp != "" and found.stamp == state.stamp)


def _go_on(index: sqlite3.Connection, feed: Feed) -> int:
    """Deal with the next numbers; how many reports that were."""
    reached = tables.state_of(index).number
    ids = set[str]()
    for number, changes in groupby(feed.changes(reached), key=lambda change: change.number):
        ids |= {change.report_id for change in changes}
        reached = number
        if len(ids) >= AT_ONCE:
            break
    there = set[str]()
    for entry in feed.documents(ids, entries.FIELDS):
        entries.put(index, entry)
        there.add(entry["_id"])
    for one in ids - there:
        entries.drop(index, one)
    tables.set_state(index, State(reached, feed.feed_at(reached).stamp))
    return len(ids)
