import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from tests.examples import COMPLETE, Change, Example, apply, examples

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WORDS = tuple(dict.fromkeys(re.findall(r"`([^`\n]+)`", TEXT)))
PATHS = [
    word for word in WORDS if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*/?", word) and re.search(r"/|\.\w+$", word)
]
MODULES = [word.split()[2] for word in WORDS if word.startswith("python -m ")]
NAMES = [word for word in PATHS if "/" not in word and word.startswith("etl.")]
ROWS = [line.split("|")[1:4] for line in TEXT.splitlines() if re.match(r"\| (?!you want|-)", line)]
STEPS = dict(re.findall(r"(?ms)^### (.+?)\n\n(.+?)(?=\n\n#)", TEXT))
EXAMPLES = examples()
# The steps that say more about a row.
TOLD = {
    "a normalization rule": "A normalization rule",
    "what page furniture looks like": "Page furniture of another kind",
    "a sign that a sentence was cut": "A sign that a sentence was cut",
    "a kind of entity": "An entity with a value",
    "a kind of source": "A source",
    "a field of a stored report": "A field of a report",
    "a command": "A command",
    "a heavy engine, another tagger": "Another tagger",
    "a collection": "The shape of a collection",
}
COPIED = (
    "src",
    "config",
    "tests",
    "samples",
    "flows",
    "docs",
    "benchmarks",
    "README.md",
    "CONTRIBUTING.md",
    "pyproject.toml",
    "requirements.lock",
    "requirements-tests.lock",
)


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


def test_decisions_have_numbers_of_their_own() -> None:
    """No two pages of docs/decisions bear one number."""
    numbers = [page.name[:4] for page in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


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
    """What a row or step names within a file stands in that file: `NAME` of `path`."""
    pairs = re.findall(r"`(\w+)`(?:(?:, | and )`(\w+)`)* (?:of|in) `([\w./]+\.py)`", TEXT)
    assert pairs
    for *names, path in pairs:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert all(re.search(rf"^(?:def |class )?{name}\b", text, re.MULTILINE) for name in names if name)


def cells(row: str) -> str:
    """What a row of the table, and the steps that belong to it, say."""
    found = [" ".join(line) for line in ROWS if line[0].strip() == row]
    assert found, f"no row is called {row}"
    return f"{found[0]} {STEPS.get(TOLD.get(row, ''), '')}"


def test_every_row_has_an_example() -> None:
    """Each kind of change has an example."""
    assert {row for example in EXAMPLES for row in example.rows} == {row[0].strip() for row in ROWS}


@pytest.mark.parametrize("row", TOLD)
def test_nine_changes_are_told_step_by_step(row: str) -> None:
    """Their steps are numbered, say files in order, and take some ten lines."""
    steps = STEPS[TOLD[row]]
    numbers = [int(number) for number in re.findall(r"^([0-9])\. ", steps, re.MULTILINE)]

    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) >= 4
    assert len(steps.splitlines()) <= 13
    assert len(re.findall(r"`(?:src|tests|config|docs)/", steps)) >= 3


def openings(example: Example) -> list[str]:
    """The files that name what is in the packages to which an example adds a module or a package."""
    added = [Path(change.path) for change in example.changes if not (change.behind or change.instead)]
    return [str(path.parents[up] / "__init__.py") for path in added if path.suffix == ".py" for up in (0, 1)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_touches_what_its_row_names(example: Example) -> None:
    """Each file that an example edits, or the folder of a new one, stands in the row or in its steps.

    The opening of the package that gets a module is named once, for all rows.
    """
    said = "".join(map(cells, example.rows))
    named = [*re.findall(r"`([\w./-]+)`", said), *openings(example)]

    for change in example.changes:
        folders = [name for name in named if name.endswith("/") and change.path.startswith(name)]
        assert change.path in named or folders, f"{change.path} is not named by {example.rows}"
        if change.behind or change.instead:
            is_data = change.path.startswith(("config/", "tests/"))
            assert change.path in named or is_data, f"{change.path} is edited; only its folder is named"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project in which all examples were made.

    Attributes:
        root: its folder.
        failing: the examples whose proofs fail there.
        said: what those say.
    """

    root: Path
    failing: frozenset[str]
    said: str


def run_in(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in a copy of the project, which it then imports from."""
    places = os.pathsep.join(str(root / name) for name in ("src", "", "benchmarks"))
    environment = {**os.environ, "PYTHONPATH": places}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project in which all examples were made and their proofs tried."""
    copy = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name)  # with what is compiled: most files stay as they are
        else:
            shutil.copy(ROOT / name, copy / name)
    for example in EXAMPLES:
        apply(example.changes, copy)
    done = run_in(copy, "tests.examples")
    assert done.returncode == 0, done.stderr
    return Copy(copy, frozenset(done.stdout.split()), done.stderr)


@pytest.mark.xdist_group("examples")  # one copy for all of them
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_works(example: Example, changed: Copy) -> None:
    """An example's proof holds in a project in which all examples were made."""
    assert example.name not in changed.failing, changed.said


@pytest.mark.xdist_group("examples")
def test_examples_leave_no_list_incomplete(changed: Copy) -> None:
    """A change that touches what its row names breaks no test that asks whether a list is complete."""
    chosen = ("-m", "complete", "-q", "-p", "no:cacheprovider")
    done = run_in(changed.root, "pytest", *chosen, *COMPLETE)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("place", ["b", "missing"])
def test_a_place_must_stand_there_once(tmp_path: Path, place: str) -> None:
    """An example whose place moved, or is no longer the only one, fails instead of editing another."""
    (tmp_path / "file.py").write_text("a b b", encoding="utf-8")

    with pytest.raises(ValueError, match="not once"):
        apply([Change("file.py", "c", behind=place)], tmp_path)
