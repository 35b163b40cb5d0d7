"""The fixed sample over which two revisions of the product are compared.

`sample` picks texts by a checksum of their names, so that a text stays in it whatever stands beside it.
A further part of the sample is one line of `PARTS` and one reader.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from break_pages import paged
from break_reports import broken

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Text:
    """One text: the part it belongs to, its name there, and its bytes as a source would give them."""

    part: str
    name: str
    uri: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sample: its file, how many characters of how long texts, and what is made of them."""

    file: str
    characters: int
    longest: int
    make: Callable[[str, str], str]


def as_found(_name: str, text: str) -> str:
    """The text as it stands."""
    return text


def printed(name: str, text: str) -> str:
    """The text as an extraction from pages or columns would have written it; the name is the seed."""
    rng = random.Random(name)
    article = text.split("\n")
    return (paged if rng.random() < 0.5 else broken)(article, rng).text


PARTS: Mapping[str, Part] = {
    "news": Part("corpus/news_2022_2024.jsonl.gz", 110_000, 2_000, as_found),
    "gov": Part("corpus/gov_reports_to_2014.jsonl.gz", 60_000, 5_000, as_found),
    "mixed": Part("corpus/mixed_kinds.jsonl.gz", 130_000, 2_500, as_found),
    "printed": Part("corpus/news_2022_2024.jsonl.gz", 90_000, 2_500, printed),
    "harm": Part("bench/harm/texts.jsonl.gz", 160_000, 2_500, as_found),
}


def sample(shared: Path, share: float = 1.0, only: Sequence[str] = ()) -> Iterator[Text]:
    """The texts of all parts (or of those named), ``share`` times as many as by default."""
    if not only or "samples" in only:
        yield from _samples()
    for name, part in PARTS.items():
        if not only or name in only:
            yield from _texts(name, part, shared, share)


def _samples() -> Iterator[Text]:
    for path in sorted((ROOT / "samples").iterdir()):
        yield Text("samples", path.name, f"file:///samples/{path.name}", path.read_bytes())


def _texts(name: str, part: Part, shared: Path, share: float) -> Iterator[Text]:
    left = part.characters * share
    for row in sorted(_rows(shared / part.file), key=lambda row: _order(name, row["id"])):
        if left <= 0:
            return
        text = part.make(row["id"], cut(row.get("text") or "\n".join(row["paragraphs"]), part.longest))
        left -= len(text)
        yield Text(name, row["id"], f"file:///{name}/{row['id'].removesuffix('.txt')}.txt", text.encode())


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _order(part: str, name: str) -> bytes:
    return hashlib.sha256(f"{part}/{name}".encode()).digest()


def cut(text: str, longest: int) -> str:
    """The whole lines of the first ``longest`` characters; one line at least."""
    if len(text) <= longest:
        return text
    end = text.rfind("\n", 0, longest)
    return text[:end] if end > 0 else text[:longest]
