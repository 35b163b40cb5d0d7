"""Engines built once for the tests of extraction, and cases from the tables."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl.engines import Engines, shared
from etl.extraction.extractor import extract
from etl.model.mentions import Extraction
from etl.settings import load

Extract = Callable[..., Extraction]
CASES = Path(__file__).resolve().parents[1] / "cases" / "extraction"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for ``case`` every row of the table that its module names in ``TABLE``."""
    if "case" not in metafunc.fixturenames:
        return
    rows = tomllib.loads((CASES / metafunc.module.TABLE).read_text(encoding="utf-8"))["case"]
    mended = pytest.mark.xfail(strict=True, reason="a known failure")
    marked = [pytest.param(r, marks=[mended] if r["label"] == "known_failure" else []) for r in rows]
    metafunc.parametrize("case", marked, ids=[row["text"][:24] for row in rows])


@pytest.fixture(scope="session")
def engines() -> Engines:
    """The engines of the default settings."""
    return shared(load())


@pytest.fixture(scope="session")
def found(engines: Engines) -> Extract:
    """Extraction from a bare text, with or without a day of publication."""

    def run(text: str, published_on: date | None = None) -> Extraction:
        return extract(text, None, published_on, engines)

    return run
