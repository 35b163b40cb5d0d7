"""A database that is a list, so that the index is tried without a server; and news in both scripts."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tests.store.made import make_report

from etl.model.report import Report
from etl.script import Converters
from etl.search.index import Language, SqliteIndex
from etl.search.lookup import Area
from etl.store.query.feed import Change, FeedAt
from etl.store.records.report_codec import to_document

CONVERTERS = Converters("hant")
LANGUAGE = Language(lambda words: CONVERTERS.text(words, "hans"), lambda _: ())


class ListFeed:
    """Reports and the feed of what happened to them, one change a number; ``name`` is whose feed it is."""

    def __init__(self, name: str = "one") -> None:
        self.name = name
        self.stored: dict[str, dict[str, Any]] = {}
        self.told: list[Change] = []

    def put(self, report: Report) -> None:
        """Store a report, or its next revision."""
        revision = self.stored.get(report.id, {"revision": 0})["revision"] + 1
        self.stored[report.id] = {**to_document(report), "_id": report.id, "revision": revision}
        self.told.append(Change(len(self.told) + 1, report.id, revision, deleted=False))

    def delete(self, report: str) -> None:
        """Take a report down."""
        revision = self.stored.pop(report)["revision"]
        self.told.append(Change(len(self.told) + 1, report, revision, deleted=True))

    def changes(self, since: int = 0) -> Iterator[Change]:
        """See `Store.changes`."""
        yield from self.told[since:]

    def feed_at(self, number: int) -> FeedAt:
        """See `Store.feed_at`."""
        there = 0 < number <= len(self.told)
        return FeedAt(f"{self.name} {number}" if there else "", more=number < len(self.told))

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """See `Store.documents`."""
        yield from (self.stored[one] for one in sorted(ids) if one in self.stored)


def index_of(feed: ListFeed, folder: Path, areas: Mapping[str, Iterable[Area]] | None = None) -> SqliteIndex:
    """An index over it; ``areas`` are the divisions that names mean."""
    known = areas or {}
    language = Language(LANGUAGE.canonical, lambda name: known.get(name, ()))
    return SqliteIndex(folder, "made", feed, language)  # type: ignore[arg-type] # a mapping is read as a document


def news(shared: Path, count: int) -> Iterator[Report]:
    """Reports of the news, one paragraph a line, in both scripts."""
    with gzip.open(shared / "corpus/news_2022_2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, count):
            found = json.loads(line)
            text = "\n".join((found["title"], *found["paragraphs"]))
            day = f"{found['id'][:4]}-{found['id'][4:6]}-{found['id'][6:8]}"
            other = CONVERTERS.text(text, "hant")
            yield make_report(
                f"file:///news/{found['id']}", text, (), day, other_text=other, title=found["title"], terms=()
            )
