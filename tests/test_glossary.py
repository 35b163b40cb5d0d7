"""The glossary explains the terms that the code uses, each once."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = re.findall(
    r"^\| \*\*(.+?)\*\* \| (.+) \|$",
    (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("src/**/*.py"))).lower()
# Two names that others know: a source as the database and the API have it, a change as the API's schema does.
KNOWN_OUTSIDE = {"Source", "Change"}
LISTED = (
    *("seam", "furniture", "column", "reading order", "byline", "letterhead", "revision", "quarantine"),
    *("float", "piece", "anchor", "passage", "feed", "engine", "facet", "write intent", "dry run", "finding"),
    *("lease", "fence", "sidecar", "fingerprint", "ledger", "edit", "mention", "entity", "reprint", "stale"),
)


@pytest.mark.parametrize("term", sorted({term for term, _ in ROWS}))
def test_a_term_is_in_use(term: str) -> None:
    """A term that is explained is one that the code uses, in a name or in words about it."""
    assert re.search(rf"\b{re.escape(term.lower())}", CODE)


@pytest.mark.parametrize("term", LISTED)
def test_what_a_reader_meets_is_explained(term: str) -> None:
    """The terms of the domain have a row."""
    assert term in {name for name, _ in ROWS}


def test_a_term_means_one_thing() -> None:
    """No term has two rows."""
    assert len(ROWS) == len({term for term, _ in ROWS})


def test_a_class_has_a_name_of_its_own() -> None:
    """No two classes bear one name."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.glob("src/**/*.py"))
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))

    assert {name for name, times in names.items() if times > 1} <= KNOWN_OUTSIDE


def test_each_term_has_one_sentence() -> None:
    """One sentence explains a term."""
    assert ROWS
    assert [name for name, words in ROWS if not words.endswith(".") or ". " in words] == []
