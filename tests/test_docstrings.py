"""What docstrings show is what the code does."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
EXAMPLE = ">>> "
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in (SOURCE / "etl").rglob("*.py")
    if EXAMPLE in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    """Every example of a docstring gives the result that it shows."""
    tried = doctest.testmod(import_module(name))

    assert tried.attempted
    assert not tried.failed
