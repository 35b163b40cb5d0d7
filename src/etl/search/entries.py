"""What the index keeps of a report: its words in both scripts, and what it is marked with.

`put` and `drop` are the two ways in; a new mark is a line in `_marks`.
"""

import json
import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from etl.search.folding import fold, words
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


class Mark(NamedTuple):
    """What a report is marked with, and the name by which it says so; empty where that is none."""

    kind: str
    value: str
    name: str = ""


def put(index: sqlite3.Connection, entry: Mapping[str, Any]) -> None:
    """Keep a stored report in the place of what was kept of it; within `tables.writing`."""
    drop(index, entry["_id"])
    marks = set(_marks(entry))
    keys = {mark: _key(index, mark) for mark in marks}
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
    named = ((mark.name, key) for mark, key in keys.items() if mark.name)
    index.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", named)


def drop(index: sqlite3.Connection, report: str) -> None:
    """Keep nothing of a report; within `tables.writing`."""
    found = index.execute("SELECT doc, keys FROM docs WHERE id = ?", (report,)).fetchone()
    if not found:
        return
    doc, keys = found
    texts = body_of(index, doc)
    index.execute(
        "INSERT INTO words (words, rowid, title, text, other) VALUES ('delete', ?, ?, ?, ?)",
        (doc, *_words(texts)),
    )
    index.executemany("DELETE FROM marks WHERE key = ? AND doc = ?", ((key, doc) for key in array("i", keys)))
    for table in ("bodies", "docs"):
        index.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))  # noqa: S608 - names of our own


def body_of(index: sqlite3.Connection, doc: int) -> tuple[str, str, str]:
    """Title, text, and text in the other script of a report."""
    (body,) = index.execute("SELECT body FROM bodies WHERE doc = ?", (doc,)).fetchone()
    title, text, other = json.loads(zlib.decompress(body))
    return title, text, other


def _words(texts: tuple[str, str, str]) -> tuple[str, ...]:
    return tuple(words(fold(text)) for text in texts)


def _marks(entry: Mapping[str, Any]) -> Iterator[Mark]:
    if entry["published_on"]:
        yield Mark("year", entry["published_on"][:4])
    yield Mark("source", entry["source"]["uri"].rpartition("/")[0])
    for fact in entry["facts"]:
        yield Mark("fact", fact["type"])
    for entity in entry["entities"]:
        if entity["type"] in ("person", "organization", "place"):
            yield Mark(entity["type"], entity["key"], entity["text"])
        if entity["type"] == "place":
            yield from _divisions(entity)


def _divisions(place: Mapping[str, Any]) -> Iterator[Mark]:
    """The division that a place is or lies in, as it was on the report's day and as it is today."""
    for one in (place, *place["now"]):
        if one["code"]:
            yield Mark("code", one["code"])
        if one["chain"]:
            yield Mark("chain", one["chain"])


def _key(index: sqlite3.Connection, mark: Mark) -> int:
    kind = KINDS.index(mark.kind)
    query = (kind, mark.value)
    found = index.execute("SELECT key FROM keys WHERE kind = ? AND value = ?", query).fetchone()
    if found:
        return int(found[0])
    (last,) = index.execute("SELECT coalesce(max(key), 0) FROM keys").fetchone()
    key = ((last >> KIND_BITS) + 1 << KIND_BITS) + kind
    index.execute("INSERT INTO keys VALUES (?, ?, ?)", (key, *query))
    return int(key)
