"""The whole pipeline of two revisions over the same texts in one run: processor time, stage by stage.

usage: python benchmarks/bench_pipeline.py BASE [--to REVISION] [--tagger lac] [--news N] [--reports N]

BASE is any revision of git, the other side the working tree, or REVISION. Each runs in a process of its own
on one thread; batch by batch they take turns, so that what else the machine does falls on both. Quote the
ratio. The texts are news and government reports, spread over the data beside the project (ETL_SHARED); models
are loaded before.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_diff import SHARED, tree
from corpus_sample import ROOT

NEWS, REPORTS = "corpus/news_2022_2024.jsonl.gz", "corpus/gov_reports_to_2014.jsonl.gz"
BATCH_CHARACTERS, WARMING = 50_000, 20
# In the order in which a text passes them; the tagger is a part of `extract`.
STAGES = ("read", "repair", "normalize", "structure", "convert", "extract", "tagger")


@dataclass(slots=True)
class Side:
    """One revision at work, and what it took so far."""

    process: subprocess.Popen[str]
    stages: Counter[str] = field(default_factory=Counter)
    batches: list[float] = field(default_factory=list)

    def run(self, texts: Sequence[str]) -> None:
        """Do one batch and wait for it."""
        print(json.dumps(list(texts)), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(next(iter(self.process.stdout or ())))
        self.stages.update(answer["stages"])
        self.batches.append(answer["whole"])

    def warm(self, texts: Sequence[str]) -> None:
        """Do some work that does not count: what is loaded or compiled when it is first of use."""
        self.run(next(batches(texts))[:WARMING])
        self.stages.clear()
        self.batches.clear()


def main() -> None:
    """Print a table for each kind of text."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("base")
    parser.add_argument("--to", help="a revision instead of the working tree")
    parser.add_argument("--news", type=int, default=300)
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--tagger", help="of revisions that have several, such as lac; else each its own default"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-pipeline-") as room, ExitStack() as stack:
        base = stack.enter_context(tree(args.base, Path(room) / "base"))
        now = stack.enter_context(tree(args.to, Path(room) / "now")) if args.to else ROOT
        for name, file, count in (("news", NEWS, args.news), ("government reports", REPORTS, args.reports)):
            texts = list(spread(SHARED / file, count))
            with side(base, args.tagger) as before, side(now, args.tagger) as after:
                for one in (before, after):
                    one.warm(texts)
                for _ in range(args.rounds):
                    take_turns(before, after, texts)
            tell(name, args.rounds * sum(map(len, texts)), before, after)


def spread(path: Path, count: int) -> Iterator[str]:
    """``count`` texts from the whole of a file, at equal distances."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows[:: max(1, len(rows) // max(1, count))][:count]:
        yield "\n\n".join([row["title"], *row["paragraphs"]])


def take_turns(before: Side, after: Side, texts: Sequence[str]) -> None:
    """Let both do each batch, the one that begins changing."""
    for number, batch in enumerate(batches(texts)):
        for one in (before, after) if number % 2 else (after, before):
            one.run(batch)


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts in order, about `BATCH_CHARACTERS` together."""
    chosen: list[str] = []
    for text in texts:
        chosen.append(text)
        if sum(map(len, chosen)) >= BATCH_CHARACTERS:
            yield chosen
            chosen = []
    if chosen:
        yield chosen


@contextmanager
def side(root: Path, tagger: str | None) -> Iterator[Side]:
    """A revision in a process of its own, on one thread, with its own settings."""
    several = tagger and "\ntagger = " in (root / "config/etl.toml").read_text(encoding="utf-8")
    chosen = {"ETL_EXTRACT__TAGGER": str(tagger)} if several else {}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ETL_")}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, "-P", str(Path(__file__).with_name("pipeline_worker.py")), str(root)]
    pipe = subprocess.PIPE
    environment = {**kept, **one_thread, **chosen, "PYTHONPATH": str(root / "src"), "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, env=environment, cwd=root, stdin=pipe, stdout=pipe, text=True) as process:
        yield Side(process)
        process.communicate()


def tell(name: str, characters: int, before: Side, after: Side) -> None:
    """Print microseconds a character by stage, and the ratio with its spread over the batches."""
    print(f"{name}: {characters:,} characters in {len(after.batches)} batches")
    print(f"  {'us a character':16}{'base':>8}{'now':>8}{'ratio':>8}")
    rows = {"whole": (sum(before.batches), sum(after.batches))}
    rows |= {stage: (before.stages[stage], after.stages[stage]) for stage in STAGES}
    for stage, (old, new) in rows.items():
        each = "".join(f"{1e6 * seconds / characters:8.2f}" for seconds in (old, new))
        print(f"  {stage:16}{each}{old / max(new, 1e-9):8.2f}")
    ratios = [old / new for old, new in zip(before.batches, after.batches, strict=True)]
    print(
        f"  {characters / sum(after.batches):,.0f} characters a processor second, "
        f"{sum(before.batches) / sum(after.batches):.2f} times the base "
        f"(batches {min(ratios):.2f} to {max(ratios):.2f}, median {statistics.median(ratios):.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
