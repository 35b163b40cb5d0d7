"""How often the encoding of a short Chinese text is found, beside chardet and charset-normalizer.

Run ``python benchmarks/bench_encodings.py SHARED [COUNT]``; SHARED is the folder with ``corpus``. Prints
for each kind of text, length and encoding the share decoded exactly.
"""

import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import chardet
from opencc import OpenCC

from etl.model.errors import RejectError
from etl.read.encoding import decode

LENGTHS = (4, 6, 8, 12, 20, 40, 100, 400)
CORPORA = {"news": "news_2022_2024.jsonl.gz", "government": "gov_reports_to_2014.jsonl.gz"}
CHARDET = frozenset(("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs"))


def ours(payload: bytes) -> str | None:
    try:
        return decode(payload).encoding.name
    except RejectError:
        return None


def by_chardet(payload: bytes) -> str | None:
    return chardet.detect(payload, include_encodings=CHARDET, no_match_encoding="utf-8")["encoding"]


METHODS: dict[str, Callable[[bytes], str | None]] = {"ours": ours, "chardet": by_chardet}
try:
    from charset_normalizer import from_bytes
except ImportError:  # a guest of other packages, not a dependency of ours
    pass
else:

    def by_normalizer(payload: bytes) -> str | None:
        names = ["utf_8", "utf_16_le", "utf_16_be", "gb18030", "big5hkscs"]
        best = from_bytes(payload, cp_isolation=names).best()
        return best.encoding if best else None

    METHODS["charset-normalizer"] = by_normalizer


def documents(path: Path) -> list[tuple[str, list[str]]]:
    """Every fourth document: the table of frequencies was counted on the other three of the news."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for number, line in enumerate(lines) if number % 4 == 0)
        return [(row["title"], row["paragraphs"]) for row in rows]


def slices(texts: list[str], length: int, count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    long = [text for text in texts if len(text) >= length]
    for _ in range(count if long else 0):
        text = chance.choice(long)
        start = chance.randrange(len(text) - length + 1)
        piece = text[start : start + length]
        if any("\u4e00" <= character <= "\u9fff" for character in piece):
            yield piece


def encoded(texts: Iterator[str], houses: list[OpenCC]) -> Iterator[tuple[str, bytes, str]]:
    """Label, bytes and true text, simplified and in one of three traditional houses by turns."""
    for number, text in enumerate(texts):
        traditional = houses[number % len(houses)].convert(text)
        for name, truth, script in (
            *((name, text, "hans") for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")),
            *((name, traditional, "hant") for name in ("utf-16-le", "gb18030", "big5hkscs")),
        ):
            payload = truth.encode(name, "ignore")
            if payload.decode(name) == truth:
                yield f"{name} {script}", payload, truth


def measure(texts: Iterator[str], houses: list[OpenCC]) -> dict[tuple[str, str], list[int]]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for label, payload, truth in encoded(texts, houses):
        for method, detect in METHODS.items():
            name = detect(payload)
            counts[method, label][0] += bool(name) and payload.decode(str(name), "replace") == truth
            counts[method, label][1] += 1
    return counts


def main() -> None:
    shared, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300
    houses = [OpenCC("s2t"), OpenCC("s2twp"), OpenCC("s2hk")]
    for corpus, name in CORPORA.items():
        rows = documents(shared / "corpus" / name)
        kinds = {corpus: [p for _, paragraphs in rows for p in paragraphs]}
        kinds |= {"titles": [title for title, _ in rows]} if corpus == "news" else {}
        for kind, texts in kinds.items():
            for length in LENGTHS:
                counts = measure(slices(texts, length, count, length), houses)
                for method in METHODS:
                    row = {k: f"{100 * a / b:.2f}" for (m, k), (a, b) in counts.items() if m == method}
                    print(
                        f"{kind:10} {length:4} {method:18}", *(f"{k} {v}" for k, v in row.items()), sep=" | "
                    )


if __name__ == "__main__":
    main()
