"""Find the faults of word lists and fact patterns file by file, where a command stops at the first.

A kind of file that is examined is a line in `_reads`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from etl.extraction.resources.fact_pattern_files import read_pattern_file
from etl.extraction.resources.lexicon import Lexicon
from etl.extraction.resources.word_files import LEXICON, WordFiles
from etl.model.errors import SetupError


def find_faults(package: Path, own: Path | None) -> list[str]:
    """Return a sentence for each file that cannot be used; files missing from the release are not noted."""
    said = [why for read in _reads(WordFiles(package, own)) if (why := _refused(read))]
    return said or _of_entries(package, own)


def _reads(files: WordFiles) -> Iterator[Callable[[], object]]:
    """Yield a function for each file that reads it, one's own file over that of the release."""
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
    """Return the fault of files that can each be read but not used together, such as a missing entry."""
    try:
        Lexicon.load(package, own)
    except SetupError as error:
        return [str(error)]
    return []
