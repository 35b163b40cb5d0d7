"""What a person at a terminal sees of a long job."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli.conftest import address

from etl.cli.output.bar import bar, remaining, slow
from etl.isolation.pool import ReportInWork
from etl.settings import Settings
from etl.telemetry import logs

BIG = ReportInWork("file:///in/big.txt", 16_800_000, since=100.0, stage="repair")


def test_estimate() -> None:
    """The time left follows from the pace so far; without a pace or a total none is said."""
    assert remaining(25, 100, 10.0) == 30.0
    assert remaining(100, 100, 10.0) == 0.0
    unknown = [(0, 100, 9.0), (5, None, 9.0), (5, 9, 0.1), (9, 5, 9.0)]
    assert [remaining(*given) for given in unknown] == [None] * 4


def test_reports_that_take_long_are_named() -> None:
    """A report of more than a few seconds is shown with its stage, time and size; a quick one is not."""
    quick = ReportInWork("file:///in/a.txt", 10, since=170.0)

    assert slow([BIG, quick], 172.0) == ["  repair, 0:01:12, 16.8 MB: file:///in/big.txt"]
    assert slow([ReportInWork("file:///in/a.txt", 10)], 4.0) == [
        "  starting, 0:00:04, 0.0 MB: file:///in/a.txt"
    ]


def test_bar_fits_a_terminal() -> None:
    """Bar, counts, time and estimate stand on one line, slow reports below, each cut to its line."""
    long = ReportInWork("file:///" + "x" * 200, 1, since=0.0, stage="read")
    console = Console(file=StringIO(), width=80)
    shown = bar("loading", 100, console, lambda: [long, long])
    shown.update(shown.task_ids[0], words="100000 read, 0 unchanged, 0 quarantined", completed=50)
    with console.capture() as captured:
        console.print(shown.get_renderable())
    lines = captured.get().splitlines()

    assert ["  read, " in line or "100000 read" in line for line in lines] == [True] * 3
    assert max(map(len, lines)) <= 80


def test_log_goes_where_standard_error_is_now(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """A line of log goes through who stands in for standard error, as a bar that moves down for it."""
    handler = logs.StderrHandler(settings.log)
    now = StringIO()
    monkeypatch.setattr(sys, "stderr", now)
    handler.handle(logging.LogRecord("etl", logging.WARNING, "", 0, "late", None, None))

    assert now.getvalue() == "WARNING late\n"


@pytest.mark.mongo
def test_terminal(settings: Settings, tmp_path: Path) -> None:
    """On a terminal the report that takes long is named with its stage, and Ctrl-C is answered at once."""
    (tmp_path / "big.txt").write_text("永安公司向县医院捐款5万元。\n" * 100_000, encoding="utf-8")
    own = {
        **os.environ,
        "ETL_MONGO_URI": address(settings),
        "ETL_RUN__PATIENCE_SECONDS": "1",
        "TERM": "xterm",
    }
    command = [sys.executable, "-c", "from etl.cli import main; main()", "run", str(tmp_path)]
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL, env=own) as process:
        os.close(theirs)
        seen = ""
        for words in _read(ours):
            seen += words
            if "MB: file://" in words and "asked to end" not in seen:
                process.send_signal(signal.SIGINT)
    os.close(ours)

    assert process.returncode == 1
    assert "asked to end" in seen


def _read(terminal: int) -> Iterator[str]:
    """What is written to a terminal, until nobody has it any more."""
    while True:
        try:
            yield os.read(terminal, 65_536).decode(errors="replace")
        except OSError:
            return
