"""Measure names, times and sums in stretches of the corpus that were marked whole, or write them out.

usage: marked_names.py CORPUS [--marks FILE] [--tagger network|both] [--out FILE]

CORPUS holds the texts. ``marked_names.tsv`` says of 8,389 stretches of reports, a gazette, orders, records,
party documents, laws, news and encyclopaedias in both scripts where each mention begins and ends, as readers
marked them by hand who did not see what the product finds; of 30 stretches that two of them marked, F1 is
0.98. Printed are precision, recall and F1 by type and genre. With --out the stretches are written as rows of
``id``, ``genre``, ``text`` and ``spans``, as ``finish_tagger.py`` and ``choose_names.py`` read them; nothing
is measured then. ``--marks benchmarks/unseen_names.tsv`` are 1,468 more, marked in the same way later, of
which the network and its weights have seen nothing. CORPUS may also be a file of such rows:
``benchmarks/later_names.jsonl`` are texts written and marked for it, of which they have seen nothing either.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_extract import Score
from judged_names import stretches
from label_texts import KINDS

from etl.engines import Engines
from etl.extraction.extractor import extract
from etl.settings import load

MARKS = Path(__file__).with_suffix(".tsv")
LETTERS = {name[0]: name for name in KINDS.values()}


def marked_names(corpus: Path, marks: Path = MARKS) -> Iterator[dict[str, Any]]:
    """Read the marks with their texts; ``P3-6`` is a person from 3 to 6."""
    if corpus.suffix == ".jsonl":
        yield from map(json.loads, corpus.read_text("utf-8").splitlines())
        return
    for (file, line, first, _, names), text, report in stretches(corpus, marks):
        spans = [[LETTERS[name[0]], *map(int, name[1:].split("-"))] for name in names.split()]
        genre = report.get("genre", file.split("_")[0])
        yield {"id": f"{file}/{line}/{first}", "genre": genre, "text": text, "spans": spans}


def measure(corpus: Path, marks: Path, tagger: str) -> None:
    """Print the table."""
    settings = load()
    extract_with = settings.extract.model_copy(update={"tagger": tagger})
    engines = Engines(settings.model_copy(update={"extract": extract_with}))
    scores: defaultdict[str, Score] = defaultdict(Score)
    for row in marked_names(corpus, marks):
        entities = extract(row["text"], None, None, engines).entities
        have = {(KINDS[e.type], e.start, e.end) for e in entities if e.type in KINDS}
        gold = {(kind, start, end) for kind, start, end in row["spans"]}
        whole = ("all", f"({row['genre']})")
        for name in (*LETTERS.values(), *whole):
            found, wanted = ({s for s in side if name in {s[0], *whole}} for side in (have, gold))
            scores[name].right += len(found & wanted)
            scores[name].found += len(found)
            scores[name].marked += len(wanted)
    print("               precis.  recall      F1   gold")
    for name, score in scores.items():
        print(f"  {name:12}{score.line()}")


def main() -> None:
    """Print the table, or write the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--marks", type=Path, default=MARKS)
    parser.add_argument("--tagger", choices=("network", "both"), default="both")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.out:
        rows = (json.dumps(row, ensure_ascii=False) + "\n" for row in marked_names(args.corpus, args.marks))
        args.out.write_text("".join(rows), encoding="utf-8")
    else:
        measure(args.corpus, args.marks, args.tagger)


if __name__ == "__main__":
    main()
