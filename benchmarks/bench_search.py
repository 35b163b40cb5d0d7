"""Search over many news: what is found of random strings in both scripts, how fast, and what the index costs.

Strings of 1 to 8 characters are cut out of paragraphs at random, every length in both scripts; the truth is a
walk over all texts. Where more reports are asked for than there are news, others are made of them: every
second paragraph of one and every other of another. What the index adds to loading is measured on news that
take the whole way. Times are those of the clock and of this process's processor, which does the search; the
database's server has its own. With --alone the index stands over reports in memory, which takes no time to
load; each has a dozen entities then, so that facets have much to count.

usage: python benchmarks/bench_search.py [--reports N] [--queries N] [--loaded N] [--alone]
"""

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from plain_reports import load as store_all
from plain_reports import report

from etl import ingest
from etl.model.ids import report_id
from etl.model.report import Report
from etl.script import Converters
from etl.search import lookup, tables
from etl.search.folding import fold_query
from etl.search.index import Language, SqliteIndex
from etl.settings import Settings, load
from etl.store.changelog import reconcile
from etl.store.driver.connection import connect
from etl.store.query.feed import Change, FeedAt
from etl.store.query.finding import Page, Search
from etl.store.schema.collections import ensure_schema
from etl.wiring import index_of, open_store

NEWS = Path(os.environ.get("ETL_SHARED", "../shared")) / "corpus/news_2022_2024.jsonl.gz"
CONVERTERS = Converters("hant")
Took = tuple[float, float]
# How far in the list the second of two news stands whose paragraphs make a text, by the round.
APART = 617
# Reports that become one entry of the feed.
FEED_BATCH = 10_000
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def news(count: int) -> list[tuple[str, tuple[list[str], list[str]]]]:
    """Names and lines of news, in both scripts."""
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, count)]
    simplified = [(one["id"], "\n".join((one["title"], *one["paragraphs"]))) for one in found]
    return [
        (name, (text.split("\n"), CONVERTERS.text(text, "hant").split("\n"))) for name, text in simplified
    ]


def texts(count: int) -> Iterator[tuple[str, str, str]]:
    """Names and texts in both scripts: of all news, then of pairs of them, each round at another distance."""
    found = news(count)
    for number in range(count):
        (name, lines), distance = found[number % len(found)], number // len(found)
        if distance:
            _, others = found[(number + distance * APART) % len(found)]
            name, lines = f"{name}-{distance}", (mixed(lines[0], others[0]), mixed(lines[1], others[1]))
        yield name, "\n".join(lines[0]), "\n".join(lines[1])


def mixed(lines: list[str], others: list[str]) -> list[str]:
    return [*lines[::2], *others[1::2]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is searched: how, in which file, and the texts of each report by its id."""

    find: Callable[[Search], Page]
    file: Path
    texts: Sequence[tuple[str, str, str]]


@dataclass(slots=True)
class Memory:
    """A feed of reports that are in memory."""

    name: str = "memory"
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)

    def changes(self, since: int = 0) -> Iterator[Change]:
        """See `Store.changes`."""
        every = enumerate(list(self.stored)[since:], since + 1)
        yield from (Change(number, one, 1, deleted=False) for number, one in every)

    def feed_at(self, number: int) -> FeedAt:
        """See `Store.feed_at`."""
        return FeedAt(str(number) if number else "", more=number < len(self.stored))

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[dict[str, Any]]:
        """See `Store.documents`."""
        del fields
        yield from (self.stored[one] for one in ids)


def named(chosen: random.Random) -> Iterator[Mapping[str, Any]]:
    """Entities of a report, some of them in many others, most in few."""
    for kind in ("person", "organization", "place") * 4:
        name = str(int(chosen.paretovariate(0.5)) % 50_000)
        place = {"code": None, "chain": None, "now": ()} if kind == "place" else {}
        yield {"type": kind, "key": f"{kind}:{name}", "text": name, **place}


def alone(folder: Path, count: int) -> Kept:
    """So many reports in memory, and the index over them."""
    feed, chosen = Memory(), random.Random(18)
    for name, text, other in texts(count):
        uri = f"file:///{name}"
        day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
        texts_of = {"title": "", "text": text, "other_text": other}
        found = {"entities": list(named(chosen)), "facts": (), "needs_review": False}
        about = {"published_on": day, "source": {"uri": uri}, "revision": 1}
        feed.stored[report_id(uri)] = {"_id": report_id(uri), **texts_of, **found, **about}
    language = Language(lambda words: CONVERTERS.text(words, "hans"), lambda _: ())
    index = SqliteIndex(folder, feed.name, feed, language)
    built(index, tables.file_of(folder, feed.name))
    made = [(one, entry["text"], entry["other_text"]) for one, entry in feed.stored.items()]
    return Kept(index.find, tables.file_of(folder, feed.name), made)


def built(index: SqliteIndex, file: Path) -> None:
    """Build an index, and tell what it took."""
    begun, worked = time.perf_counter(), time.process_time()
    count = index.build(lambda _: None)
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    size = file.stat().st_size / 1e6
    print(f"{count} reports indexed in {took:.1f} s (processor {worked:.1f} s), {size:.0f} MB", flush=True)


def flat(text: str) -> str:
    paragraphs = text.translate(NARROW).lower().split("\n")
    return "\n".join("".join(one.split()) for one in paragraphs if one.strip())


def made(name: str, text: str, other: str) -> Report:
    """A report in both scripts."""
    day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
    return replace(report(f"file:///{name}", text, day), other_text=other)


def cost(folder: Path, count: int) -> None:
    """What the index adds to the loading of some news."""
    inbox = folder / "in"
    inbox.mkdir()
    for name, text, _ in texts(count):
        (inbox / f"{name}.txt").write_text(text.replace("\n", "\n\n"), encoding="utf-8")
    settings = load(data_dir=folder / "small")
    with open_store(settings) as kept:
        begun = time.perf_counter()
        ingest.ingest([str(inbox)], settings)
        loaded = time.perf_counter()
        index_of(settings, kept).build(lambda _: None)
        built = time.perf_counter()
    print(
        f"{count} news loaded in {loaded - begun:.1f} s, their index made in {built - loaded:.1f} s: "
        f"loading costs {(built - begun) / (loaded - begun):.2f} times as much"
    )


def strings(reports: Sequence[tuple[str, str, str]], count: int) -> Iterator[str]:
    """Strings as they stand in the texts, of either script by turns."""
    chosen = random.Random(18)
    while count:
        _, *both = chosen.choice(reports)
        paragraph = chosen.choice(both[count // 8 % 2].split("\n"))
        at = chosen.randrange(max(1, len(paragraph)))
        words = paragraph[at : at + 1 + count % 8]
        if flat(words):
            count -= 1
            yield words


def holding(words: str, flattened: Sequence[tuple[str, str, str]]) -> set[str]:
    """Ids of the reports that hold a string as it was typed, or as it reads in the script of the texts."""
    wanted = {flat(words), flat(CONVERTERS.text(words, "hans"))}
    return {one for one, *both in flattened if any(word in text for word in wanted for text in both)}


def timed(kept: Kept, search: Search) -> tuple[Page, Took]:
    begun, worked = time.perf_counter(), time.process_time()
    found = kept.find(search)
    return found, ((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000)


def spread(name: str, took: Sequence[Took]) -> None:
    for kind, times in zip(
        ("by the clock", "of this process's processor"), zip(*took, strict=True), strict=True
    ):
        some = sorted(times)
        middle, late = some[len(some) // 2], some[len(some) * 95 // 100]
        print(f"{name}, {kind}: median {middle:.1f} ms, p95 {late:.1f} ms")


def matched(kept: Kept, words: str) -> set[str]:
    """Ids of all that match, without an excerpt of each."""
    wanted = [sorted({fold_query(words), fold_query(CONVERTERS.text(words, "hans"))})]
    with tables.open_read_only(kept.file) as index:
        docs = lookup.find_matching(index, Search(), wanted, ())
        query = "SELECT id FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
        return {one for (one,) in index.execute(query, (json.dumps(docs.tolist()),))}


def found(kept: Kept, queries: int) -> None:
    """Recall and precision over all strings, and how long pages take."""
    flattened = [(one, flat(text), flat(other)) for one, text, other in kept.texts]
    right = wrong = missed = 0
    plain, ranked, counted = list[Took](), list[Took](), list[Took]()
    for words in strings(kept.texts, queries):
        page, took = timed(kept, Search(words=words, phrase=True))
        plain.append(took)
        ranked.append(timed(kept, Search(words=words, phrase=True, sort="relevance"))[1])
        counted.append(timed(kept, Search(words=words, phrase=True, facets=True))[1])
        ids = matched(kept, words)
        truth = holding(words, flattened)
        right, wrong, missed = right + len(ids & truth), wrong + len(ids - truth), missed + len(truth - ids)
        wrong += abs(page.total - len(ids))
    print(
        f"{queries} strings: recall {right / (right + missed):.4f}, precision {right / (right + wrong):.4f}"
    )
    spread("newest first", plain)
    spread("by relevance", ranked)
    spread("with facets", counted)


def filled(settings: Settings, count: int) -> list[Report]:
    """A database of so many reports."""
    reports = [made(*one) for one in texts(count)]
    with connect(settings) as connection:
        ensure_schema(connection.database)
        for first in range(0, count, FEED_BATCH):
            store_all(connection.database, reports[first : first + FEED_BATCH])
            reconcile.reconcile(connection.database)
    return reports


@contextmanager
def stored(settings: Settings, count: int) -> Iterator[Kept]:
    """So many reports in the embedded server, and the index over them."""
    with open_store(settings) as kept:
        reports = filled(settings, count)
        file = tables.file_of(settings.data_dir, kept.name)
        built(index_of(settings, kept), file)
        yield Kept(kept.find, file, [(one.id, one.text, one.other_text) for one in reports])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--loaded", type=int, default=300)
    parser.add_argument("--alone", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.loaded:
            cost(folder, options.loaded)
        if options.alone:
            found(alone(folder / "alone", options.reports), options.queries)
            return
        with stored(load(data_dir=folder / "large"), options.reports) as kept:
            found(kept, options.queries)


if __name__ == "__main__":
    main()
