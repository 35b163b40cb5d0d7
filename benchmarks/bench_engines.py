"""Compares the engines that run the second network: speed, the words and the entities that are the same.

usage: python benchmarks/bench_engines.py [--news N] [--reports N] [--rounds N]

Both engines do each batch in turn in this process, on one thread, in processor time. The texts are news and
government reports beside the project (ETL_SHARED); the first round warms up and is not counted.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench_pipeline import NEWS, REPORTS, batches, spread
from corpus_diff import SHARED

from etl.engines import shared
from etl.extraction.network.graph_engines import ENGINES
from etl.isolation.processing import ProcessingRequest, ProcessingTools, process_reports
from etl.model.report import RawReport, Report
from etl.settings import load


class Side:
    """The product with one engine.

    Attributes:
        spent: processor seconds of the tagger and of the whole, a round each.
    """

    def __init__(self, engine: str) -> None:
        settings = load()
        extract = settings.extract.model_copy(update={"engine": engine})
        self.settings = settings.model_copy(update={"extract": extract})
        self.engines = shared(self.settings)
        self.tagger: list[float] = []
        self.whole: list[float] = []

    def tag(self, texts: Sequence[str]) -> set[Any]:
        """The words of all texts, with the text's number."""
        found = self.engines.tagger.read_all(texts)
        return {(number, *word) for number, one in enumerate(found) for word in one.words}

    def process(self, texts: Sequence[str]) -> set[Any]:
        """The entities of all texts after the whole pipeline, with the text's number."""
        raws = [RawReport(f"memory://{n}.txt", "text/plain", text.encode()) for n, text in enumerate(texts)]
        requests = [ProcessingRequest(raw, raw.uri) for raw in raws]
        made = process_reports(requests, ProcessingTools(self.engines, self.settings))
        return {
            (number, one.type, one.start, one.end)
            for number, report in enumerate(made)
            if isinstance(report, Report)
            for one in report.entities
        }


def timed(work: Callable[[Sequence[str]], set[Any]], texts: Sequence[str], into: list[float]) -> set[Any]:
    began = time.process_time()
    found = work(texts)
    into[-1] += time.process_time() - began
    return found


def compare(name: str, texts: Sequence[str], sides: Sequence[Side], rounds: int) -> None:
    """Print one table: microseconds a character in each round, and what share is the same."""
    same = {"words": [0, 0], "entities": [0, 0]}
    for _ in range(rounds + 1):
        for side in sides:
            side.tagger.append(0.0)
            side.whole.append(0.0)
        for batch in batches(texts):
            words = [timed(side.tag, batch, side.tagger) for side in sides]
            entities = [timed(side.process, batch, side.whole) for side in sides]
            for key, (first, other) in (("words", words), ("entities", entities)):
                same[key][0] += len(first & other)
                same[key][1] += len(first)
    size = sum(map(len, texts))
    print(f"\n{name}: {len(texts)} texts, {size} characters; microseconds a character by round, ratio")
    for title, lists in (("tagger", [s.tagger for s in sides]), ("whole", [s.whole for s in sides])):
        shown = [[1e6 * seconds / size for seconds in one[1:]] for one in lists]
        ratio = statistics.median(a / b for a, b in zip(*shown, strict=True))
        cells = "  |  ".join(", ".join(f"{one:.1f}" for one in row) for row in shown)
        print(f"  {title:8} {cells}  |  {ratio:.2f}")
    print("  the same:", ", ".join(f"{key} {a / b:.4f}" for key, (a, b) in same.items()))
    for side in sides:
        side.tagger.clear()
        side.whole.clear()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=int, default=120)
    parser.add_argument("--reports", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    sides = [Side(engine) for engine in ENGINES]
    print(" | ".join(ENGINES))
    for name, file, count in (("news", NEWS, args.news), ("government reports", REPORTS, args.reports)):
        compare(name, list(spread(SHARED / file, count)), sides, args.rounds)


if __name__ == "__main__":
    main()
