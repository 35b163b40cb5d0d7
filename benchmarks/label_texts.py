"""Label texts for the tagger: words and entities by the product as it is set up.

usage: label_texts.py CORPUS… --out FILE [--characters N] [--except FILE …]

CORPUS are ``*.jsonl.gz`` files of ``{"paragraphs"}`` and perhaps ``{"genre"}``, one report a line. So many
characters of each genre are labelled, in pieces of about a page, the genres mixed. Pieces that share a
stretch of 20 characters with a text of ``--except`` (rows of ``text``, or characters with tags) are left
out, so that what measures the tagger never teaches it.
"""

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from etl.engines import Engines
from etl.extraction.extractor import extract
from etl.extraction.resources.tagger import Reader, Tagged
from etl.settings import load

KINDS = {"person": "PER", "organization": "ORG", "place": "LOC", "time": "TIME", "money": "MONEY"}
PIECE, LONGEST, SHARED, SEED = 1500, 3000, 20, 15
CHARACTERS = 1_000_000


class Listener:
    """A tagger, which remembers what it said last."""

    def __init__(self, tagger: Reader) -> None:
        self._tagger = tagger
        self.last = Tagged((), {})

    def tag(self, text: str) -> Any:  # noqa: ANN401 - as the tagger
        """Return the words."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return words and probabilities."""
        self.last = self._tagger.read(text)
        return self.last


def measured(files: Sequence[Path]) -> set[str]:
    """Every stretch of `SHARED` characters of the texts that measure."""
    texts: list[str] = []
    for path in files:
        content = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            texts += [json.loads(line)["text"].replace("\n", "") for line in content.splitlines()]
        else:
            texts += ["".join(row[0] for row in block.splitlines() if row) for block in content.split("\n\n")]
    return {text[i : i + SHARED] for text in texts for i in range(max(1, len(text) - SHARED))}


def pieces(paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs of a report in groups of about `PIECE` characters."""
    group: list[str] = []
    for paragraph in paragraphs:
        if group and sum(map(len, group)) + len(paragraph) > PIECE:
            yield "\n".join(group)
            group = []
        group.append(paragraph[:LONGEST])
    if group:
        yield "\n".join(group)


def chosen(corpora: Sequence[Path], characters: int, without: set[str]) -> list[str]:
    """Pieces of all genres, so many characters of each, in an order that mixes them."""
    genres: defaultdict[str, list[str]] = defaultdict(list)
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                genres[row.get("genre", path.name)] += pieces(row["paragraphs"])
    ranked: list[tuple[float, str]] = []
    for every in genres.values():
        random.Random(SEED).shuffle(every)
        limit, passed = min(characters, sum(map(len, every))), 0
        for piece in every:
            if passed < limit and not shares(piece, without):
                passed += len(piece)
                ranked.append((passed / limit, piece))
    return [piece for _, piece in sorted(ranked)]


def shares(piece: str, without: set[str]) -> bool:
    """Check whether a piece has a stretch of a text that measures."""
    flat = piece.replace("\n", "")
    return any(flat[i : i + SHARED] in without for i in range(len(flat) - SHARED + 1))


def labels(text: str, engines: Engines, tagger: Listener) -> dict[str, Any]:
    """One labelled text, as `tagger_data` reads it."""
    entities = extract(text, None, None, engines).entities
    return {
        "t": text,
        "w": tagger.last.words,
        "e": [(KINDS[e.type], e.start, e.end) for e in entities if e.type in KINDS],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=CHARACTERS, help="of each genre")
    parser.add_argument("--except", dest="measured", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    engines = Engines(load())
    tagger = Listener(engines.tagger)
    vars(engines)["tagger"] = tagger
    every = chosen(args.corpora, args.characters, measured(args.measured))
    with args.out.open("w", encoding="utf-8") as out:
        for text in every:
            out.write(
                json.dumps(labels(text, engines, tagger), ensure_ascii=False, separators=(",", ":")) + "\n"
            )


if __name__ == "__main__":
    main()
