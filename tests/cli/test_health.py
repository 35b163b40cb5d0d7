import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from tests.cli.conftest import Etl, Result

NOWHERE = "mongodb://127.0.0.1:9/etl"


def found(done: Result) -> dict[str, dict[str, str]]:
    """Findings of `etl doctor --json` by the name of their check."""
    return {line["check"]: line for line in done.lines}


def test_doctor_for_machines(bare: Etl) -> None:
    """An installation as it should be: each check is a line of JSON, status 0."""
    done = bare("doctor", "--json")

    assert (done.status, done.err) == (0, "")
    assert {line["state"] for line in done.lines} <= {"ok", "unknown"}
    assert {"settings", "packages", "models", "config", "disk", "server"} <= found(done).keys()


def test_doctor_builds_no_engines(tmp_path: Path) -> None:
    """What is looked at is looked at from outside: no engine is built and Prefect is not loaded for it."""
    code = (
        "import sys\n"
        "from etl.cli.app import status_of\n"
        "from etl import engines\n"
        "status_of(['doctor', '--json'])\n"
        "print(engines._built.cache_info().currsize, 'prefect' in sys.modules)\n"
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    own["ETL_DATA_DIR"] = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "0 False"


def test_doctor_for_a_person(bare: Etl) -> None:
    """A problem is shown with the command that mends it, and makes status 1."""
    done = bare("doctor", "--mongo", NOWHERE, PREFECT_API_URL="http://127.0.0.1:9/api")

    assert done.status == 1
    assert "problem  server        no MongoDB answers at 127.0.0.1:9" in done.out
    assert re.search(r"server .*\n +mend with +\S", done.out)
    assert "problem  schedule      no Prefect server answers at http://127.0.0.1:9/api" in done.out


def test_wrong_settings(bare: Etl) -> None:
    """A setting that does not exist is a finding; what needs no settings is looked at all the same."""
    done = bare("doctor", "--json", ETL_RUN__TYPO="1")

    assert done.status == 1
    assert found(done)["settings"]["mend"] == "unset ETL_RUN__TYPO"
    assert found(done)["packages"]["state"] == "ok"


def test_package_that_drifted(bare: Etl, tmp_path: Path) -> None:
    """A package of another version than the lock file's is named, with the command that installs it."""
    (tmp_path / "site" / "typer-0.0.1.dist-info").mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: typer\nVersion: 0.0.1\n"
    (tmp_path / "site" / "typer-0.0.1.dist-info" / "METADATA").write_text(metadata, encoding="utf-8")
    done = bare("doctor", "--json", PYTHONPATH=first(tmp_path / "site"))
    one = found(done)["packages"]

    assert (done.status, one["state"]) == (1, "problem")
    assert "typer is 0.0.1, not " in one["found"]
    assert one["mend"].endswith("requirements.lock")


def test_model_that_is_missing(bare: Etl, tmp_path: Path) -> None:
    """A model file that is gone is named, with the command that brings it back."""
    for file in distribution("jieba").files or ():
        if file.name != "dict.txt" and file.suffix != ".pyc":
            target = tmp_path / "site" / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), target)
    done = bare("doctor", "--json", PYTHONPATH=first(tmp_path / "site"))
    one = found(done)["models"]

    assert (done.status, one["state"]) == (1, "problem")
    assert "jieba/dict.txt of package jieba is missing" in one["found"]
    assert "--force-reinstall jieba==" in one["mend"]


def first(folder: Path) -> str:
    """Where Python looks for packages, with this folder first."""
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
