"""Measure names, times and sums in stretches of the corpus that were marked whole, or write them out.

usage: marked_names.py CORPUS [--tagger lac|network|both] [--out FILE]

CORPUS holds the texts. ``marked_names.tsv`` says of 1,798 stretches of reports, a gazette, orders, records,
party documents, laws, news and encyclopaedias in both scripts where each mention begins and ends, as readers
marked them by hand who did not see what the product finds; of 30 stretches that two of them marked, F1 is
0.98. Printed are precision, recall and F1 by type and genre. With --out the stretches are written as rows of
``id``, ``genre``, ``text`` and ``spans``, as ``finish_tagger.py`` and ``choose_names.py`` read them; nothing
is measured then.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl.engines import Engines
from etl.extraction.extractor import extract
from etl.settings import load

MARKS = Path(__file__).with_suffix(".tsv")
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "time": "TIME", "money": "MONEY"}
LETTERS = {name[0]: name for name in TYPES.values()}
Spans = set[tuple[str, int, int]]


def marked_names(corpus: Path, marks: Path = MARKS) -> Iterator[dict[str, Any]]:
    """Read the marks with their texts, a file of the corpus after the other."""
    by_file: dict[str, dict[int, list[list[str]]]] = defaultdict(lambda: defaultdict(list))
    for line in marks.read_text(encoding="utf-8").splitlines()[1:]:
        row = line.split("\t")
        by_file[row[0]][int(row[1])].append(row)
    for name, wanted in by_file.items():
        with gzip.open(corpus / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                for row in wanted.get(number, ()):
                    yield _stretch(json.loads(line), row)


def _stretch(report: dict[str, Any], row: list[str]) -> dict[str, Any]:
    """Return one stretch of a report with its marks: ``P3-6`` is a person from 3 to 6."""
    corpus, line, first, length, marks = row
    text = "\n".join(report["paragraphs"])[int(first) :][: int(length)]
    ends = (mark[1:].split("-") for mark in marks.split())
    spans = [[LETTERS[m[0]], int(a), int(b)] for m, (a, b) in zip(marks.split(), ends, strict=True)]
    genre = report.get("genre", corpus.split("_")[0])
    return {"id": f"{corpus}/{line}/{first}", "genre": genre, "text": text, "spans": spans}


def measure(corpus: Path, tagger: str) -> None:
    """Print the table."""
    settings = load()
    extract_with = settings.extract.model_copy(update={"tagger": tagger})
    engines = Engines(settings.model_copy(update={"extract": extract_with}))
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for row in marked_names(corpus):
        entities = extract(row["text"], None, None, engines).entities
        have: Spans = {(TYPES[e.type], e.start, e.end) for e in entities if e.type in TYPES}
        gold: Spans = {(kind, start, end) for kind, start, end in row["spans"]}
        for counts, spans in ((right, have & gold), (found, have), (wanted, gold)):
            counts.update(kind for kind, _, _ in spans)
            counts.update({"all": len(spans), f"({row['genre']})": len(spans)})
    for name, many in wanted.items():
        precision, recall = right[name] / max(found[name], 1), right[name] / max(many, 1)
        f1 = 2 * right[name] / max(found[name] + many, 1)
        print(f"  {name:12} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  gold {many}")


def main() -> None:
    """Print the table, or write the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--tagger", choices=("lac", "network", "both"), default="both")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.out:
        rows = (json.dumps(row, ensure_ascii=False) + "\n" for row in marked_names(args.corpus))
        args.out.write_text("".join(rows), encoding="utf-8")
    else:
        measure(args.corpus, args.tagger)


if __name__ == "__main__":
    main()
