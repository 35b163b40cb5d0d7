"""Read word lists: TOML tables, and lists with one word a line; one's own files laid over the package's.

A new kind of file that may be laid over is one method of `WordFiles`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from etl.layers import extend_words
from etl.text.surnames import COMMON, COMPOUND_FOR_TEXT, TEXT_ONLY

LEXICON = "lexicon"
FACTS = "facts"
# Words are looked up in a text by so many of their first characters.
HEAD = 2
# In a list of one's own: the word behind it is taken out of the package's list.
MINUS = "-"
# Entries of a table that stand in the code, because other stages read them, too.
BUILT_IN: Mapping[str, Mapping[str, Any]] = {
    "people.toml": {
        "surnames": COMMON + TEXT_ONLY,
        "double_surnames": sorted(COMPOUND_FOR_TEXT),
    }
}


class Entries(dict[str, Any]):
    """The entries of a file; a missing one is reported with the file's name."""

    def __init__(self, path: Path, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)
        self._path = path

    def __missing__(self, name: str) -> NoReturn:
        """Say which entry of which file.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"{self._path} has no entry {name}")


@dataclass(frozen=True, slots=True)
class WordFiles:
    """The folders ``lexicon`` and ``facts`` of the package, and those of one's own over them."""

    package: Path
    own: Path | None = None

    def table(self, name: str) -> dict[str, Any]:
        """Read a table of the lexicon with one's own words added.

        Raises:
            ValueError: a file is no TOML, or one's own does not fit the package's; says which.
            OSError: the package's is not there.
        """
        path, over = self.package / LEXICON / name, self._own(LEXICON, name)
        base = {**BUILT_IN.get(name, {}), **read_toml(path)}
        if over is None:
            return Entries(path, base)
        own = read_toml(over)
        try:
            return Entries(path, extend_words(base, own))
        except ValueError as error:
            key = str(error).partition(" ")[0]
            raise ValueError(f"{over}{at_line(over, key)}: {error}") from error

    def words(self, name: str) -> tuple[str, ...]:
        """Read a list with one's own words added, and those behind a minus sign taken out."""
        base = read_lines(self.package / LEXICON / name)
        over = self._own(LEXICON, name)
        own = read_lines(over) if over else ()
        gone = {word[1:].strip() for word in own if word.startswith(MINUS)}
        added = [word for word in own if not word.startswith(MINUS)]
        return tuple(word for word in (*base, *added) if word not in gone)

    def patterns(self) -> tuple[Path, ...]:
        """Return files that declare a kind of fact, by name; one's own replaces its namesake."""
        found = {path.name: path for folder in self._folders(FACTS) for path in sorted(folder.glob("*.toml"))}
        return tuple(found[name] for name in sorted(found))

    def refuse_strangers(self) -> None:
        """Check that one's own folder exists and holds no word list that would have no effect.

        Raises:
            ValueError: it is not on this machine, or a file there has a name that the package does not have.
            OSError: a folder in it may not be read.
        """
        if self.own is None:
            return
        if not self.own.is_dir():
            raise ValueError(f"{self.own} is no folder on this machine")
        inside = {name: _inside(self.own / name) for name in (LEXICON, FACTS)}
        known = {path.name for path in (self.package / LEXICON).iterdir()}
        strange = sorted(p for p in inside[LEXICON] if p.name not in known and not p.name.startswith("."))
        if strange:
            raise ValueError(f"{strange[0]} lies over no file; there are {', '.join(sorted(known))}")

    def _own(self, folder: str, name: str) -> Path | None:
        """Return one's own file where there is one; a broken link or a folder in its place is an error.

        Raises:
            ValueError: something else is in its place.
        """
        path = self.own / folder / name if self.own else None
        if path is None or not (path.is_symlink() or path.exists()):
            return None
        if not path.is_file():
            raise ValueError(f"{path} is no file, or a link to none; expected a word list, or nothing")
        return path

    def _folders(self, name: str) -> Iterator[Path]:
        return (folder / name for folder in (self.package, self.own) if folder)


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        ValueError: the file is no TOML; says which, and where in it.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def at_line(path: Path, key: str) -> str:
    """Return the place of an entry or table in a file, as `` line 7``; empty for none."""
    whole = re.compile(rf"\s*\[{re.escape(key)}\]")
    entry = re.compile(rf'\s*(?:\[[^\]]*\b)?"?{re.escape(key.rpartition(".")[2])}"?\s*[=\].]')
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    found = [n for like in (whole, entry) for n, line in enumerate(lines, 1) if like.match(line)]
    return f" line {found[0]}" if found else ""


def read_lines(path: Path) -> tuple[str, ...]:
    """Read a list with one word a line; lines that begin with # are comments.

    Raises:
        ValueError: it is not in UTF-8; says which file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words, each once, longer ones first."""
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))


def lengths_by_last(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the words that end with each character, the longest first."""
    return lengths_by_first(word[::-1] for word in words)


def lengths_by_first(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the words that begin with each character, the longest first."""
    return lengths_by_head(words, 1)


def lengths_by_head(words: Iterable[str], head: int = HEAD) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the words by their first characters, so many of them, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:head], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
