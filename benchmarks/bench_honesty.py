"""Measure how far the restorer's confidence can be believed on real texts that nobody damaged.

usage: bench_honesty.py [--shared FOLDER] [--kind NAME]…

FOLDER holds ``bench/harm`` with texts.jsonl.gz, whose lines say what they are and what follows them. Counted,
done or only suggested: joins of two lines (right where the sentence goes on), removals (right where a page
printed the line), moves (none is right). Line ends of which nothing is told are left out.
"""

import argparse
import os
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_harm import texts

from etl.model.report import Encoding, Reading
from etl.model.traced import Change
from etl.repair import Restorer, repair
from etl.settings import load

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
BANDS = ((0.9, "0.9 and above"), (0.7, "0.7 to 0.9"), (0.0, "below 0.7"))
Told = tuple[list[int], list[list[str]]]


def placed(row: dict[str, Any]) -> Told:
    """Where each line of a text begins, and what is told of it."""
    at, starts, known = 0, list[int](), list[list[str]]()
    for line in row["lines"]:
        found = row["text"].find(line[0], at)
        if found >= 0:
            starts.append(found)
            known.append(line)
            at = found + len(line[0])
    return starts, known


def is_right(change: Change, told: Told) -> bool | None:
    """Whether a change is what the lines say; None where they say nothing."""
    starts, known = told
    if change.rule.startswith("moved"):
        return False
    line = known[max(0, bisect_right(starts, change.start) - 1)]
    if change.rule == "furniture":
        return line[1] == "drop"
    return None if line[2] == "any" else line[2] == "join"


def claims(shared: Path, chosen: list[str] | None, model: Restorer) -> Iterator[tuple[str, Change, bool]]:
    """The kind of the text, the change, and whether it is right."""
    for row in texts(shared, None):
        if chosen and row["genre"] not in chosen:
            continue
        told = placed(row)
        done = repair(Reading(row["text"], (), Encoding("utf-8", 1.0)), model, load().repair.threshold)
        for change in done.changes:
            if (right := is_right(change, told)) is not None:
                yield row["genre"], change, right


def main() -> None:
    """Print a row for each kind of change, and of text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--kind", action="append")
    args = parser.parse_args()
    table: dict[tuple[str, str, str], Counter[bool]] = defaultdict(Counter)
    for kind, change, right in claims(args.shared, args.kind, Restorer.load()):
        band = next(name for low, name in BANDS if change.confidence >= low)
        for of in (kind, "all"):
            table[of, change.rule, band][right] += 1
    print(f"{'texts':12}{'change':16}{'how sure':16}{'right':>8}{'all':>8}{'share':>8}")
    for (of, rule, band), counts in sorted(table.items()):
        share = counts[True] / counts.total()
        print(f"{of:12}{rule:16}{band:16}{counts[True]:8}{counts.total():8}{share:8.3f}")


if __name__ == "__main__":
    main()
