"""The file of the index: its tables, and which state of which database they show.

A new thing to filter or count by is a name in `KINDS`, filled in `entries`; with it goes one more in `FORM`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from etl import private
from etl.model.errors import SetupError, TransientError

FOLDER = "search"
# Of the tables, of the folding and of what is filled in; an index of another form is made anew.
FORM = 1
# What a report is marked with. A key's last three bits are its kind.
KINDS = ("year", "place", "person", "organization", "source", "fact", "code", "chain")
KIND_BITS = 3
# How long a search waits for another process that brings the index into line.
WAIT_SECONDS = 600
TABLES = (
    "CREATE TABLE state (form INTEGER, number INTEGER, stamp TEXT)",
    """CREATE TABLE docs (
        doc INTEGER PRIMARY KEY, id TEXT UNIQUE, revision INTEGER, day TEXT, title TEXT, uri TEXT,
        review INTEGER, keys BLOB
    )""",
    "CREATE INDEX by_day ON docs (day DESC, id)",
    "CREATE INDEX by_uri ON docs (uri)",
    "CREATE INDEX by_review ON docs (review)",
    "CREATE TABLE bodies (doc INTEGER PRIMARY KEY, body BLOB)",
    "CREATE TABLE keys (key INTEGER PRIMARY KEY, kind INTEGER, value TEXT, UNIQUE (kind, value))",
    "CREATE TABLE marks (key INTEGER, doc INTEGER, PRIMARY KEY (key, doc)) WITHOUT ROWID",
    "CREATE TABLE names (name TEXT, key INTEGER, PRIMARY KEY (name, key)) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE words USING fts5 (title, text, other, content='', tokenize='ascii')",
)
NAMES = ("state", "docs", "bodies", "keys", "marks", "names", "words")


@dataclass(frozen=True, slots=True)
class State:
    """Up to which number of the feed the index goes, and the stamp of that entry."""

    number: int = 0
    stamp: str = ""


def file_of(data_dir: Path, database: str) -> Path:
    """Return the path of the index of a database, whether it is there or not."""
    return data_dir / FOLDER / f"{database}.sqlite"


@contextmanager
def open_index(data_dir: Path, database: str) -> Iterator[sqlite3.Connection]:
    """Open the index of a database, empty where there was none or one of another form.

    Raises:
        SetupError: it cannot be written or read.
        TransientError: another process uses it for too long.
    """
    path = file_of(data_dir, database)
    try:
        private.owner_only_folder(data_dir, FOLDER)
        path.touch(private.FILE)
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as index:
            index.execute("PRAGMA journal_mode = WAL")
            index.execute("PRAGMA synchronous = NORMAL")
            _prepare(index)
            yield index
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise TransientError(
                f"the index of search at {path} is in use by another process; try again"
            ) from error
        raise SetupError(f"the index of search at {path} cannot be used ({error}); {_remedy()}") from error
    except sqlite3.DatabaseError as error:
        raise SetupError(f"the index of search at {path} is damaged ({error}); {_remedy()}") from error
    except OSError as error:
        raise SetupError(
            f"the index of search cannot be kept in {data_dir} ({error.strerror}); name a folder that can be "
            "written with ETL_DATA_DIR"
        ) from error


@contextmanager
def open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an index that is there, for reading alone.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as index:
        yield index


def remove(data_dir: Path, database: str) -> None:
    """Delete the files of an index, whatever state they are in; nobody may use it meanwhile."""
    path = file_of(data_dir, database)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def write_transaction(index: sqlite3.Connection) -> Iterator[None]:
    """Write in one transaction, one writer at a time."""
    index.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def reset_index(index: sqlite3.Connection) -> None:
    """Make the tables anew, within `write_transaction`."""
    for name in NAMES:
        index.execute(f"DROP TABLE IF EXISTS {name}")
    for table in TABLES:
        index.execute(table)
    index.execute("INSERT INTO state VALUES (?, 0, '')", (FORM,))


def merge_words(index: sqlite3.Connection) -> None:
    """Merge the pieces that words were written in into one, within `write_transaction`."""
    index.execute("INSERT INTO words (words) VALUES ('optimize')")


def state_of(index: sqlite3.Connection) -> State:
    """Return which state of the database the index shows."""
    return State(*index.execute("SELECT number, stamp FROM state").fetchone())


def set_state(index: sqlite3.Connection, state: State) -> None:
    """Record which state it shows now, within `write_transaction`."""
    index.execute("UPDATE state SET number = ?, stamp = ?", (state.number, state.stamp))


def _prepare(index: sqlite3.Connection) -> None:
    if form_of(index) != FORM:
        with write_transaction(index):
            if form_of(index) != FORM:
                reset_index(index)


def form_of(index: sqlite3.Connection) -> int | None:
    """Return which form it has; None where it has none."""
    if not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
        return None
    found = index.execute("SELECT form FROM state").fetchone()
    return int(found[0]) if found else None


def _remedy() -> str:
    return "make it anew with `etl index build`"
