"""What the tagger learns from: labelled texts, names swapped for others, and the numbers made of both.

A labelled text is one line of JSON: ``t`` the text, ``w`` words as [start, end, tag] by LAC (may be missing),
``e`` entities as [type, start, end]. A new type of entity is a word in `TYPES`.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.features import Features
from etl.extraction.network.outputs import ENTITY_TAGS, ENTITY_TYPES, WORD_TAGS
from etl.extraction.resources.gazetteer import Gazetteer
from etl.text.surnames import FOR_TEXT

Word = tuple[int, int, str]
Entity = tuple[str, int, int]
IGNORED, FOLDS = -100, 5
# The type of a stretch of which nothing is said.
UNKNOWN = "?"
FULL_NAME = (2, 3)
PLACE_LENGTHS = range(2, 8)
# How often a text has its names swapped, and a name in such a text is swapped.
TEXTS_SWAPPED, NAMES_SWAPPED, ANY_SURNAME = 0.6, 0.6, 0.4
# How often a person gets a masked name, a familiar one, and an office inside the name (吳委員敦義): one below
# the other; and how often a body gets another's whole name.
MASKED, FAMILIAR, TITLED, RENAMED = 0.03, 0.05, 0.11, 0.4
MASKS, FAMILIAR_HEADS = ("某", "某某", "某", "某甲", "某1"), ("老", "小", "阿")
# How often a name is made of two, and a foreign one is Latin.
MADE, IN_LATIN = 0.35, 0.12
LATIN = re.compile(r"[（(]([A-Z][a-z]+(?: [A-Z][a-z.]*){0,2} [A-Z][a-z]+)")
SHORT_BODY = 4
OFFICES = (
    "委員", "院長", "部長", "主任", "主任委員", "局長", "處長", "次長", "署長", "司長", "召集委員",
    "秘書長", "議員",
    "市長", "縣長", "校長", "教授", "副院長", "副主任", "副局長", "立委", "總統", "組長", "科長", "專門委員",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with what the teachers say about it."""

    text: str
    words: tuple[Word, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Columns of the network's input and of the answers wanted, a character each."""

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    tags: NDArray[np.int64]
    entities: NDArray[np.int64]


def labelled(lines: Iterable[str]) -> Iterator[Labelled]:
    for row in map(json.loads, lines):
        yield Labelled(
            row["t"],
            tuple((a, b, tag) for a, b, tag in row.get("w", ())),
            tuple((kind, a, b) for kind, a, b in row["e"]),
        )


def marked(path: Path) -> list[tuple[str, str, Labelled]]:
    """Texts marked by hand, as rows of ``id``, ``genre``, ``text`` and ``spans``."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (r["id"], r["genre"], Labelled(r["text"], (), tuple((k, a, b) for k, a, b in r["spans"])))
        for r in rows
    ]


def folds(gold: Iterable[tuple[str, str, Labelled]], count: int) -> list[list[tuple[str, Labelled]]]:
    """Deal the texts out with their genres, each genre evenly."""
    ordered = sorted(gold, key=lambda row: (row[1], row[0]))
    return [[(genre, text) for _, genre, text in ordered[i::count]] for i in range(count)]


class Swapper:
    """Puts other names in the place of those of a text, the same one for each mention.

    Persons get a surname of the house's table and a given name that some text has or that two names make
    together, now and then a masked one (李某某) or a familiar one (老李); foreigners the name of another, or
    what two make together, or a Latin name. Places and the heads of organizations get another place with
    the same last character, or one that two make together, organizations also the name of another with the
    same two last characters, or other first characters.
    """

    def __init__(self, texts: Iterable[Labelled], seed: int) -> None:
        self._random = random.Random(seed)
        self._surnames, self._given, self._foreign = [], [], []
        bodies: defaultdict[str, set[str]] = defaultdict(set)
        places: defaultdict[str, set[str]] = defaultdict(set)
        for name in (division.name for division in Gazetteer.load().divisions):
            places[name[-1]].add(name)
        self._heads = frozenset(name for names in places.values() for name in names)
        self._latin: list[str] = []
        for text in texts:
            for kind, start, end in text.entities:
                name = text.text[start:end]
                if kind == "PER" and (latin := LATIN.match(text.text, end)):
                    self._latin += latin[1].split()
                if kind == "PER" and len(name) in FULL_NAME and name[0] in FOR_TEXT:
                    self._surnames.append(name[0])
                    self._given.append(name[1:])
                elif kind == "PER" and len(name) > FULL_NAME[0]:
                    self._foreign.append(name)
                elif kind == "ORG" and name.isalpha():
                    bodies[name[-2:]].add(name)
                elif kind == "LOC" and len(name) in PLACE_LENGTHS and name.isalpha():
                    places[name[-1]].add(name)
        self._given, self._foreign = sorted(set(self._given)), sorted(set(self._foreign))
        self._every = sorted(FOR_TEXT)
        self._places = {last: sorted(names) for last, names in places.items()}
        self._bodies = {last: sorted(names) for last, names in bodies.items()}

    def swap(self, text: Labelled, often: float = TEXTS_SWAPPED) -> Labelled:
        """Return the text with other names, or as it was."""
        if self._random.random() >= often or not self._given:
            return text
        new: dict[str, str] = {}
        spans: list[tuple[int, int, str, str]] = []
        for kind, start, end in sorted(text.entities, key=lambda e: e[1]):
            name = text.text[start:end]
            if name not in new:
                new[name] = self._other(kind, name) if self._random.random() < NAMES_SWAPPED else name
            if new[name] != name and (not spans or spans[-1][1] <= start):
                spans.append((start, end, new[name], kind))
        return _rewrite(text, spans) if spans else text

    def _other(self, kind: str, name: str) -> str:
        if kind == "PER":
            return self._person(name)
        if kind == "ORG":
            return self._body(name)
        return self._place(name[-1]) or name if kind == "LOC" else name

    def _body(self, name: str) -> str:
        if self._random.random() < RENAMED:
            return self._random.choice(self._bodies.get(name[-2:], [name]))
        for length in range(min(8, len(name) - 2), 1, -1):
            if name[:length] in self._heads:
                return self._place(name[length - 1]) + name[length:]
        if len(name) > SHORT_BODY and self._random.random() < MADE:
            return self._mixed(self._given) + name[2:]
        return name

    def _place(self, last: str) -> str:
        places = self._places.get(last, [])
        if places and self._random.random() < MADE:
            return self._mixed(places)[:-1] + last
        return self._random.choice(places) if places else ""

    def _person(self, name: str) -> str:
        if len(name) in FULL_NAME and name[0] in FOR_TEXT:
            return self._full_name()
        if not self._foreign or len(name) <= FULL_NAME[0]:
            return name
        if self._latin and self._random.random() < IN_LATIN:
            return f"{self._mixed(self._latin)} {self._mixed(self._latin)}"
        made = self._random.random() < MADE
        return self._mixed(self._foreign) if made else self._random.choice(self._foreign)

    def _full_name(self) -> str:
        surname = self._random.choice(self._every if self._random.random() < ANY_SURNAME else self._surnames)
        given, drawn = self._random.choice(self._given), self._random.random()
        if drawn < MASKED:
            return surname + self._random.choice(MASKS) + self._random.choice(("", "", given[-1]))
        if drawn < FAMILIAR:
            return self._random.choice(FAMILIAR_HEADS) + surname
        if drawn < TITLED:
            return surname + self._random.choice(OFFICES) + given
        return surname + (self._mixed(self._given) if drawn < TITLED + MADE else given)

    def _mixed(self, names: Sequence[str]) -> str:
        """Return the first half of one name with the last half of another."""
        one, other = self._random.choice(names), self._random.choice(names)
        return one[: (len(one) + 1) // 2] + other[(len(other) + 1) // 2 :]


def _rewrite(text: Labelled, spans: Sequence[tuple[int, int, str, str]]) -> Labelled:
    """Put the new names in; a name becomes one word of its type."""
    parts, shift, position = [], np.zeros(len(text.text) + 1, dtype=np.int64), 0
    inside = np.zeros(len(text.text) + 1, dtype=bool)
    for start, end, name, _ in spans:
        parts += [text.text[position:start], name]
        shift[end:] += len(name) - (end - start)
        inside[start:end] = True
        position = end
    parts.append(text.text[position:])
    words = [(int(a + shift[a]), int(b + shift[b]), tag) for a, b, tag in text.words if not inside[a:b].any()]
    if text.words:
        words += [(int(a + shift[a]), int(b + shift[b]), kind) for a, b, _, kind in spans]
    entities = ((kind, int(a + shift[a]), int(b + shift[b])) for kind, a, b in text.entities)
    return Labelled("".join(parts), tuple(sorted(words)), tuple(entities))


def numbers(text: Labelled, features: Features) -> Numbers:
    """Return what the network reads of a text, and what it should answer."""
    size = len(text.text)
    starts, tags = np.full(size, IGNORED), np.full(size, IGNORED)
    entities = np.zeros(size, dtype=np.int64)
    for start, end, tag in text.words:
        starts[start:end], starts[start] = 0, 1
        tags[start:end] = WORD_TAGS.index(tag) if tag in WORD_TAGS else IGNORED
        if tag in ENTITY_TYPES:  # a name to one teacher alone: nothing is said
            entities[start:end] = IGNORED
    for kind, start, end in text.entities:
        if kind == UNKNOWN:
            entities[start:end] = IGNORED
            continue
        entities[start:end] = ENTITY_TAGS.index(f"I-{kind}")
        entities[start] = ENTITY_TAGS.index(f"B-{kind}")
    return Numbers(features.read(text.text), starts, tags, entities)


def joined(parts: Sequence[Numbers]) -> Numbers:
    """Put texts one after another."""
    return Numbers(
        np.concatenate([p.rows for p in parts], axis=1),
        np.concatenate([p.starts for p in parts]),
        np.concatenate([p.tags for p in parts]),
        np.concatenate([p.entities for p in parts]),
    )
