import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests import results

import etl
from etl.settings import config_dir, load

PRINT = "import json; from etl.fingerprint import fingerprints, PACKAGE; from etl.settings import load; "
PRINT += "print(json.dumps([str(PACKAGE), fingerprints(load())]))"


def test_results_changed_no_version_left_behind() -> None:
    """What the stages make of the samples is what they made when their versions were last raised."""
    recorded = json.loads(results.RECORD.read_text(encoding="utf-8"))

    assert not results.complaint(recorded, results.record(load()))


def made(**stages: str) -> results.Record:
    """A record by stage, each of `fingerprint results`."""
    return {
        stage: dict(zip(("made_with", "results"), one.split(), strict=True)) for stage, one in stages.items()
    }


@pytest.mark.parametrize(
    ("recorded", "now", "said"),
    [
        (made(read="a 1", repair="b 2"), made(read="a 1", repair="b 2"), ""),
        (made(read="a 1", repair="b 2"), made(read="a 1", repair="b 3"), "results of stage repair changed"),
        (
            made(read="a 1", repair="b 2"),
            made(read="c 3", repair="d 4"),
            "the fingerprint of stage read changed",
        ),
        (
            made(read="a 1", repair="b 2"),
            made(read="a 1", repair="d 2"),
            "the fingerprint of stage repair changed",
        ),
        (made(read="a 1"), made(read="a 1", repair="d 2"), "the fingerprint of stage repair changed"),
    ],
    ids=["same", "forgotten", "raised", "data", "new"],
)
def test_says_what_to_do(recorded: results.Record, now: results.Record, said: str) -> None:
    """Other results under one fingerprint ask for a version; another fingerprint asks for a new record."""
    assert results.complaint(recorded, now).startswith(said)
    assert bool(said) == bool(results.complaint(recorded, now))


def test_digests() -> None:
    """Another place in a value's depth is another digest; the last digits of a float are not."""
    assert results.digest({"a": [(1, 0.911111)]}) == results.digest({"a": [(1, 0.911112)]})
    assert results.digest({"a": [(1, 0.91)]}) != results.digest({"a": [(2, 0.91)]})


def tidied(package: Path) -> None:
    """Every module of a copy gets a comment; one is renamed, one moved, one added."""
    for path in package.rglob("*.py"):
        path.write_text(f"{path.read_text(encoding='utf-8')}\n# A comment.\n", encoding="utf-8")
    (package / "repair/__init__.py").rename(package / "repair/engine.py")
    (package / "read/__init__.py").rename(package / "moved.py")
    (package / "normalize/more.py").write_text("MORE = 1\n", encoding="utf-8")


def test_tidying_changes_no_fingerprint(tmp_path: Path) -> None:
    """Comments, names and places of modules leave every fingerprint as it was."""
    package = tmp_path / "src/etl"
    shutil.copytree(Path(etl.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(config_dir(), tmp_path / "config")

    before = printed(package)
    tidied(package)
    assert printed(package) == before


def printed(package: Path) -> dict[str, str]:
    """The fingerprints that a copy of the package prints."""
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
    )
    place, told = json.loads(done.stdout)
    assert place == str(package)
    return dict(told)


def test_data_change_the_fingerprints_that_follow(tmp_path: Path) -> None:
    """Another model changes the stage that asks it and those behind it."""
    package = tmp_path / "src/etl"
    shutil.copytree(Path(etl.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(config_dir(), tmp_path / "config")
    before = printed(package)
    with ZipFile(package / "models/joins.npz", "a") as model:
        model.writestr("another", b"\0")
    after = printed(package)

    changed = [stage for stage in before if before[stage] != after[stage]]
    assert changed == ["repair", "normalize", "convert", "extract", "facts"]
