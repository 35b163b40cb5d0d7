import os
import sys
import time
from pathlib import Path

import pytest

from etl.doctor import machine
from etl.doctor.finding import Finding
from etl.settings import Settings, load


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own."""
    return load(data_dir=tmp_path / "data")


def found(settings: Settings) -> dict[str, Finding]:
    """Findings by the name of their check."""
    return {finding.check: finding for finding in machine.examine(settings)}


def reading(settings: Settings, *sources: Path) -> Settings:
    """The settings with these sources."""
    return settings.model_copy(
        update={"run": settings.run.model_copy(update={"sources": tuple(map(str, sources))})}
    )


def test_all_is_well(plain: Settings, tmp_path: Path) -> None:
    """With space, a folder that can be made and sources that are there nothing is wrong."""
    (tmp_path / "a.txt").write_text("报道", encoding="utf-8")

    assert {one.state for one in found(reading(plain, tmp_path)).values()} == {"ok"}
    assert not plain.data_dir.exists()


def test_no_space(plain: Settings) -> None:
    """Less free space than the settings ask for is a problem."""
    wanted = plain.watch.model_copy(update={"free_bytes": 10**18})
    one = found(plain.model_copy(update={"watch": wanted}))["disk"]

    assert one.state == "problem"
    assert one.mend == f"du -xhd1 {plain.data_dir.parent} | sort -h"


def test_file_in_the_way(plain: Settings) -> None:
    """A file where the data folder should be is a problem; the command names another folder and leaves it."""
    plain.data_dir.write_text("x", encoding="utf-8")
    one = found(plain)["folder"]
    assert one.state == "problem"
    assert one.mend == f"export ETL_DATA_DIR={machine.ELSEWHERE}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written(plain: Settings) -> None:
    """A data folder that belongs to somebody else is a problem."""
    plain.data_dir.mkdir(mode=0o500)

    assert found(plain)["folder"].mend == f"export ETL_DATA_DIR={machine.ELSEWHERE}"


def test_source_that_is_missing(plain: Settings, tmp_path: Path) -> None:
    """A source of the settings that is not there is a problem."""
    one = found(reading(plain, tmp_path / "nowhere"))["sources"]

    assert one.state == "problem"
    assert "does not exist" in one.found


def test_file_of_the_future(plain: Settings, tmp_path: Path) -> None:
    """A file that is newer than now tells of a wrong clock; the command gives it today's time."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, ahead in (("new.txt", 7200), ("old.txt", -7200)):
        (folder / name).write_text("报道", encoding="utf-8")
        os.utime(folder / name, (time.time() + ahead,) * 2)
    one = found(reading(plain, folder))["sources"]
    assert one.state == "problem"
    assert "new.txt" in one.found
    assert os.system(one.mend) == 0  # noqa: S605 - as an operator would
    assert found(reading(plain, folder))["sources"].state == "ok"


def test_password_in_a_source(plain: Settings) -> None:
    """A source whose address holds a password is a problem that does not repeat it."""
    named = plain.run.model_copy(update={"sources": ("https://user:secret@example.com/a/",)})
    one = found(plain.model_copy(update={"run": named}))["sources"]

    assert (one.state, "holds a password" in one.found, "secret" in one.found) == ("problem", True, False)


def test_runner_that_is_not_installed(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner of the settings that is not installed is a problem."""
    chosen = plain.model_copy(update={"run": plain.run.model_copy(update={"runner": "dask"})})
    monkeypatch.setattr("sys.path", [])
    monkeypatch.setattr("sys.meta_path", [])
    monkeypatch.delitem(__import__("sys").modules, "distributed", raising=False)

    assert found(chosen)["runner"].mend == "pip install 'report-etl[dask]'"


def test_an_engine_that_is_not_installed(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that installs the engine of the settings is told; the other engine is always there."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    asked = plain.extract.model_copy(update={"engine": "openvino"})
    one = found(plain.model_copy(update={"extract": asked}))["engine"]

    assert (one.state, one.mend) == ("problem", "pip install 'report-etl[openvino]'")
    assert found(plain)["engine"].state == "ok"
