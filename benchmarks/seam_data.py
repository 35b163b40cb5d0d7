"""Articles for training the continuation model, and groups of cuts made in them as print would make them.

A group is what repair sees of one report: ends that were cut, starts that were cut, and ends and
starts of whole paragraphs between them. To train on another kind of damage, change `cut_places`.
"""

import gzip
import json
import random
import zlib
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

LONG_ENOUGH = 4000  # a longer article is not chosen more often
NEVER_STARTS = frozenset("，。、；：？！）》”’…—·%％」』,.;:?!)")
NEVER_ENDS = frozenset("（《“‘「『(")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文辉志海玉兰春梅红光新民永生立东晓"
CREDITS = (
    "本报记者{}",
    "记者{}",
    "文/{}",
    "（通讯员{}）",
    "作者：{}",
    "◎{}",
    "□{}",
    "{}",
    "（{}）",
    "文·图/{}",
    "撰文：{}",
)


@dataclass(frozen=True)
class Article:
    """One text of the corpus: its title and its paragraphs, without spaces."""

    key: str
    paragraphs: tuple[str, ...]

    @property
    def bucket(self) -> int:
        """Which tenth of the corpus it belongs to, for holding out."""
        return zlib.crc32(self.key.encode()) % 10


def read_articles(folder: Path) -> Iterator[Article]:
    """Every article of the .jsonl, .jsonl.gz and .txt files of a folder, or of one such file."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.name.endswith((".jsonl", ".jsonl.gz")):
            for number, line in enumerate(lines_of(path)):
                row = json.loads(line)
                key = row.get("id", f"{path.name}:{number}")
                yield article(key, [row.get("title", ""), *row["paragraphs"]])
        elif path.suffix == ".txt":
            yield article(path.name, path.read_text(encoding="utf-8").splitlines())


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file, unpacked where it ends in .gz."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from lines
    else:
        with path.open(encoding="utf-8") as lines:
            yield from lines


def article(key: str, paragraphs: Sequence[str]) -> Article:
    """An article of the paragraphs that hold anything."""
    squeezed = ("".join(paragraph.split()) for paragraph in paragraphs)
    return Article(key, tuple(p for p in squeezed if p))


def legal(text: str, i: int) -> bool:
    """May a printed line end before character `i`?"""
    a, b = text[i - 1], text[i]
    if b in NEVER_STARTS or a in NEVER_ENDS:
        return False
    return not (a.isascii() and b.isascii() and a.isalnum() and b.isalnum())


def legal_near(text: str, i: int) -> int:
    """The legal line end nearest to `i`, or 0."""
    return next(
        (k for k in (i, i - 1, i + 1, i - 2, i + 2, i + 3) if 1 < k < len(text) - 1 and legal(text, k)), 0
    )


def cut_places(text: str, wrapped: int, rng: random.Random) -> list[int]:
    """Where a paragraph is cut: at every line end of width `wrapped`, or (0) at a few random ones."""
    places: list[int] = []
    at = 0
    while True:
        at = legal_near(text, at + (wrapped or 6 + int(rng.expovariate(1 / 90))))
        if not at or len(text) - at < 2:
            return places
        if places and at <= places[-1] + 3:
            return places
        places.append(at)


def byline(rng: random.Random) -> str:
    """A credit line with invented names."""
    names = (
        rng.choice(FAMILY) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))
        for _ in range(rng.choice((1, 1, 2, 2, 3)))
    )
    return rng.choice(CREDITS).format("".join(names))


@dataclass(frozen=True)
class Group:
    """Stretches of one report in their order; `joined[k]` says that piece k goes on in piece k + 1."""

    pieces: tuple[str, ...]
    joined: tuple[bool, ...]


def cut_group(paragraphs: Sequence[str], rng: random.Random) -> Group:
    """Cut paragraphs the way pages, columns and lines cut them."""
    wrapped = rng.randint(16, 40) if rng.random() < 0.35 else 0
    pieces: list[str] = []
    joined: list[bool] = []
    for paragraph in paragraphs:
        places = cut_places(paragraph, wrapped, rng) if wrapped or rng.random() < 0.8 else []
        edges = [0, *places, len(paragraph)]
        pieces += [paragraph[a:b] for a, b in pairwise(edges)]
        joined += [True] * len(places) + [False]
    return Group(tuple(pieces), tuple(joined))


def groups(articles: Sequence[Article], rng: random.Random, characters: tuple[int, int]) -> Iterator[Group]:
    """Endless groups of about so many characters, each of one article or of neighbours in the corpus."""
    reach = list(accumulate(min(sum(map(len, a.paragraphs)), LONG_ENOUGH) for a in articles))
    while True:
        at, wanted = bisect(reach, rng.randrange(reach[-1])), rng.randint(*characters)
        paragraphs: list[str] = []
        size = 0
        while size < wanted:
            body = articles[at % len(articles)].paragraphs
            first = rng.randrange(len(body)) if sum(map(len, body)) > 2 * wanted else 0
            if rng.random() < 0.3:
                paragraphs.append(byline(rng))
            for paragraph in body[first:]:
                paragraphs.append(paragraph)
                size += len(paragraph)
                if size >= wanted:
                    break
            at += 1
        yield cut_group(paragraphs, rng)


@dataclass(frozen=True)
class Sample:
    """Indexes into a group's pieces: open ends and starts, with `partner[i]` a row of `starts` or -1."""

    ends: np.ndarray
    starts: np.ndarray
    partner: np.ndarray


def sample(group: Group, size: int, rng: random.Random) -> Sample:
    """Choose `size` ends and `size` starts of a group: cut ones with their partners, and whole ones."""
    cut = [k for k, joined in enumerate(group.joined[:-1]) if joined]
    whole = [k for k, joined in enumerate(group.joined) if not joined]
    chosen = rng.sample(cut, min(len(cut), size * 4 // 5))
    room = size - len(chosen)
    ends = chosen + [rng.choice(whole) for _ in range(room)]
    opening = [0, *(k + 1 for k in whole if k + 1 < len(group.pieces))]
    starts = [k + 1 for k in chosen] + [rng.choice(opening) for _ in range(room)]
    partner = [*range(len(chosen)), *[-1] * room]
    return Sample(np.array(ends), np.array(starts), np.array(partner))
