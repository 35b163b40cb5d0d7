"""Fixtures of the sources: the default limits, and a folder with one of everything."""

import os
from pathlib import Path

import pytest
from tests.sources.packed import GOOD, MAKERS

from etl.settings import SourceSettings, load


@pytest.fixture(scope="session")
def limits() -> SourceSettings:
    """The limits of config/etl.toml."""
    return load().source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports, a subfolder, a sidecar, and what is no report."""
    root = tmp_path / "in"
    (root / "a").mkdir(parents=True)
    (root / "a" / "x.txt").write_text("子", encoding="utf-8")
    (root / "a-b.md").write_text("横", encoding="utf-8")
    (root / "a.txt").write_text("甲", encoding="utf-8")
    (root / "a.txt.meta.json").write_text('{"published_on": "2020-02-03"}', encoding="utf-8")
    (root / "通报 100% ::一.TXT").write_text("乙", encoding="utf-8")
    (root / "z.bin").write_bytes(b"z")
    (root / "in.zip").write_bytes(b"PK")
    (root / "in.7z").write_bytes(b"7z")
    (root / "._a.txt").write_bytes(b"\0")
    Path(os.fsdecode(bytes(root) + b"/\xb1\xa8.txt")).write_bytes(b"gbk")
    return root


@pytest.fixture(params=MAKERS)
def packed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive of each kind with the same members."""
    return MAKERS[request.param](tmp_path / request.param, GOOD)
