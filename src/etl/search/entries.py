"""What the index keeps of a report: its words in both scripts, and by what else it is found.

`index_report` and `unindex_report` are the two ways in; a new key is a line in `_keys_of`.
"""

import json
import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from etl.search.folding import fold, spell_out
from etl.search.tables import KIND_BITS, KINDS

# What is read of a stored report.
FIELDS = (
    "title",
    "text",
    "other_text",
    "published_on",
    "entities",
    "facts",
    "needs_review",
    "source.uri",
    "revision",
    "parts",
)


class IndexKey(NamedTuple):
    """What a report is found by beside its words, and the name that it uses; empty where it uses none."""

    kind: str
    value: str
    name: str = ""


def index_report(index: sqlite3.Connection, entry: Mapping[str, Any]) -> None:
    """Index a stored report in the place of what was kept of it; within `tables.write_transaction`."""
    unindex_report(index, entry["_id"])
    keyed = set(_keys_of(entry))
    keys = {one: _number_of(index, one) for one in keyed}
    packed = array("i", sorted(set(keys.values()))).tobytes()
    found = (entry["_id"], entry["revision"], entry["published_on"], entry["title"], entry["source"]["uri"])
    doc = index.execute(
        "INSERT INTO docs (id, revision, day, title, uri, review, keys) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*found, bool(entry["needs_review"]), packed),
    ).lastrowid
    texts = (entry["title"], entry["text"], entry["other_text"])
    index.execute("INSERT INTO bodies VALUES (?, ?)", (doc, zlib.compress(json.dumps(texts).encode(), 1)))
    index.execute("INSERT INTO words (rowid, title, text, other) VALUES (?, ?, ?, ?)", (doc, *_words(texts)))
    index.executemany("INSERT OR IGNORE INTO marks VALUES (?, ?)", ((key, doc) for key in keys.values()))
    named = ((one.name, key) for one, key in keys.items() if one.name)
    index.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", named)


def unindex_report(index: sqlite3.Connection, report: str) -> None:
    """Remove a report; within `tables.write_transaction`."""
    found = index.execute("SELECT doc, keys FROM docs WHERE id = ?", (report,)).fetchone()
    if not found:
        return
    doc, keys = found
    texts = texts_of(index, doc)
    index.execute(
        "INSERT INTO words (words, rowid, title, text, other) VALUES ('delete', ?, ?, ?, ?)",
        (doc, *_words(texts)),
    )
    index.executemany("DELETE FROM marks WHERE key = ? AND doc = ?", ((key, doc) for key in array("i", keys)))
    for table in ("bodies", "docs"):
        index.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))  # noqa: S608 - names of our own


def texts_of(index: sqlite3.Connection, doc: int) -> tuple[str, str, str]:
    """Return title, text, and text in the other script of a report."""
    (body,) = index.execute("SELECT body FROM bodies WHERE doc = ?", (doc,)).fetchone()
    title, text, other = json.loads(zlib.decompress(body))
    return title, text, other


def _words(texts: tuple[str, str, str]) -> tuple[str, ...]:
    return tuple(spell_out(fold(text)) for text in texts)


def _keys_of(entry: Mapping[str, Any]) -> Iterator[IndexKey]:
    if entry["published_on"]:
        yield IndexKey("year", entry["published_on"][:4])
    yield IndexKey("source", entry["source"]["uri"].rpartition("/")[0])
    for fact in entry["facts"]:
        yield IndexKey("fact", fact["type"])
    for entity in entry["entities"]:
        if entity["type"] in ("person", "organization", "place"):
            yield IndexKey(entity["type"], entity["key"], entity["text"])
        if entity["type"] == "place":
            yield from _division_keys(entity)


def _division_keys(place: Mapping[str, Any]) -> Iterator[IndexKey]:
    """Yield the division that a place is or lies in, as on the report's day and as today."""
    for one in (place, *place["now"]):
        if one["code"]:
            yield IndexKey("code", one["code"])
        if one["chain"]:
            yield IndexKey("chain", one["chain"])


def _number_of(index: sqlite3.Connection, one: IndexKey) -> int:
    kind = KINDS.index(one.kind)
    query = (kind, one.value)
    found = index.execute("SELECT key FROM keys WHERE kind = ? AND value = ?", query).fetchone()
    if found:
        return int(found[0])
    (last,) = index.execute("SELECT coalesce(max(key), 0) FROM keys").fetchone()
    key = ((last >> KIND_BITS) + 1 << KIND_BITS) + kind
    index.execute("INSERT INTO keys VALUES (?, ?, ?)", (key, *query))
    return int(key)
