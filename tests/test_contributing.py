import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WORDS = tuple(dict.fromkeys(re.findall(r"`([^`\n]+)`", TEXT)))
PATHS = [
    word for word in WORDS if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*/?", word) and re.search(r"/|\.\w+$", word)
]
MODULES = [word.split()[2] for word in WORDS if word.startswith("python -m ")]
NAMES = [word for word in PATHS if "/" not in word and word.startswith("etl.")]
ROWS = [line.split("|")[1:4] for line in TEXT.splitlines() if re.match(r"\| (?!you want|-)", line)]


@pytest.mark.parametrize("path", [path for path in PATHS if path not in NAMES])
def test_paths_exist(path: str) -> None:
    """A path that is named is there, as what it is named: a folder ends in a slash."""
    found = ROOT / path

    assert found.exists(), f"CONTRIBUTING.md names {path}, which is not there"
    assert found.is_dir() or not path.endswith("/")


@pytest.mark.parametrize("name", [*NAMES, *MODULES])
def test_names_exist(name: str) -> None:
    """A module or function that is named can be imported."""
    module, _, function = name.rpartition(".")
    is_module = (ROOT / f"{name.replace('.', '/')}.py").exists()

    assert is_module or hasattr(import_module(module), function)


@pytest.mark.parametrize("target", [word.split()[1] for word in WORDS if word.startswith("make ")])
def test_targets_exist(target: str) -> None:
    """A target of make that is named stands in the Makefile."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "kind",
    ["page furniture", "a stage", "a collection", "a kind of source", "a setting of a deployment"],
)
def test_kinds_of_change(kind: str) -> None:
    """Of each kind of change the table says where it is made and where it is tried."""
    row = [cells for cells in ROWS if kind in cells[0]]

    assert row
    assert all("`" in cell for cell in row[0][1:])


def test_names_in_rows() -> None:
    """What a row names within a file stands in that file: `NAME` of `path`."""
    pairs = re.findall(r"`(\w+)`(?:(?:, | and )`(\w+)`)* of `([\w./]+\.py)`", TEXT)
    assert pairs
    for *names, path in pairs:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert all(re.search(rf"^(?:def |class )?{name}\b", text, re.MULTILINE) for name in names if name)
