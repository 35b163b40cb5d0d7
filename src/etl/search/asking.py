"""Answer a search from the tables: which reports match, in which order, and how they spread over facets.

`matching` holds every condition; a new filter is a line in `_conditions`. Sets of reports are sorted arrays
of their numbers in `docs`.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.search.folding import words
from etl.search.tables import KIND_BITS, KINDS
from etl.store.query.finding import Search

Docs = NDArray[np.int64]
# Each word in all its writings, folded.
Wanted = Sequence[Sequence[str]]
FACETS = ("year", "place", "person", "organization", "source")
# Reports whose ids are looked up at once.
AT_ONCE = 10_000
# Values of a facet.
SHOWN = 20
# Of so many reports the days are looked up one by one; of more, days are gone through from the newest on.
FEW = 2_000
# What counts more where it stands in a title, a text, a text in the other script.
WEIGHTS = "4.0, 1.0, 1.0"


@dataclass(frozen=True, slots=True)
class Area:
    """A division, by whose code and chain what lies in it is known."""

    code: str = ""
    chain: str = ""


def matching(index: sqlite3.Connection, search: Search, wanted: Wanted, areas: Iterable[Area]) -> Docs:
    """The reports that match every part of a search."""
    parts = list(_conditions(index, search, areas))
    if wanted:
        parts.append(_docs(index, "SELECT rowid FROM words WHERE words MATCH ?", match(wanted)))
    if not parts:
        return _docs(index, "SELECT doc FROM docs")
    parts.sort(key=len)
    found = parts[0]
    for part in parts[1:]:
        found = np.intersect1d(found, part, assume_unique=True)
    return np.sort(found)


def match(wanted: Wanted) -> str:
    """The words as FTS5 asks for them.

    >>> match([["县医", "縣醫"], ["ab"]])
    '("县 医" OR "縣 醫") AND ("a b")'
    """
    return " AND ".join("(" + " OR ".join(f'"{words(one)}"' for one in writings) + ")" for writings in wanted)


def ordered(index: sqlite3.Connection, found: Docs, search: Search, wanted: Wanted) -> list[int]:
    """Those of the page that is asked for, in their order."""
    last = search.offset + search.limit
    if search.sort == "relevance" and wanted:
        query = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, {WEIGHTS}), rowid"  # noqa: S608
        ranked = _in(found, (doc for (doc,) in index.execute(query, (match(wanted),))), last)
    elif len(found) > FEW:
        ranked = _in(
            found, (doc for (doc,) in index.execute("SELECT doc FROM docs ORDER BY day DESC, id")), last
        )
    else:
        query = (
            "SELECT doc FROM docs WHERE doc IN (SELECT value FROM json_each(?)) ORDER BY day DESC, id LIMIT ?"
        )
        ranked = [doc for (doc,) in index.execute(query, (_listed(found), last))]
    return ranked[search.offset :]


def ids(index: sqlite3.Connection, docs: Sequence[int]) -> list[str]:
    """Ids of reports by their numbers, in the same order."""
    out: list[str] = []
    for first in range(0, len(docs), AT_ONCE):
        some = docs[first : first + AT_ONCE]
        query = "SELECT doc, id FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
        named = dict(index.execute(query, (json.dumps(some),)))
        out += [named[doc] for doc in some]
    return out


def facets(index: sqlite3.Connection, found: Docs) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """The most frequent values of each facet among some reports."""
    query = "SELECT keys FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
    packed = b"".join(keys for (keys,) in index.execute(query, (_listed(found),)))
    counts = np.bincount(np.frombuffer(packed, np.intc))
    keys = np.flatnonzero(counts)
    return {name: _most(index, keys[keys % (1 << KIND_BITS) == KINDS.index(name)], counts) for name in FACETS}


def _listed(docs: Docs) -> str:
    return json.dumps(docs.tolist())


def _in(found: Docs, docs: Iterable[int], last: int) -> list[int]:
    """The first so many of some reports that were found."""
    known, out = frozenset(found.tolist()), list[int]()
    for doc in docs:
        if len(out) == last:
            break
        if doc in known:
            out.append(doc)
    return out


def _most(
    index: sqlite3.Connection, keys: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[tuple[str, int], ...]:
    most = keys[np.lexsort((keys, -counts[keys]))][:SHOWN].tolist()
    query = "SELECT key, value FROM keys WHERE key IN (SELECT value FROM json_each(?))"
    values = dict(index.execute(query, (json.dumps(most),)))
    return tuple((values[key], int(counts[key])) for key in most)


def _conditions(index: sqlite3.Connection, search: Search, areas: Iterable[Area]) -> Iterator[Docs]:
    for kind, name in (("person", search.person), ("organization", search.organization)):
        if name:
            yield _marked(index, _named(index, kind, name))
    if search.place:
        yield _marked(index, {*_named(index, "place", search.place), *_inside(index, search.place, areas)})
    if search.fact:
        yield _marked(index, _keys(index, "fact", search.fact))
    if search.since or search.until:
        days = (search.since or "", search.until or "\U0010ffff")
        yield _docs(index, "SELECT doc FROM docs WHERE day BETWEEN ? AND ?", *days)
    if search.source:
        ends = (search.source, search.source + "\U0010ffff")
        yield _docs(index, "SELECT doc FROM docs WHERE uri >= ? AND uri < ?", *ends)
    if search.needs_review is not None:
        yield _docs(index, "SELECT doc FROM docs WHERE review = ?", search.needs_review)


def _named(index: sqlite3.Connection, kind: str, name: str) -> set[int]:
    """Keys of what reports call so, or of the one entity whose key that is."""
    if name.startswith(f"{kind}:"):
        return _keys(index, kind, name)
    called = index.execute("SELECT key FROM names WHERE name = ?", (name,))
    number = KINDS.index(kind)
    keys = {key for (key,) in called if key % (1 << KIND_BITS) == number}
    return keys | _keys(index, kind, f"{kind}:{name}")


def _keys(index: sqlite3.Connection, kind: str, value: str) -> set[int]:
    query = "SELECT key FROM keys WHERE kind = ? AND value = ?"
    return {key for (key,) in index.execute(query, (KINDS.index(kind), value))}


def _inside(index: sqlite3.Connection, place: str, areas: Iterable[Area]) -> Iterator[int]:
    """Keys of the divisions that lie in some, of these themselves, and of towns and villages in them."""
    below = [("code", place)] if place.isascii() and place.isdigit() else []
    for area in areas:
        below += [("code", area.code)] if area.code else []
        below += [("chain", area.chain)] if area.chain else []
    query = "SELECT key FROM keys WHERE kind = ? AND value >= ? AND value < ?"
    for kind, value in below:
        start = _stem(value) if kind == "code" else value
        found = index.execute(query, (KINDS.index(kind), start, start + "\U0010ffff"))
        yield from (key for (key,) in found)


def _stem(code: str) -> str:
    """What the codes of all that lies in a division begin with: 1408 for 140800.

    >>> _stem("140000"), _stem("140826"), _stem("1408")
    ('14', '140826', '1408')
    """
    while code.endswith("00") and len(code) > 2:  # noqa: PLR2004 - two digits a level
        code = code[:-2]
    return code


def _marked(index: sqlite3.Connection, keys: Iterable[int]) -> Docs:
    query = "SELECT DISTINCT doc FROM marks WHERE key IN (SELECT value FROM json_each(?))"
    return np.sort(_docs(index, query, json.dumps(sorted(keys))))


def _docs(index: sqlite3.Connection, query: str, *values: object) -> Docs:
    return np.fromiter((doc for (doc,) in index.execute(query, values)), np.int64)
