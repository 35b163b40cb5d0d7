"""Fixtures that every room shares."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data beside the project; tests that need it skip where it is missing."""
    path = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (path / "bench").is_dir():
        pytest.skip(f"the shared data is not at {path}; set ETL_SHARED to its folder")
    return path
