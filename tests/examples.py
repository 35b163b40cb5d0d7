"""Example changes, one for each kind of change that CONTRIBUTING.md describes, and a proof that each works.

A file of ``tests/cases/contributing`` is one example: the rows of the table that it follows, its changes, and
what must hold once they are made. `apply` makes the changes in a copy of the project; run there as a program,
this module writes the generated pages anew, tries the proofs and prints the names of those that fail.

usage: python -m tests.examples
"""

import sys
import tomllib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from etl.export import reference as columns_page
from etl.model.report import SCHEMA_VERSION
from etl.rules import reference as rules_page
from etl.store.schema import docs as schema_page

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests/cases/contributing"
# Where tests with the marker `complete` stand: they also hold in a project in which all examples were made.
COMPLETE = (
    *("tests/room/test_words.py", "tests/view/test_page.py", "tests/export/test_documents.py"),
    *("tests/export/test_tables.py", "tests/rules/test_cards.py", "tests/store/test_schema.py"),
    *("tests/test_imports.py", "tests/test_readme.py", "tests/test_stages.py"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A new file, or one more piece of a file that is there.

    Attributes:
        path: of the file, from the project's folder.
        add: the text that comes.
        behind: the text that it comes behind, which stands there once; empty for a new file.
        instead: the text that it replaces, which stands there once; empty where nothing goes.
    """

    path: str
    add: str
    behind: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A change of one kind.

    Attributes:
        name: of its file.
        rows: the first cells of the rows of CONTRIBUTING.md that it follows.
        changes: what is edited.
        proof: a program that fails where the change does not work.
    """

    name: str
    rows: tuple[str, ...]
    changes: tuple[Change, ...]
    proof: str


def examples() -> list[Example]:
    """All examples, by name."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        changes = tuple(_now(**change) for change in told["change"])
        found.append(Example(path.stem, tuple(told["rows"]), changes, told["proof"]))
    return found


def _now(**change: str) -> Change:
    """A change with ``<version>`` and ``<next>`` as the numbers of the present shape and of the next one."""
    numbers = {"<version>": str(SCHEMA_VERSION), "<next>": str(SCHEMA_VERSION + 1)}
    for word, number in numbers.items():
        change = {name: text.replace(word, number) for name, text in change.items()}
    return Change(**change)


def apply(changes: Iterable[Change], root: Path) -> None:
    """Make changes in a copy of the project.

    Raises:
        ValueError: a place does not stand there once.
    """
    for change in changes:
        path, anchor = root / change.path, change.behind or change.instead
        if not anchor:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change.add, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        if text.count(anchor) != 1:
            times = text.count(anchor)
            raise ValueError(f"mend the example: {change.path} holds {times} times, not once: {anchor!r}")
        path.write_text(text.replace(anchor, change.behind + change.add), encoding="utf-8")


def write_pages() -> None:
    """Write anew, in the present folder, the pages that CONTRIBUTING.md says are generated."""
    Path("docs/rules.md").write_text(rules_page.render(), encoding="utf-8")
    Path("docs/schema.md").write_text(schema_page.render(), encoding="utf-8")
    columns_page.write_columns(Path("docs/exports.md"))


def main() -> None:
    """Write the pages, try the proofs and print the name of each that fails, its traceback to stderr."""
    write_pages()
    for example in examples():
        try:
            exec(compile(example.proof, example.name, "exec"), {})  # noqa: S102 - a proof of the table
        except Exception:  # noqa: BLE001 - whatever fails, the other proofs are tried
            traceback.print_exc()
            sys.stdout.write(f"{example.name}\n")


if __name__ == "__main__":
    main()
