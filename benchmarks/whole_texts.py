"""Whole texts of many kinds, as they stand or printed anew, which a restorer must leave as they are.

Training data beside those of ``break_reports.py`` and ``break_pages.py``: laws, records, orders and others,
whose lists, turns of speech and tables nobody damaged. `kinds` reads them, `whole` draws one. A new way to
set a text that is whole is one more function in `SETTINGS`.
"""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from break_looks import Heads, Look
from break_reports import Broken, Press

LONGEST, FEWEST = 4000, 2
BETWEEN = ("\n", "\n", "\n\n", "\n\n", "\n　　", "\n\n　　", "\n\n\n", "\n \n", "\n    ")
PROSE = frozenset({"news", "gov", "party", "wiki-hans", "wiki-hant"})


@dataclass(frozen=True)
class Kind:
    """Texts of one kind, each a list of paragraphs with their inner spaces."""

    name: str
    texts: Sequence[Sequence[str]]


def kinds(folder: Path, keep: Sequence[int], without: frozenset[str] = frozenset()) -> list[Kind]:
    """The texts of each kind of the corpus whose id falls into the shares `keep` of ten."""
    found: dict[str, list[Sequence[str]]] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                name = row.get("genre", path.name.split("_")[0])
                if name not in without and zlib.crc32(row["id"].encode()) % 10 in keep:
                    found.setdefault(name, []).append(_paragraphs(row))
    return [Kind(name, texts) for name, texts in sorted(found.items())]


def _paragraphs(row: dict[str, object]) -> list[str]:
    title = str(row.get("title", ""))
    given = [str(p) for p in row["paragraphs"]]  # type: ignore[attr-defined]
    stripped = (p.strip() for p in ([title] if title and title not in given[:1] else []) + given)
    return [p for p in stripped if p]


def stretches(kind: Kind, rng: random.Random) -> Iterator[list[str]]:
    """Endless stretches of up to some thousand characters of texts of a kind, often from their beginning."""
    weights = [min(sum(map(len, text)), 5 * LONGEST) for text in kind.texts]
    while True:
        text, wanted, out = rng.choices(kind.texts, weights)[0], rng.randint(200, LONGEST), list[str]()
        first = 0 if rng.random() < 0.4 else rng.randrange(len(text))
        while len(out) < FEWEST:  # some texts have one paragraph only
            for paragraph in text[first:]:
                out.append(paragraph)
                wanted -= len(paragraph)
                if wanted < 0:
                    break
            text, first = rng.choices(kind.texts, weights)[0], 0
        yield out


def as_it_stands(paragraphs: Sequence[str], rng: random.Random) -> Broken:
    """A paragraph a line, more space here and there, as files from the web have it."""
    between, wider = rng.choice(BETWEEN), rng.choice((0.0, 0.0, 0.05, 0.2))
    parts, places, at = list[str](), list[int](), 0
    for n, paragraph in enumerate(paragraphs):
        gap = between + ("\n" * rng.randint(1, 3) if rng.random() < wider else "") if n else ""
        gap = gap.replace("\n　　", "\n\n　　") if n and rng.random() < wider else gap
        parts += [gap, paragraph]
        places += [-1] * len(gap)
        places += [-1 if char.isspace() else at + k for k, char in enumerate(paragraph)]
        at += len(paragraph) + 1
    return Broken("".join(parts), tuple(places), tuple(paragraphs))


def printed(paragraphs: Sequence[str], rng: random.Random) -> Broken:
    """Set in lines, pages and heads among them, nothing in another place."""
    look = Look(rng)
    look.columns, look.landing = 0, 0.0
    look.wrapped = rng.random() < (0.3 if look.between == "\n" else 0.8)
    return Press(paragraphs, look).run()


def recorded(paragraphs: Sequence[str], rng: random.Random) -> Broken:
    """Lines as programs write records out: blank lines between paragraphs, heads and numbers close by."""
    look = Look(rng)
    blank = rng.choice(("\n\n", "\n \n", " \n \n", "\n \n \n", "\n\n\n"))
    look.between = blank + rng.choice(("", "", " ", "　"))
    look.wrapped, look.columns, look.landing, look.spaced = True, 0, 0.0, ""
    look.pages, look.furnished, look.gaps = (
        True,
        rng.random() < 0.9,
        (rng.choice(("\n", " \n", "\n\n", "\n\f")),),
    )
    look.width, look.page_lines, look.stray = rng.randint(26, 44), rng.randint(20, 44), 0.0
    press = Recorded(paragraphs, look)
    press.heads.together = True
    return press.run()


class Recorded(Press):
    """Prints a record: sentences that end at a full line often start a paragraph without a blank line."""

    def __init__(self, paragraphs: Sequence[str], look: Look) -> None:
        super().__init__(paragraphs, look)
        self.heads = Heads(self.rng, paragraphs[0])
        self.near = self.rng.choice(("\n", "\n", " \n", "\n \n"))

    def page_gap(self) -> None:
        """A head, a number or both, with no more space than between lines."""
        if self.look.furnished:
            self.put(self.near + self.near.join(self.heads.next()))
        self.put(self.look.gaps[0])


def broken_anew(paragraphs: Sequence[str], rng: random.Random) -> Broken:
    """Broken as reports are, columns among it."""
    return Press(paragraphs, Look(rng)).run()


SETTINGS: tuple[tuple[Callable[[Sequence[str], random.Random], Broken], float], ...] = (
    (as_it_stands, 0.5),
    (printed, 0.2),
    (recorded, 0.2),
    (broken_anew, 0.1),
)


def whole(every: Sequence[Kind], rng: random.Random) -> Iterator[Broken]:
    """Endless texts, each kind as often as any other; only prose is broken."""
    streams = [(kind.name, stretches(kind, rng)) for kind in every]
    ways, weights = zip(*SETTINGS, strict=True)
    while True:
        name, stream = rng.choice(streams)
        way = rng.choices(ways, weights)[0]
        if way is broken_anew and name not in PROSE:
            way = printed
        yield way(next(stream), rng)
