"""Make texts for the tagger of sentences whose names somebody else marked in another way.

usage: partly_marked.py SENTENCES --gold FILE --labels FILE [--except FILE …]

SENTENCES are rows of ``text`` and ``label`` as CLUENER has them: names by kind, each with its places, ends
included. Its persons are taken as they are. A body or place counts where the product finds the same one;
where the two differ nothing is said (``?``), since the sets divide bodies and places otherwise. Times and
sums are the product's. A dozen sentences make a text. --gold is written for ``finish_tagger.py``, --labels,
the same with LAC's words, for ``train_tagger.py``. Sentences that share 20 characters with a text of
--except, which measure, are left out.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from label_texts import Listener, labels, measured, shares
from tagger_data import UNKNOWN

from etl.engines import Engines
from etl.settings import load

KINDS = {
    "name": "PER",
    "address": "LOC",
    "scene": "LOC",
    "organization": "ORG",
    "government": "ORG",
    "company": "ORG",
}
TOGETHER, SHORTEST, SEED = 12, 9, 3
Span = tuple[str, int, int]


def joined(rows: Sequence[dict[str, Any]]) -> tuple[str, list[Span]]:
    """Return sentences as one text, with what is marked, nothing inside something else."""
    text, marks = "", list[Span]()
    for row in rows:
        for kind, names in row["label"].items():
            spans = [span for places in names.values() for span in places] if kind in KINDS else []
            marks += [(KINDS[kind], len(text) + first, len(text) + last + 1) for first, last in spans]
        text += row["text"] + "\n"
    kept: list[Span] = []
    for mark in sorted(marks, key=lambda m: (m[1], -m[2])):
        if not kept or kept[-1][2] <= mark[1]:
            kept.append(mark)
    return text.rstrip("\n"), kept


def settled(marks: Sequence[Span], found: Sequence[Span]) -> Iterator[Span]:
    """Yield what both say, all persons that are marked, and of the rest that nothing is said, in order."""
    taken = set[int]()
    sure = [m for m in marks if m[0] == "PER" or m in found]
    free = [f for f in found if f[0] in {"TIME", "MONEY"} and not any(_meet(f, m) for m in marks)]
    for kind, start, end in sorted([*sure, *free], key=lambda s: s[1]):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield kind, start, end
    open_ = {i for _, start, end in (*marks, *found) for i in range(start, end)} - taken
    yield from ((UNKNOWN, i, i + 1) for i in sorted(open_))


def _meet(one: Span, other: Span) -> bool:
    return one[1] < other[2] and other[1] < one[2]


def _parts(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (rows[i : i + TOGETHER] for i in range(0, len(rows), TOGETHER))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--except", dest="measured", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    without = measured(args.measured)
    every = map(json.loads, args.sentences.read_text(encoding="utf-8").splitlines())
    rows = [row for row in every if len(row["text"]) >= SHORTEST and not shares(row["text"], without)]
    random.Random(SEED).shuffle(rows)
    engines = Engines(load())
    tagger = Listener(engines.tagger)
    vars(engines)["tagger"] = tagger
    with args.gold.open("w", encoding="utf-8") as gold, args.labels.open("w", encoding="utf-8") as out:
        for number, part in enumerate(_parts(rows)):
            text, marks = joined(part)
            told = labels(text, engines, tagger)
            spans = list(settled(marks, [tuple(entity) for entity in told["e"]]))
            row = {"id": f"s{number}", "genre": "sentences", "text": text, "spans": spans}
            gold.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.write(json.dumps({**told, "e": spans}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
