"""Measure what cleaning does to real texts that nobody damaged: errors per 10,000 characters by kind.

usage: bench_harm.py [--shared FOLDER] [--kind NAME]… [--limit N] [--show N] [--written]

FOLDER holds ``bench/harm`` with score.py and texts.jsonl.gz. With --written the texts of
``written_names.jsonl`` and ``later_names.jsonl`` are read instead. Ideographs that Unicode calls canonically
equal count as the same here, since normalization mends them; spaces taken out, results that change when they
are cleaned again and characters a second are printed beside.
"""

import argparse
import gzip
import json
import os
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import etl

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
WRITTEN = tuple(Path(__file__).with_name(f"{name}_names.jsonl") for name in ("written", "later"))
ERRORS = ("deleted", "moved", "glued", "torn", "left")


def scorer(shared: Path) -> ModuleType:
    """score.py of the bench, its keys folded by canonical equality."""
    path = shared / "bench" / "harm" / "score.py"
    module = ModuleType("harm_score")
    SourceFileLoader("harm_score", str(path)).exec_module(module)
    bare = module.__dict__["key"]
    module.__dict__["key"] = lambda text: bare(unicodedata.normalize("NFC", text))
    return module


def texts(shared: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    """The texts, at most `limit` of a kind."""
    seen: Counter[str] = Counter()
    with gzip.open(shared / "bench" / "harm" / "texts.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            seen[row["genre"]] += 1
            if limit is None or seen[row["genre"]] <= limit:
                yield row


def written_texts() -> Iterator[dict[str, Any]]:
    """The texts that readers wrote, as rows of the bench: each line a paragraph."""
    for row in (json.loads(line) for file in WRITTEN for line in file.read_text("utf-8").splitlines()):
        lines = [[line, "keep", "part"] for line in row["text"].split("\n") if line.strip()]
        yield {"id": row["id"], "genre": row["genre"], "text": row["text"], "lines": lines}


def measure(row: dict[str, Any], score: ModuleType) -> tuple[Counter[str], list[str]]:
    """Errors, figures and places of one text."""
    began = time.process_time()
    paragraphs = etl.clean(row["text"]).text.split("\n")
    spent = time.process_time() - began
    found, places = score.compare(row["lines"], paragraphs)
    again = etl.clean("\n".join(paragraphs)).text.split("\n") != paragraphs
    spaces = score.spaces_lost(row["lines"], paragraphs)
    own = {"texts": 1, "characters": len(row["text"]), "spaces": spaces, "unstable": int(again)}
    return Counter({**found, **own, "ms": round(1000 * spent)}), places


def rate(figures: Counter[str]) -> float:
    """Errors per 10,000 characters."""
    return 10_000 * sum(figures[name] for name in ERRORS) / max(1, figures["characters"])


def main() -> None:
    """Print a row for each kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--kind", action="append")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--written", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    score, table, shown = (
        scorer(args.shared),
        defaultdict[str, Counter[str]](Counter),
        defaultdict[str, list[str]](list),
    )
    for row in written_texts() if args.written else texts(args.shared, args.limit):
        if not args.kind or row["genre"] in args.kind:
            found, places = measure(row, score)
            table[row["genre"]] += found
            shown[row["genre"]] += [f"{row['id']}: {place}" for place in places]
    names = ("texts", "characters", *ERRORS, "spaces", "unstable")
    print(f"{'kind':10}" + "".join(f"{name:>11}" for name in names) + "  per 10,000   characters/s")
    for kind, figures in sorted(table.items()):
        speed = 1000 * figures["characters"] / max(1, figures["ms"])
        print(
            f"{kind:10}"
            + "".join(f"{figures[n]:>11}" for n in names)
            + f"{rate(figures):>12.2f}{speed:>15,.0f}"
        )
        print("".join(f"    {place}\n" for place in shown[kind][: args.show]), end="")


if __name__ == "__main__":
    main()
