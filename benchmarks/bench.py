"""Characters a second: each stage alone, the whole, and the whole beside the naive pipeline.

usage: python benchmarks/bench.py [--files N] [--naive SCRIPT] [--articles FILE.jsonl.gz]

One thread does the stages in this process. Then the product and the naive pipeline load the same
files into the same MongoDB through the same Prefect server, in turn, several rounds, the loading of models
and dictionaries counted on both sides; quote the ratio.
The naive pipeline and the articles come from the data beside the project (ETL_SHARED).
"""

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench_servers import prefect_server
from pymongo.uri_parser import parse_uri

from etl import normalize, pipeline, read, repair, script, structure
from etl.engines import shared
from etl.extraction.extractor import extract
from etl.model.report import RawReport
from etl.settings import load
from etl.store.embedded import launcher

T = TypeVar("T")
DICTIONARY = """
import time
started = time.perf_counter()
import jieba, jieba.posseg
jieba.setLogLevel(60)
jieba.initialize()
print(time.perf_counter() - started)
"""
ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ETL_SHARED", ROOT.parent / "shared"))


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=Path, default=SHARED / "bench/repair/articles.jsonl.gz")
    parser.add_argument("--naive", type=Path, default=SHARED / "bench/load/naive_pipeline.py")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "reports"
        paths = write_reports(args.articles, folder, args.files)
        stages(paths)
        whole(folder, args.naive, Path(scratch), args.rounds)


def write_reports(articles: Path, folder: Path, count: int) -> list[Path]:
    """The first ``count`` articles as plain text files, title first, paragraphs apart."""
    folder.mkdir()
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]
    paths = []
    for row in rows:
        path = folder / f"{row['id']}.txt"
        path.write_text("\n\n".join([row["title"], *row["paragraphs"]]), encoding="utf-8")
        paths.append(path)
    return paths


def stages(paths: list[Path]) -> None:
    """Time each stage over all files, one after the other, on one thread."""
    settings = load()
    engines = shared(settings)
    raws = [RawReport(p.as_uri(), "text/plain", p.read_bytes()) for p in paths]
    pipeline.process(raws[0], engines, settings)
    characters = sum(len(raw.payload.decode()) for raw in raws)
    print(f"{len(raws)} reports, {characters} characters, one thread")
    readings = timed("read", characters, lambda: [read.read(raw) for raw in raws])
    repaired = timed(
        "repair",
        characters,
        lambda: [repair.repair(r, engines.restorer, settings.repair.threshold).paragraphs for r in readings],
    )
    normal = timed(
        "normalize", characters, lambda: [tuple(normalize.normalize(p)[0] for p in ps) for ps in repaired]
    )
    shapes = timed("structure", characters, lambda: [structure.label(ps) for ps in normal])
    texts = ["\n".join(p.body.text for p in s.paragraphs) for s in shapes]
    timed("script detected", characters, lambda: [script.detect(t) for t in texts])
    timed("other script", characters, lambda: [engines.converters.text(t, "hant") for t in texts])
    timed(
        "extract",
        characters,
        lambda: [extract(t, s.paragraphs, None, engines) for t, s in zip(texts, shapes, strict=True)],
    )
    timed("the whole", characters, lambda: [pipeline.process(raw, engines, settings) for raw in raws])


def timed(name: str, characters: int, work: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = work()
    print(f"  {name:16} {characters / (time.perf_counter() - started):>12,.0f} characters/s")
    return result


def whole(folder: Path, naive: Path, scratch: Path, rounds: int) -> None:
    """Both pipelines over the same folder, server and cores, in turn."""
    cache = load().store.cache_size
    with launcher.serve(scratch, cache) as uri, prefect_server(scratch / "prefect") as environment:
        mongo = f"mongodb://{parse_uri(uri)['nodelist'][0][0]}:{parse_uri(uri)['nodelist'][0][1]}"
        ours, theirs = [], []
        for number in range(rounds):
            ours.append(run_ours(folder, mongo, environment, number))
            theirs.append(run_naive(naive, folder, mongo, environment, number))
            print(f"  round {number + 1}: product {ours[-1]:,.0f}, naive {theirs[-1]:,.0f} characters/s")
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"the whole, loaded: product/naive {statistics.median(ratios):.2f} ({spread})")


def run_ours(folder: Path, mongo: str, environment: dict[str, str], number: int) -> float:
    command = [str(Path(sys.executable).with_name("etl")), "run", str(folder), "--prefect", "--json"]
    command += ["--mongo", f"{mongo}/ours{number}"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT)
    row = json.loads(done.stdout)
    return float(row["characters"] / row["seconds"])


def run_naive(script_path: Path, folder: Path, mongo: str, environment: dict[str, str], number: int) -> float:
    command = [sys.executable, str(script_path), str(folder), mongo, "--database", f"naive{number}"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found = re.search(r"(\d+) characters in ([\d.]+) s", done.stdout)
    if not found:
        raise SystemExit(f"{script_path} printed no figure: {done.stdout[-200:]}")
    return int(found[1]) / (float(found[2]) + dictionary_seconds())


def dictionary_seconds() -> float:
    """Seconds to load jieba's dictionary; the naive pipeline starts its clock after that, ours before."""
    done = subprocess.run([sys.executable, "-c", DICTIONARY], check=True, capture_output=True, text=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
