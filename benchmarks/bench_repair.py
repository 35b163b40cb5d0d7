"""Measure the restorer: the table over damaged and clean articles, honesty, failures, growth, speed, memory.

usage: bench_repair.py [--shared FOLDER] [--seeds 31 32 33] [--per-level 60] [--failures N] [--only PART]

FOLDER holds ``bench/repair`` with damage.py, score.py and articles.jsonl.gz. Parts: table, growth, honesty.
Everything runs on one core; what is timed, in seconds of that core, is `etl.repair` alone.
"""

import argparse
import gzip
import importlib.util
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from etl.model.report import Encoding, Reading, Repaired
from etl.repair import Restorer, repair
from etl.repair.scorer.weights import MODEL
from etl.settings import load as settings

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
THRESHOLD = settings().repair.threshold
NAMES = ("joins", "columns", "overjoined", "paragraphs", "order", "exact", "furniture", "lost", "added")
SIZES = (10_000, 40_000, 160_000, 640_000)
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
SEAM, BAR, SURE = 8, 50, 0.9


@dataclass(frozen=True)
class Bench:
    """The tools of the bench and the model under test."""

    folder: Path
    damage: ModuleType
    score: ModuleType
    model: Restorer
    threshold: float = THRESHOLD


def load(shared: Path, threshold: float = THRESHOLD) -> Bench:
    """Import damage.py and score.py from where they stand."""
    folder = shared / "bench" / "repair"
    return Bench(
        folder, _module(folder / "damage.py"), _module(folder / "score.py"), Restorer.load(), threshold
    )


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} was not found; --shared must name the folder that holds bench/repair")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def restore(bench: Bench, text: str) -> Repaired:
    """Repair one text at the threshold of the settings."""
    return repair(Reading(text, (), Encoding("utf-8", 1.0)), bench.model, bench.threshold)


def damaged(bench: Bench, seed: int, per_level: int) -> Iterator[tuple[dict[str, object], str]]:
    """Gold and text of every damaged file of one seed."""
    with tempfile.TemporaryDirectory() as name:
        tool, articles = bench.folder / "damage.py", bench.folder / "articles.jsonl.gz"
        command = [
            sys.executable,
            str(tool),
            str(articles),
            name,
            "--seed",
            str(seed),
            "--per-level",
            str(per_level),
        ]
        subprocess.run(command, check=True)
        for line in (Path(name) / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            gold = json.loads(line)
            yield gold, (Path(name) / "in" / gold["file"]).read_text(encoding="utf-8")


@dataclass
class Run:
    """One seed: sums a level, characters and seconds a level, and the files that were not exact."""

    sums: dict[str, dict[str, list[float]]]
    pace: dict[str, list[float]]
    failures: list[tuple[str, list[str]]]

    def row(self, level: str) -> dict[str, float]:
        """Figures of one level."""
        return {
            name: part / whole if whole else float("nan") for name, (part, whole) in self.sums[level].items()
        }


def run(bench: Bench, seed: int, per_level: int) -> Run:
    """Restore and score all files of one seed."""
    out = Run({}, {}, [])
    for gold, text in damaged(bench, seed, per_level):
        began = time.process_time()
        restored = "\n".join(p.text for p in restore(bench, text).paragraphs)
        seconds, level = time.process_time() - began, str(gold["level"])
        figures = bench.score.score_file(gold, restored)
        for group in (level, "damaged") if level != "clean" else (level,):
            pace = out.pace.setdefault(group, [0.0, 0.0])
            pace[0] += len(text)
            pace[1] += seconds
            sums = out.sums.setdefault(group, {name: [0.0, 0.0] for name in NAMES})
            for name in NAMES:
                sums[name][0] += figures[name][0]
                sums[name][1] += figures[name][1]
        if not figures["exact"][0]:
            out.failures.append((str(gold["file"]), differences(bench, gold, restored)))
    return out


def differences(bench: Bench, gold: dict[str, object], restored: str) -> list[str]:
    """What is wrong with a restored text, a line each."""
    fold = bench.score.fold
    got = [line for line in map(fold, restored.splitlines()) if line]
    want = [fold(str(gold["title"])), *(fold(p) for p in gold["paragraphs"])]  # type: ignore[attr-defined]
    cuts = [fold(seam) for seam in gold["joins"]]  # type: ignore[attr-defined]
    out = [f"not joined: {s[:SEAM]}|{s[SEAM:]}" for s in cuts if not any(s in line for line in got)]
    for a, b in pairwise(want):
        seam = a[-SEAM:] + b[:SEAM]
        if any(seam in line for line in got) and not any(seam in line for line in want):
            out.append(f"glued: {a[-SEAM:]}|{b[:SEAM]}")
    return out or ["order or split"]


def table(bench: Bench, seeds: Sequence[int], per_level: int, shown: int) -> None:
    """The table of the issue: mean over the seeds, and the spread."""
    runs = [run(bench, seed, per_level) for seed in seeds]
    print(f"{len(seeds)} seeds, {per_level} files a level and seed; mean (lowest to highest)")
    print(f"{'level':10}" + "".join(f"{name:>22}" for name in NAMES) + f"{'characters/s':>16}")
    for level in runs[0].sums:
        rows = [r.row(level) for r in runs]
        cells = [_spread([row[name] for row in rows]) for name in NAMES]
        pace = sum(r.pace[level][0] for r in runs) / sum(r.pace[level][1] for r in runs)
        print(f"{level:10}" + "".join(f"{cell:>22}" for cell in cells) + f"{pace:16,.0f}")
    failures = sorted((f for r in runs for f in r.failures), key=lambda failure: -len(failure[1]))
    print(f"\nfiles that are not exact: {len(failures)}; the {min(shown, len(failures))} worst")
    for file, wrong in failures[:shown]:
        print(f"  {file}: {'; '.join(wrong)}")


def _spread(values: Sequence[float]) -> str:
    known = [v for v in values if v == v]  # noqa: PLR0124 - not a number is what differs from itself
    if not known:
        return "-"
    return f"{statistics.mean(known):.4f} ({min(known):.3f}-{max(known):.3f})"


def long_text(bench: Bench, size: int, level: str) -> str:
    """One text of about `size` characters out of many articles, damaged at one level."""
    rng = random.Random(5)
    with gzip.open(bench.folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < size:
        article = rng.choice(articles)
        paragraphs += [article["title"], *article["paragraphs"]]
    text, _ = bench.damage.damage({"title": paragraphs[0], "paragraphs": paragraphs[1:]}, level, rng)
    return str(text)


def growth(bench: Bench) -> None:
    """Seconds to load the model, and for one text of each size."""
    began = time.process_time()
    Restorer.load()
    print(f"\nthe model: {MODEL.stat().st_size:,} bytes, loaded in {time.process_time() - began:.2f} s")
    for level in ("clean", "hard"):
        for size in SIZES:
            text = long_text(bench, size, level)
            began = time.process_time()
            restore(bench, text)
            seconds = time.process_time() - began
            pace = len(text) / seconds
            print(f"{level:6} {len(text):8,} characters {seconds:7.3f} s {pace:12,.0f} characters/s")
    print(f"most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def honesty(bench: Bench, seeds: Sequence[int], per_level: int) -> None:
    """How often joins of cut sentences were right, by how sure they were."""
    counts = {low: [0, 0] for low in BINS[:-1]}
    for seed in seeds:
        for gold, text in damaged(bench, seed, per_level):
            paragraphs = [gold["title"], *gold["paragraphs"]]  # type: ignore[misc]
            whole = "\n".join(map(bench.score.fold, paragraphs))
            for sure, seam in claims(bench, text):
                low = max(b for b in BINS if b <= max(sure, BINS[0]))
                counts[low][0] += seam in whole
                counts[low][1] += 1
    diagram(counts)


def diagram(counts: dict[float, list[int]]) -> None:
    """The reliability diagram: a bar as long as the share that was right, ``|`` where it should end."""
    print("\nhow sure   right / all")
    for (low, (right, count)), high in zip(counts.items(), BINS[1:], strict=True):
        share, due = right / max(1, count), (low + min(high, 1.0)) / 2
        bar = list("#" * round(share * BAR) + " " * (BAR - round(share * BAR)))
        bar[min(BAR - 1, int(due * BAR))] = "|"
        print(f"{low:.2f}-{min(high, 1.0):.2f}  {right:5} / {count:5}  {''.join(bar)}  {share:.3f}")
    sure = [pair for low, pair in counts.items() if low >= SURE]
    right, count = (sum(column) for column in zip(*sure, strict=True))
    print(f"of {count} at {SURE} and above {right / max(1, count):.4f} are right")


def claims(bench: Bench, text: str) -> Iterator[tuple[float, str]]:
    """Each cut sentence joined or suggested: how sure, and the characters round the seam."""
    done = restore(bench, text)
    halves = {run.raw_end: (p.text, run.end) for p in done.paragraphs for run in p.runs}
    for change in done.changes:
        left, right = text[: change.start], text[change.end :]
        if change.rule == "moved column" and not change.applied:
            left, right = text[: change.to], text[change.start :]
        elif change.rule != "cut sentence":
            continue
        elif change.applied:
            whole, at = halves[change.start]
            left, right = whole[:at], whole[at:]
        yield (
            change.confidence,
            bench.score.fold(left[-2 * SEAM :])[-SEAM:] + bench.score.fold(right[: 2 * SEAM])[:SEAM],
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seeds", type=int, nargs="+", default=[31, 32, 33])
    parser.add_argument("--per-level", type=int, default=60)
    parser.add_argument("--failures", type=int, default=20)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--only", choices=("table", "growth", "honesty"))
    args = parser.parse_args()
    bench = load(args.shared, args.threshold)
    if args.only in (None, "table"):
        table(bench, args.seeds, args.per_level, args.failures)
    if args.only in (None, "honesty"):
        honesty(bench, args.seeds, args.per_level)
    if args.only in (None, "growth"):
        growth(bench)


if __name__ == "__main__":
    main()
