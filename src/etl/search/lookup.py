"""Answer a search from the tables: which reports match, in which order, and how they spread over facets.

`find_matching` holds every condition; a new filter is a line in `_conditions`. Sets of reports are sorted
arrays of their numbers in `docs`.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from etl.search.folding import spell_out
from etl.search.tables import KIND_BITS, KINDS
from etl.store.query.finding import AskedEntities, Search

Docs = NDArray[np.int64]
# Each word in all its writings, folded.
Wanted = Sequence[Sequence[str]]
FACETS = ("year", "place", "person", "organization", "source")
# Reports whose ids are looked up at once.
LOOKED_UP_AT_ONCE = 10_000
# Values of a facet; of years all that there are, for a timeline.
VALUES_SHOWN = 20
YEARS_SHOWN = 1_000
# Of so many reports the days are looked up one by one; of more, days are gone through from the newest on.
FEW_DOCS = 2_000
# What counts more where it stands in a title, a text, a text in the other script.
WEIGHTS = "4.0, 1.0, 1.0"


@dataclass(frozen=True, slots=True)
class Area:
    """A division, by whose code and chain what lies in it is known."""

    code: str = ""
    chain: str = ""


def find_matching(index: sqlite3.Connection, search: Search, wanted: Wanted, areas: Iterable[Area]) -> Docs:
    """Return the reports that match every part of a search."""
    parts = list(_conditions(index, search, areas))
    if wanted:
        parts.append(_docs_holding(index, wanted))
    if not parts:
        return _sorted_docs(index, "SELECT doc FROM docs")
    parts.sort(key=len)
    found = parts[0]
    for part in parts[1:]:
        found = np.intersect1d(found, part, assume_unique=True)
    return found


def find_asked(index: sqlite3.Connection, search: Search, areas: Iterable[Area]) -> AskedEntities:
    """Return the entities that a search asks for, as `find_matching` compares them with a report's."""
    names = (("person", search.person), ("organization", search.organization), ("place", search.place))
    keys = {kind: _values_of(index, _keys_named(index, kind, name)) for kind, name in names if name}
    inside = list(_prefixes_inside(search.place, areas)) if search.place else []
    codes, chains = (tuple(start for one, start in inside if one == kind) for kind in ("code", "chain"))
    place = (search.place or "").removeprefix("place:")
    return AskedEntities(keys, codes, chains, frozenset({place} if place and not place.isdigit() else ()))


def fts_query(wanted: Wanted) -> str:
    """Write words as a query of FTS5.

    >>> fts_query([["县医", "縣醫"], ["ab"]])
    '("县 医" OR "縣 醫") AND ("a b")'
    """
    either = (" OR ".join(f'"{spell_out(one)}"' for one in writings) for writings in wanted)
    return " AND ".join(f"({one})" for one in either)


def order_page(index: sqlite3.Connection, found: Docs, search: Search, wanted: Wanted) -> list[int]:
    """Return the reports of the page that is asked for, in their order."""
    last = search.offset + search.limit
    if search.sort == "relevance" and wanted:
        # Where words alone were asked for, all that match were found; the best are kept without a sort.
        filtered = _is_filtered(search)
        enough = -1 if filtered else last
        order = f"ORDER BY bm25(words, {WEIGHTS}), rowid LIMIT ?"
        query = f"SELECT rowid FROM words WHERE words MATCH ? {order}"  # noqa: S608 - weights of our own
        best = (doc for (doc,) in index.execute(query, (fts_query(wanted), enough)))
        ranked = _first_found(found, best, last) if filtered else list(best)
    elif len(found) > FEW_DOCS:
        ranked = _first_found(
            found, (doc for (doc,) in index.execute("SELECT doc FROM docs ORDER BY day DESC, id")), last
        )
    else:
        query = (
            "SELECT doc FROM docs WHERE doc IN (SELECT value FROM json_each(?)) ORDER BY day DESC, id LIMIT ?"
        )
        ranked = [doc for (doc,) in index.execute(query, (_json_list(found), last))]
    return ranked[search.offset :]


def report_ids(index: sqlite3.Connection, docs: Sequence[int]) -> list[str]:
    """Return the ids of reports by their numbers, in the same order."""
    out: list[str] = []
    for first in range(0, len(docs), LOOKED_UP_AT_ONCE):
        some = docs[first : first + LOOKED_UP_AT_ONCE]
        query = "SELECT doc, id FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
        named = dict(index.execute(query, (json.dumps(some),)))
        out += [named[doc] for doc in some]
    return out


def count_facets(index: sqlite3.Connection, found: Docs) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Count the most frequent values of each facet among some reports."""
    query = "SELECT keys FROM docs WHERE doc IN (SELECT value FROM json_each(?))"
    packed = b"".join(keys for (keys,) in index.execute(query, (_json_list(found),)))
    counts = np.bincount(np.frombuffer(packed, np.intc))
    keys = np.flatnonzero(counts)
    return {
        name: _most_frequent(
            index,
            keys[keys % (1 << KIND_BITS) == KINDS.index(name)],
            counts,
            YEARS_SHOWN if name == "year" else VALUES_SHOWN,
        )
        for name in FACETS
    }


def _is_filtered(search: Search) -> bool:
    """Return whether a search asks for more than words."""
    asked = replace(search, words="", phrase=False, sort="date", limit=0, offset=0, facets=False)
    return asked != Search(limit=0)


def _json_list(docs: Docs) -> str:
    return json.dumps(docs.tolist())


def _first_found(found: Docs, docs: Iterable[int], last: int) -> list[int]:
    """Return the first ``last`` of ``docs`` that are in ``found``, in their order."""
    known, out = frozenset(found.tolist()), list[int]()
    for doc in docs:
        if len(out) == last:
            break
        if doc in known:
            out.append(doc)
    return out


def _most_frequent(
    index: sqlite3.Connection, keys: NDArray[np.int64], counts: NDArray[np.int64], shown: int
) -> tuple[tuple[str, int], ...]:
    most = keys[np.lexsort((keys, -counts[keys]))][:shown].tolist()
    query = "SELECT key, value FROM keys WHERE key IN (SELECT value FROM json_each(?))"
    values = dict(index.execute(query, (json.dumps(most),)))
    return tuple((values[key], int(counts[key])) for key in most)


def _conditions(index: sqlite3.Connection, search: Search, areas: Iterable[Area]) -> Iterator[Docs]:
    for kind, name in (("person", search.person), ("organization", search.organization)):
        if name:
            yield _docs_with(index, _keys_named(index, kind, name))
    if search.place:
        yield _docs_with(
            index, {*_keys_named(index, "place", search.place), *_keys_inside(index, search.place, areas)}
        )
    if search.fact:
        yield _docs_with(index, _keys_of(index, "fact", search.fact))
    if search.since or search.until:
        days = (search.since or "", search.until or "\U0010ffff")
        yield _sorted_docs(index, "SELECT doc FROM docs WHERE day BETWEEN ? AND ?", *days)
    if search.source:
        ends = (search.source, search.source + "\U0010ffff")
        yield _sorted_docs(index, "SELECT doc FROM docs WHERE uri >= ? AND uri < ?", *ends)
    if search.needs_review is not None:
        yield _sorted_docs(index, "SELECT doc FROM docs WHERE review = ?", search.needs_review)


def _keys_named(index: sqlite3.Connection, kind: str, name: str) -> set[int]:
    """Return the numbers of the entities that reports call by a name, or of the one with this key."""
    if name.startswith(f"{kind}:"):
        return _keys_of(index, kind, name)
    called = index.execute("SELECT key FROM names WHERE name = ?", (name,))
    number = KINDS.index(kind)
    keys = {key for (key,) in called if key % (1 << KIND_BITS) == number}
    return keys | _keys_of(index, kind, f"{kind}:{name}")


def _keys_of(index: sqlite3.Connection, kind: str, value: str) -> set[int]:
    query = "SELECT key FROM keys WHERE kind = ? AND value = ?"
    return {key for (key,) in index.execute(query, (KINDS.index(kind), value))}


def _values_of(index: sqlite3.Connection, keys: Iterable[int]) -> frozenset[str]:
    query = "SELECT value FROM keys WHERE key IN (SELECT value FROM json_each(?))"
    return frozenset(value for (value,) in index.execute(query, (json.dumps(sorted(keys)),)))


def _keys_inside(index: sqlite3.Connection, place: str, areas: Iterable[Area]) -> Iterator[int]:
    """Yield the keys of some divisions, and of the divisions, towns and villages in them."""
    query = "SELECT key FROM keys WHERE kind = ? AND value >= ? AND value < ?"
    for kind, start in _prefixes_inside(place, areas):
        found = index.execute(query, (KINDS.index(kind), start, start + "\U0010ffff"))
        yield from (key for (key,) in found)


def _prefixes_inside(place: str, areas: Iterable[Area]) -> Iterator[tuple[str, str]]:
    """Yield with what codes and chains begin of some divisions and of all that lies in them."""
    if place.isascii() and place.isdigit():
        yield "code", _code_prefix(place)
    for area in areas:
        if area.code:
            yield "code", _code_prefix(area.code)
        if area.chain:
            yield "chain", area.chain


def _code_prefix(code: str) -> str:
    """Return the prefix that the codes of all places in a division share: 1408 for 140800.

    >>> _code_prefix("140000"), _code_prefix("140826"), _code_prefix("1408")
    ('14', '140826', '1408')
    """
    while code.endswith("00") and len(code) > 2:  # noqa: PLR2004 - two digits a level
        code = code[:-2]
    return code


def _docs_with(index: sqlite3.Connection, keys: Iterable[int]) -> Docs:
    query = "SELECT DISTINCT doc FROM marks WHERE key IN (SELECT value FROM json_each(?))"
    return _sorted_docs(index, query, json.dumps(sorted(keys)))


def _docs_holding(index: sqlite3.Connection, wanted: Wanted) -> Docs:
    """Return the reports that hold all words, in their order; one text costs less than many rows."""
    query = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
    (found,) = index.execute(query, (fts_query(wanted),)).fetchone()
    return np.fromstring(found or "", np.int64, sep=",")


def _sorted_docs(index: sqlite3.Connection, query: str, *values: object) -> Docs:
    return np.sort(np.fromiter((doc for (doc,) in index.execute(query, values)), np.int64))
