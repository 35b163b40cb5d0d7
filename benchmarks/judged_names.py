"""Measure how many names found in kinds of texts that nobody wrote rules for are names.

usage: judged_names.py CORPUS

CORPUS holds the texts. ``judged_names.tsv`` says of 864 names, each from another stretch of laws, orders,
records, encyclopaedias, party documents, news and reports, what a reader judged who did not know how they
were found: `1` it is one and whole, `b` there is one with other ends, `0` there is none of this type. Printed
is by type how many of each are still found. What was never found is not among them: it measures precision.
Rules were written and weights fitted with the first sample in view; the later one was only measured.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.engines import default
from etl.extraction.extractor import extract

MARKS = Path(__file__).with_suffix(".tsv")
RIGHT, WRONG = "1", "0"
FIRST = "first"


@dataclass(frozen=True, slots=True)
class Judged:
    """A name, the stretch of text in which it was found, and what a reader said of it."""

    corpus: str
    text: str
    type: str
    start: int
    end: int
    judged: str
    sample: str


def judged_names(corpus: Path, marks: Path = MARKS) -> Iterator[Judged]:
    """Read the marks with their texts."""
    for row, text, _ in stretches(corpus, marks):
        yield Judged(row[0], text, row[4], int(row[5]), int(row[6]), row[7], row[8])


def stretches(corpus: Path, marks: Path) -> Iterator[tuple[list[str], str, dict[str, Any]]]:
    """Yield each row of marks with its stretch of text and its report, a file of the corpus after the other.

    A row begins with the file, the line, the first character and the length.
    """
    by_file: dict[str, dict[int, list[list[str]]]] = defaultdict(lambda: defaultdict(list))
    for row in (line.split("\t") for line in marks.read_text(encoding="utf-8").splitlines()[1:]):
        by_file[row[0]][int(row[1])].append(row)
    for name, wanted in by_file.items():
        with gzip.open(corpus / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for report, rows in ((json.loads(s), wanted[n]) for n, s in enumerate(stream) if n in wanted):
                whole = "\n".join(report["paragraphs"])
                yield from ((row, whole[int(row[2]) :][: int(row[3])], report) for row in rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged_names(parser.parse_args().corpus):
        name = f"{one.type}, {one.sample}"
        asked[name][one.judged] += 1
        entities = extract(one.text, None, None, default()).entities
        still = any((e.type, e.start, e.end) == (one.type, one.start, one.end) for e in entities)
        found[name][one.judged] += still
    for kind, all_of in asked.items():
        still_of = found[kind]
        share = still_of[RIGHT] / max(1, still_of.total())
        rows = ", ".join(f"{mark}: {still_of[mark]} of {all_of[mark]}" for mark in (RIGHT, "b", WRONG))
        before = all_of[RIGHT] / all_of.total()
        print(f"{kind:19} {rows}; {share:.3f} of what is found is right, {before:.3f} when judged")


if __name__ == "__main__":
    main()
