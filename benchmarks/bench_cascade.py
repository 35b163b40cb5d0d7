"""How many sentences the second network must read beside the first, what that changes, and what it takes.

usage: python benchmarks/bench_cascade.py [--texts N] [--edges 0.5 0.7 …]

For each edge of `etl.extraction.network.cascade.SURE`: the share of characters that the second network
reads, and of the sentences whose names, times or sums then differ from those where it reads everything. Texts
of the corpus taught the networks; those of `bench/harm` and the sentences of other sets did not (ETL_SHARED).
At last the processor time of the taggers, on one thread.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import bench_extract
from bench_extract import KINDS, SHARED

from etl.engines import Engines
from etl.extraction.extractor import KnownEntities, extract
from etl.extraction.network import cascade
from etl.extraction.network.cascade import CascadeTagger, doubtful
from etl.extraction.network.recurrent import RecurrentReader
from etl.extraction.network.tagger import NetworkTagger, model_file
from etl.extraction.resources.tagger import Tagged, split_pieces
from etl.settings import load

EDGES = (0.5, 0.7, 0.8, 0.9, 0.95)
LENGTH, SEED, ALL = 2500, 8, 1.1
OTHERS = ("reports_dev.bio", "weibo_dev.bio", "peoples_daily_dev.bio")
Spans = set[tuple[str, int, int]]


def texts(path: Path, count: int) -> list[str]:
    """Return the beginnings of some texts of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = list(map(json.loads, lines))
    chosen = random.Random(SEED).sample(rows, min(count, len(rows)))
    return [(row.get("text") or "\n".join(row["paragraphs"]))[:LENGTH] for row in chosen]


def sets(count: int) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each set with its texts."""
    for path in sorted((SHARED / "corpus").glob("*.jsonl.gz")):
        yield path.name.split(".")[0], texts(path, count)
    yield "harm (not taught)", texts(SHARED / "bench/harm/texts.jsonl.gz", count)
    for name in OTHERS:
        every = [text for text, _ in bench_extract.sentences(SHARED / "bench/ner/data" / name)]
        yield f"{name.split('.')[0]} (not taught)", every[: 6 * count]


def spans(text: str, tagged: Tagged, engines: Engines) -> Spans:
    """Return what is found with these words."""
    found = extract(text, None, None, engines, KnownEntities(tagged=tagged)).entities
    return {(one.type, one.start, one.end) for one in found if one.type in KINDS}


def at(edge: float, tagger: CascadeTagger, every: Sequence[str]) -> tuple[Tagged, ...]:
    """Read texts with another edge."""
    setattr(cascade, "SURE", edge)  # noqa: B010 - for this run
    return tagger.read_all(every)


def compare(every: Sequence[str], edges: Sequence[float], both: CascadeTagger, engines: Engines) -> None:
    """Print a row for each edge."""
    network = NetworkTagger(model_file(None))
    told = [network.answer(text) for text in every]
    alone = [spans(text, one, engines) for text, one in zip(every, at(ALL, both, every), strict=True)]
    size = sum(map(len, every))
    for edge in edges:
        now = [spans(text, one, engines) for text, one in zip(every, at(edge, both, every), strict=True)]
        read = sum(
            sum(end - start for start, end in doubtful(*pair)) for pair in zip(every, told, strict=True)
        )
        differ = total = 0
        for text, before, after in zip(every, alone, now, strict=True):
            for start, end in split_pieces(text):
                total += 1
                differ += any(a < end and b > start for _, a, b in before ^ after)
        print(f"  {edge:4.2f}  {read / size:5.3f} read again, {differ / total:7.4f} differ")


def seconds(read: Callable[[Sequence[str]], object], every: Sequence[str]) -> float:
    """Return the least processor time of three turns."""
    turns = []
    for _ in range(3):
        start = time.process_time()
        read(every)
        turns.append(time.process_time() - start)
    return min(turns)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=60, help="of each set")
    parser.add_argument("--edges", type=float, nargs="*", default=EDGES)
    args = parser.parse_args()
    usual = cascade.SURE
    reader, network, engines = RecurrentReader(), NetworkTagger(model_file(None)), Engines(load())
    both = CascadeTagger(network, reader)
    for name, every in sets(args.texts):
        print(name)
        compare(every, args.edges, both, engines)
        setattr(cascade, "SURE", usual)  # noqa: B010 - for this run
        size = sum(map(len, every))
        sentences = [text[start:end] for text in every for start, end in split_pieces(text)]
        takes = ((network.read_all, every), (reader.answer_all, sentences), (both.read_all, every))
        taken = [seconds(read, texts) / size * 1e6 for read, texts in takes]
        print("  first {:.1f}, second {:.1f}, both {:.1f} us a character".format(*taken))


if __name__ == "__main__":
    main()
