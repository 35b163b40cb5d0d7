"""Stored reports without a server: a list with an index of search over it, and entities made of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.search.made import ListFeed, index_of

from etl.model.report import Report
from etl.search.index import SqliteIndex
from etl.store.query.finding import AskedEntities, Page, Search
from etl.store.records.changelog import EntityRecord

LOADED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DECLARED = {
    "appointment": {"person": "person", "post": "text", "title": "text"},
    "donation": {"donor": "party", "donor_key": "key", "money": "money", "quantity": "quantity"},
}


@dataclass
class MadeStore:
    """What an export reads of a store; ``asked`` counts the reports that were read."""

    feed: ListFeed
    index: SqliteIndex
    asked: int = 0
    most: int = field(default=0)

    def matching(self, search: Search) -> Sequence[str]:
        """See `Store.matching`."""
        return self.index.ids(search)

    def find(self, search: Search) -> Page:
        """See `Store.find`."""
        return self.index.find(search)

    def asked_entities(self, search: Search) -> AskedEntities:
        """See `Store.asked_entities`."""
        return self.index.asked_entities(search)

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[dict[str, Any]]:
        """See `Store.documents`; only the fields that were asked for."""
        wanted = {"_id", *fields}
        for entry in self.feed.documents(list(ids), ()):
            self.asked += 1
            yield {name: value for name, value in {**entry, "loaded_at": LOADED}.items() if name in wanted}

    def all_entities(self) -> Iterator[EntityRecord]:
        """See `Store.all_entities`."""
        named = Counter(key for entry in self.feed.stored.values() for key in entry["entity_keys"])
        for key, count in sorted(named.items()):
            kind, _, name = key.partition(":")
            days = (None, "2020-02-03")
            yield EntityRecord(key, kind, name, (name,), (), None, None, count, *days, (), 1, 6)

    def entities_of(self, keys: Iterable[str]) -> tuple[EntityRecord, ...]:
        """See `Store.entities_of`."""
        wanted = set(keys)
        return tuple(one for one in self.all_entities() if one.id in wanted)


def store_of(reports: Iterable[Report], folder: Path) -> MadeStore:
    """A store that holds these reports."""
    feed = ListFeed()
    for report in reports:
        feed.put(report)
    return MadeStore(feed, index_of(feed, folder))


Cells = Mapping[str, Any]
