"""Word lists as files: TOML tables, and lists with one word a line."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read_toml(path: Path) -> dict[str, Any]:
    """What a file of the lexicon declares.

    Raises:
        ValueError: the file is no TOML; says which.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error


def read_lines(path: Path) -> tuple[str, ...]:
    """The words of a file, one a line; lines that begin with # explain."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """The words, each once, those that hold others before them."""
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))
