"""Find what is wrong with the word lists and patterns of facts, file by file: a command stops at the first.

A kind of file that is looked at is a line in `_reads`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from etl.errors import SetupError
from etl.extraction.resources.fact_pattern_files import read_pattern_file
from etl.extraction.resources.lexicon import Lexicon
from etl.extraction.resources.word_files import LEXICON, WordFiles


def find_faults(package: Path, own: Path | None) -> list[str]:
    """Return a sentence for each file that cannot be used, without missing ones of the release."""
    said = [why for read in _reads(WordFiles(package, own)) if (why := _refused(read))]
    return said or _of_entries(package, own)


def _reads(files: WordFiles) -> Iterator[Callable[[], object]]:
    """Yield what reads each file, one's own over that of the release."""
    yield files.refuse_strangers
    for path in sorted((files.package / LEXICON).glob("*.*")):
        yield partial(files.table if path.suffix == ".toml" else files.words, path.name)
    for path in files.patterns():
        yield partial(read_pattern_file, path)


def _refused(read: Callable[[], object]) -> str:
    try:
        read()
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def _of_entries(package: Path, own: Path | None) -> list[str]:
    """Find what is wrong though each file can be read by itself, such as an entry that is missing."""
    try:
        Lexicon.load(package, own)
    except SetupError as error:
        return [str(error)]
    return []
