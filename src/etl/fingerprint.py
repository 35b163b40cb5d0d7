"""Compute fingerprints of all that each stage's results depend on, so that a new rule redoes only its part.

A stage's fingerprint covers a version number, its data, the versions of its libraries, its settings, and the
fingerprints of the stages before it. It does not cover code: a comment, a name or where a module lies changes
no result; nor does a comment in a list of words or a table. Who changes what a stage makes of a text raises
the stage's version here; ``tests/test_results.py`` and ``make corpus-diff`` fail where that was forgotten. A
new stage or input is one entry in `INPUTS`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from etl.model.errors import SetupError
from etl.settings import Settings, config_dir

PACKAGE = Path(__file__).resolve().parent
# A string or anything else of a table that is neither a comment nor layout; to parse the tables takes longer
# than all else that a run without news does.
TOML_TOKEN = re.compile(
    rb"""("{3}.*?"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'#=,{}\[\]]+|[^\s#])|\#[^\n]*""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs on which a stage's results depend.

    Attributes:
        version: counts the changes of the stage's code that changed a result.
        data: files and folders of data within the package.
        config: folders of configuration, of the package and of the operator's own.
        libraries: distributions whose version counts.
        settings: sections of the settings, or single ones such as ``pdf.ocr``.
        engine: the section whose ``engine`` names a distribution whose version counts, too.
    """

    version: int
    data: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    engine: str = ""


# What puts the stages together (title, day, quality, ledger) counts to `convert`, which shapes the text last.
INPUTS: dict[str, Inputs] = {
    "read": Inputs(
        version=26,
        libraries=("lxml", "trafilatura", "python-docx", "pypdfium2", "pdf-oxide"),
        settings=("pdf.max_drawings", "pdf.ocr"),  # the others refuse a file: what is quarantined is retried
    ),
    "repair": Inputs(
        version=24, data=("models/joins.npz",), libraries=("onnxruntime", "rjieba"), settings=("repair",)
    ),
    "normalize": Inputs(version=4),
    "convert": Inputs(version=8, libraries=("opencc", "rjieba"), settings=("script",)),
    "extract": Inputs(
        version=40,
        data=("divisions", "models/reader.zip", "models/tagger.zip"),
        config=("lexicon", "models"),
        libraries=("onnxruntime", "rjieba", "jieba", "lunar_python"),
        settings=("extract.tagger", "extract.engine"),  # a batch's size changes speed alone
        engine="extract",
    ),
    "facts": Inputs(version=4, config=("facts",)),
}


def fingerprints(settings: Settings) -> dict[str, str]:
    """Return the fingerprint of each stage, sixteen hex digits, in the order of the stages.

    Raises:
        SetupError: an engine that the settings name is not installed.
    """
    before, out = "", {}
    for name, inputs in INPUTS.items():
        chosen = {one: _setting(settings, one) for one in inputs.settings}
        parts: tuple[object, ...] = (
            before,
            inputs.version,
            _data(inputs, settings.config_dir),
            sorted(chosen.items()),
        )
        parts += _engine(inputs.engine, settings)
        before = out[name] = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]
    return out


def _setting(settings: Settings, name: str) -> Any:  # noqa: ANN401 - a value of JSON
    """Return what a section of the settings, or a single setting, says."""
    section, _, own = name.partition(".")
    said = getattr(settings, section).model_dump(mode="json")
    return said[own] if own else said


def _engine(section: str, settings: Settings) -> tuple[str, ...]:
    """Return the engine that a section names, with its version; nothing without a section."""
    if not section:
        return ()
    name = str(getattr(settings, section).engine)
    try:
        return (f"{name}=={_version(name)}",)
    except PackageNotFoundError as error:
        raise SetupError(
            f"{section}.engine is {name}, which is not installed; pip install 'report-etl[{name}]'"
        ) from error


@cache
def _version(distribution: str) -> str:
    """Return the version of an installed distribution; asked once, since a look-up reads files."""
    return version(distribution)


@lru_cache(maxsize=2 * len(INPUTS))
def _data(inputs: Inputs, own: Path | None) -> str:
    """Hash the data files and library versions of a stage; cached, so that they are read once a process.

    A folder ``own`` without files for the stage leaves the hash as it was.
    """
    digest = hashlib.sha256()
    folders = [PACKAGE / name for name in inputs.data]
    folders += [root / name for root in (config_dir(), own) if root for name in inputs.config]
    for folder in folders:
        for name, path in _files(folder):
            digest.update(name.encode() + b"\0" + _decisive(path) + b"\0")
    for library in inputs.libraries:
        digest.update(f"{library}=={_version(library)}".encode())
    return digest.hexdigest()


def _decisive(path: Path) -> bytes:
    """Return what decides a result in a file: a table's values, a list's lines, else the whole file.

    Of an archive that is what its members hold, told by their checksums, however they are packed.
    """
    if is_zipfile(path):
        with ZipFile(path) as archive:
            held = [(one.filename, one.file_size, one.CRC) for one in archive.infolist()]
        return repr(sorted(held)).encode()
    content = path.read_bytes()
    if path.suffix == ".txt":
        lines = (line.strip() for line in content.splitlines() if not line.startswith(b"#"))
        return b"\n".join(filter(None, lines))
    return b" ".join(filter(None, TOML_TOKEN.findall(content))) if path.suffix == ".toml" else content


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file of a folder, or a single file, with its name relative to that folder."""
    if path.is_file():
        yield path.name, path
    for one in sorted(path.rglob("*")):
        if one.is_file():
            yield one.relative_to(path).as_posix(), one
