"""What commands take at their start: processor seconds of the client, another revision's in the same run.

usage: python benchmarks/bench_start.py [BASE] [--rounds N] [--only CASE ...] [--news FILE.jsonl.gz]

Cases: help, process (the seed), new (one news article into a database), unchanged (2,000 short files that are
all known). The database is a process of its own and not counted; a worker that a command starts is. BASE is
any revision of git beside the working tree; both take turns. Each case is run once before it is measured, so
that what Python keeps is there. Seed and news come from the data beside the project (ETL_SHARED); quote the
minima of one run.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench_flat import small, write
from bench_reprints import SHARED, read
from corpus_diff import tree
from corpus_sample import ROOT

from etl.settings import load
from etl.store.embedded import launcher

MANY = 2000
SEED = SHARED / "bench/seed/report.txt"
COMMAND = "from etl.cli import main; main()"


@dataclass(frozen=True)
class Side:
    """One revision at work.

    Attributes:
        name: how it is called in what is printed.
        environment: makes a Python run this revision's code on a database of its own.
        folder: where its files are.
        news: texts that it has not loaded yet.
    """

    name: str
    environment: dict[str, str]
    folder: Path
    news: Iterator[str]

    def spent(self, *words: str) -> float:
        """Run a command; return its processor seconds, with those of its own children."""
        before = used()
        command = [sys.executable, "-c", COMMAND, *words]
        subprocess.run(command, env=self.environment, stdout=subprocess.DEVNULL, check=True)
        return used() - before


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("base", nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--news", type=Path, default=SHARED / "corpus/news_2022_2024.jsonl.gz")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-start-") as place, ExitStack() as stack:
        trees = {"now": ROOT}
        if args.base:
            trees = {args.base: stack.enter_context(tree(args.base, Path(place) / "base")), **trees}
        articles = random.Random(1).sample(read(args.news), 2 * (args.rounds + 1))
        texts = [f"{article.title}\n\n{article.body}" for article in articles]
        sides = [side(stack, name, path, Path(place) / name, iter(texts)) for name, path in trees.items()]
        for case in args.only:
            measure(case, sides, args.rounds)


def side(stack: ExitStack, name: str, source: Path, folder: Path, news: Iterator[str]) -> Side:
    """Start a database for a revision."""
    settings = load(data_dir=folder / "data")
    uri = stack.enter_context(launcher.serve(settings.data_dir, settings.store.cache_size))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPATH": str(source / "src"), "ETL_DATA_DIR": str(settings.data_dir), "ETL_MONGO_URI": uri}
    return Side(name, {**environment, **own}, folder, news)


def measure(case: str, sides: list[Side], rounds: int) -> None:
    """Run a case on all sides in turn and print what each took."""
    found: dict[str, list[float]] = {one.name: [] for one in sides}
    for number in range(rounds + 1):
        for one in sides:
            seconds = CASES[case](one)
            if number:
                found[one.name].append(seconds)
    for name, every in found.items():
        every_one = ", ".join(f"{seconds:.2f}" for seconds in sorted(every))
        print(f"{case:10} {name:12} {min(every):.2f} s ({every_one})", flush=True)


def of_help(one: Side) -> float:
    return one.spent("--help")


def of_process(one: Side) -> float:
    return one.spent("process", str(SEED))


def of_new(one: Side) -> float:
    path = one.folder / "new" / f"{random.randrange(10**9)}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(next(one.news), encoding="utf-8")
    return one.spent("run", str(path), "--json")


def of_unchanged(one: Side) -> float:
    folder = one.folder / "many"
    if not folder.exists():
        dice = random.Random(1)
        write(folder, [small(number, dice).text for number in range(MANY)])
    return one.spent("run", str(folder), "--json")


def used() -> float:
    """Processor seconds of all ended children of this process."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


CASES: dict[str, Callable[[Side], float]] = {
    "help": of_help,
    "process": of_process,
    "new": of_new,
    "unchanged": of_unchanged,
}


if __name__ == "__main__":
    main()
