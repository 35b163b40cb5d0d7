"""Search over many news: what is found of random strings in both scripts, how fast, and what the index costs.

Strings of 1 to 8 characters are cut out of paragraphs at random, every length in both scripts; the truth is a
walk over all texts. Where more reports are asked for than there are news, others are made of them: every
second paragraph of one and every other of another. What the index adds to loading is measured on news that
take the whole way. Times are those of the clock and of this process's processor, which does the search; the
database's server has its own.

usage: python benchmarks/bench_search.py [--reports N] [--queries N] [--loaded N]
"""

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from plain_reports import load as store_all
from plain_reports import report

from etl import ingest
from etl.model import Report
from etl.script import Converters
from etl.search import lookup, tables
from etl.search.folding import fold_query
from etl.settings import Settings, load
from etl.store.changelog import reconcile
from etl.store.driver.connection import connect
from etl.store.query.client import Store
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


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Names and texts: of all news, then of pairs of them, each round at another distance."""
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        news = [json.loads(line) for line in lines]
    for number in range(count):
        one, distance = news[number % len(news)], number // len(news)
        if not distance:
            yield one["id"], "\n".join((one["title"], *one["paragraphs"]))
            continue
        other = news[(number + distance * APART) % len(news)]
        paragraphs = (*one["paragraphs"][::2], *other["paragraphs"][1::2])
        yield f"{one['id']}-{distance}", "\n".join((one["title"], *paragraphs))


def flat(text: str) -> str:
    paragraphs = text.translate(NARROW).lower().split("\n")
    return "\n".join("".join(one.split()) for one in paragraphs if one.strip())


def made(name: str, text: str) -> Report:
    """A report in both scripts."""
    day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
    return replace(report(f"file:///{name}", text, day), other_text=CONVERTERS.text(text, "hant"))


def cost(folder: Path, count: int) -> None:
    """What the index adds to the loading of some news."""
    inbox = folder / "in"
    inbox.mkdir()
    for name, text in texts(count):
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


def strings(reports: Sequence[Report], count: int) -> Iterator[str]:
    """Strings as they stand in the texts, of either script by turns."""
    chosen = random.Random(18)
    while count:
        one = chosen.choice(reports)
        paragraph = chosen.choice((one.text, one.other_text)[count // 8 % 2].split("\n"))
        at = chosen.randrange(max(1, len(paragraph)))
        words = paragraph[at : at + 1 + count % 8]
        if flat(words):
            count -= 1
            yield words


def holding(words: str, flattened: Sequence[tuple[str, str, str]]) -> set[str]:
    """Ids of the reports that hold a string as it was typed, or as it reads in the script of the texts."""
    wanted = {flat(words), flat(CONVERTERS.text(words, "hans"))}
    return {one for one, *both in flattened if any(word in text for word in wanted for text in both)}


def timed(kept: Store, search: Search) -> tuple[Page, Took]:
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


def matched(kept: Store, data_dir: Path, words: str) -> set[str]:
    """Ids of all that match, without an excerpt of each."""
    wanted = [sorted({fold_query(words), fold_query(CONVERTERS.text(words, "hans"))})]
    with tables.open_index(data_dir, kept.name) as index:
        docs = lookup.find_matching(index, Search(), wanted, ())
        query = "SELECT id FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
        return {one for (one,) in index.execute(query, (json.dumps(docs.tolist()),))}


def found(kept: Store, data_dir: Path, reports: Sequence[Report], queries: int) -> None:
    """Recall and precision over all strings, and how long pages take."""
    flattened = [(one.id, flat(one.text), flat(one.other_text)) for one in reports]
    right = wrong = missed = 0
    plain, ranked, counted = list[Took](), list[Took](), list[Took]()
    for words in strings(reports, queries):
        page, took = timed(kept, Search(words=words, phrase=True))
        plain.append(took)
        ranked.append(timed(kept, Search(words=words, phrase=True, sort="relevance"))[1])
        counted.append(timed(kept, Search(words=words, phrase=True, facets=True))[1])
        ids = matched(kept, data_dir, words)
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
    reports = [made(name, text) for name, text in texts(count)]
    with connect(settings) as connection:
        ensure_schema(connection.database)
        for first in range(0, count, FEED_BATCH):
            store_all(connection.database, reports[first : first + FEED_BATCH])
            reconcile.reconcile(connection.database)
    return reports


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--loaded", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.loaded:
            cost(folder, options.loaded)
        settings = load(data_dir=folder / "large")
        with open_store(settings) as kept:
            reports = filled(settings, options.reports)
            begun = time.perf_counter()
            count = index_of(settings, kept).build(lambda _: None)
            size = tables.file_of(settings.data_dir, kept.name).stat().st_size
            print(f"{count} reports indexed in {time.perf_counter() - begun:.1f} s, {size / 1e6:.0f} MB")
            found(kept, settings.data_dir, reports, options.queries)


if __name__ == "__main__":
    main()
