"""The command line as a user calls it: in a process of its own, or in this one where models are warm."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from etl.cli.app import status_of
from etl.settings import Settings

BAD = b"\xff\xfe\x00\xd8\x00\xd8\x00\x00\x81\x00"


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; fails where anything else stands there."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The one line of an error."""
        (line,) = self.err.splitlines()
        return line


Etl = Callable[..., Result]


@pytest.fixture
def bare(tmp_path: Path) -> Etl:
    """``etl`` in a process of its own, without a database."""

    def call(*arguments: str | Path, **variables: str) -> Result:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
        environment = own | {"ETL_DATA_DIR": str(tmp_path / "data"), "OMP_NUM_THREADS": "1"} | variables
        done = subprocess.run(
            [sys.executable, "-c", "from etl.cli import main; main()", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def etl(dry: Etl, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Etl:
    """``etl`` in this process, with an empty database of the test's own."""
    monkeypatch.setenv("ETL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ETL_MONGO_URI", address(settings))
    return dry


@pytest.fixture
def dry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Etl:
    """``etl`` in this process, without a database; what a call says to its children is forgotten after it."""
    for name in [name for name in os.environ if name.startswith(("ETL_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ETL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, **variables: str) -> Result:
        root = logging.getLogger()
        with monkeypatch.context() as patch:
            for name, value in {"ETL_CONFIG_DIR": "", **variables}.items():
                patch.setenv(name, value)
            patch.setattr(root, "handlers", [*root.handlers])  # the call logs to a stream that closes
            patch.setattr(root, "level", root.level)
            status = status_of(list(map(str, arguments)))
        written = capsys.readouterr()
        return Result(status, written.out, written.err)

    return call


def address(settings: Settings) -> str:
    """Where the test's own database is."""
    assert settings.mongo_uri
    return settings.mongo_uri.get_secret_value()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Two readable reports, one with half-width commas, and a file that is no report."""
    folder = tmp_path / "收件"
    (folder / "2020").mkdir(parents=True)
    (folder / "2020" / "捐款-2020-02-03.txt").write_text(
        "爱心企业助力防疫\n\n2020年2月3日,永安公司向县医院捐款5万元,支持防疫工作。\n", encoding="utf-8"
    )
    (folder / "图书馆.md").write_text("# 图书馆开馆\n\n馆长沈佩兰介绍，藏书21万册。\n", encoding="gb18030")
    (folder / "notes.xyz").write_text("x", encoding="utf-8")
    return folder
