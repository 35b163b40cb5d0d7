import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Etl

from etl.cli import INTERRUPTED, STOPPED
from etl.cli.app import COMMANDS, GROUPS
from etl.settings import load

EVERY = [[name] for name in COMMANDS] + [
    [group, name] for group, (_, functions) in GROUPS.items() for name in functions
]
NOWHERE = "mongodb://127.0.0.1:9/etl"
QUICK = {"ETL_STORE__TIMEOUT_SECONDS": "1"}


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_help_shows_an_example(dry: Etl, command: list[str]) -> None:
    """The help of every command shows an example of that very command."""
    shown = dry(*command, "--help")

    assert shown.status == 0
    assert "Example:" in shown.out
    assert f"etl {' '.join(command)}" in shown.out.partition("Example:")[2]
    assert shown.err == ""


HEAVY = ("numpy", "onnxruntime", "pymongo", "prefect", "jieba", "lxml", "opencc", "trafilatura", "docx")


def test_help_is_fast() -> None:
    """`etl --help` waits for no model and no driver: it imports none of them."""
    code = (
        "import sys\n"
        "from etl.cli.app import status_of\n"
        "status_of(['--help'])\n"
        f"print('imported:', [name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "Usage:" in done.stdout
    assert done.stdout.splitlines()[-1] == "imported: []"


def test_interrupted_at_once() -> None:
    """Ctrl-C while the command line is still being imported ends it with a sentence, and no traceback."""
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'etl.cli.review':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from etl.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "status"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (INTERRUPTED, f"etl: {STOPPED}\n")


@pytest.mark.mongo
@pytest.mark.parametrize(
    "command",
    [["show"], ["delete"], ["search", "x", "--person"], ["quarantine", "drop"], ["run", "--prefect"]],
    ids=" ".join,
)
def test_words_in_another_encoding(
    etl: Etl, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are no UTF-8, as another terminal sends them, end in a sentence about them."""
    words = os.fsdecode("报告".encode("gbk"))
    (tmp_path / words).mkdir()
    monkeypatch.chdir(tmp_path)
    shown = etl(*command, words)

    assert (shown.status, shown.err.splitlines()[-1]) == (
        2,
        r"etl: '\udcb1\udca8\udcb8\udce6' is not UTF-8; type it in UTF-8, or name the folder above it",
    )
    assert "starting a Prefect server" not in shown.err


@pytest.mark.parametrize(
    ("arguments", "variables", "status", "said"),
    [
        (["bogus"], {}, 2, "No such command 'bogus'"),
        (["run", "--bogus"], {}, 2, "No such option: --bogus"),
        (
            ["run", "--runner", "cluster", "x"],
            {},
            2,
            "not one of 'threads', 'processes', 'dask'",
        ),
        (["process"], {}, 2, "Missing argument 'PATH'"),
        (["clean", "x"], {}, 2, "Missing option '--out'"),
        (["process", "x", "--published-on", "15.2.2020"], {}, 2, "expected a day like 2020-02-15"),
        (["run"], {}, 2, "no source was named"),
        (["search"], {}, 2, "nothing to look for"),
        (["quarantine", "drop"], {}, 2, "nothing to drop was named"),
        (["quarantine", "drop", "--all", "x"], {}, 2, "choose one"),
        (["reprocess", "--all", "--stale"], {}, 2, "choose one"),
        (["serve"], {}, 2, "run.sources (ETL_RUN__SOURCES) is empty"),
        (["status"], {"ETL_RUN__RUNNER": "cluster"}, 2, "'threads', 'processes' or 'dask'"),
        (["status"], {"ETL_RUN__SOURCES": "/reports"}, 2, "is no list in JSON"),
        (["status"], {"ETL_MONGO_URL": "x"}, 2, "did you mean ETL_MONGO_URI?"),
        (["status", "--mongo", "postgres://x"], {}, 2, "no MongoDB address"),
        (
            ["status", "--mongo", NOWHERE],
            QUICK,
            3,
            "no MongoDB answers at 127.0.0.1:9",
        ),
        (["process", "nosuch"], {}, 3, "source nosuch does not exist"),
        (["clean", "nosuch", "--out", "out"], {}, 3, "source nosuch does not exist"),
        (["db", "start"], {"ETL_MONGO_URI": NOWHERE}, 2, "unset it first"),
        (["db", "import", "nosuch"], {}, 2, "is no export"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line(
    dry: Etl, arguments: list[str], variables: dict[str, str], status: int, said: str
) -> None:
    """What is wrong is one line that says what was found and what to do, with the right status."""
    done = dry(*arguments, **variables)

    assert (done.status, done.out) == (status, "")
    assert done.error.startswith("etl: ")
    assert said in done.error


def test_missing_database_ends_in_time(dry: Etl) -> None:
    """With the settings as they are released, a run waits only seconds for a missing database."""
    done = dry("run", ".", "--mongo", NOWHERE, **QUICK)

    assert done.status == 3
    assert "within 1 s" in done.error
    assert load().store.timeout_seconds < 10
