import json
import logging
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import BAD, Etl, Result, address

from etl.settings import LogSettings, Settings
from etl.telemetry import logs
from etl.telemetry.log_context import log_context

JSON = {"ETL_LOG__JSON": "true", "ETL_LOG__LEVEL": "INFO"}


def records(done: Result) -> list[dict[str, Any]]:
    """What was logged, all of which must be JSON."""
    return [json.loads(line) for line in done.err.splitlines()]


@pytest.mark.mongo
@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_every_line_is_an_object(bare: Etl, settings: Settings, inbox: Path, runner: str) -> None:
    """With JSON every line of standard error is an object with its run, and its report where it has one."""
    (inbox / "bad.txt").write_bytes(BAD)
    done = bare("run", inbox, "--json", "--runner", runner, "--mongo", address(settings), **JSON)
    aside = bare("quarantine", "list", "--json", "--mongo", address(settings))
    lines = [line for line in records(done) if line["logger"] != "etl.cli"]

    assert {line["run"] for line in lines} == {done.lines[0]["run"]}
    assert lines[0]["message"].startswith("ingest begins: ")
    assert lines[-1]["message"].startswith("done after ")
    assert "2 inserted, 1 quarantined" in lines[-1]["message"]
    (refused,) = (line for line in lines if ": quarantined, " in line["message"])
    assert (refused["report"], refused["level"]) == (aside.lines[0]["id"], "INFO")
    assert {"time", "level", "logger", "message"} <= refused.keys()


def test_errors_are_objects_too(bare: Etl) -> None:
    """With JSON the one line of an error is an object."""
    (line,) = records(bare("run", **JSON))

    assert (line["level"], line["logger"]) == ("ERROR", "etl.cli")
    assert line["message"].startswith("etl: no source was named")


@pytest.mark.mongo
def test_plain_words(bare: Etl, settings: Settings, inbox: Path) -> None:
    """Without JSON a line is its level and its words, and the released settings log warnings only."""
    (inbox / "bad.txt").write_bytes(BAD)
    told = bare("run", inbox, "--json", "--mongo", address(settings), ETL_LOG__LEVEL="INFO")
    quiet = bare("run", inbox, "--json", "--mongo", address(settings))

    assert "INFO ingest begins: " in told.err
    assert "INFO" not in quiet.err


def test_fault_with_its_traceback() -> None:
    """The traceback of a fault is a field of its line, and so are run and report of the block it is in."""
    line = ""
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        fault = (type(error), error, error.__traceback__)
        with log_context(run="20200203T040506-abcdef"), log_context(report="a1"):
            record = logging.LogRecord("etl.ingest", logging.WARNING, "", 0, "报道 %s", ("一",), fault)
            line = logs.JsonFormatter().format(record)
    found = json.loads(line)

    assert (found["run"], found["report"], found["message"]) == ("20200203T040506-abcdef", "a1", "报道 一")
    assert "ZeroDivisionError" in found["error"]
    assert "\n" not in line


def test_process_of_prefect(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Prefect has taken the console our loggers write once, in our form; all else stays Prefect's."""
    from prefect.logging.handlers import PrefectConsoleHandler  # noqa: PLC0415 - slow, for this test alone

    root, loggers = logging.getLogger(), logging.getLogger("etl")
    monkeypatch.setattr(loggers, "handlers", [])
    monkeypatch.setattr(root, "handlers", [PrefectConsoleHandler()])
    monkeypatch.setattr(loggers, "level", logging.NOTSET)
    settings = LogSettings(level="INFO", json=True)
    logs.adopt(settings)
    logs.adopt(settings)
    logging.getLogger("etl.ingest").info("ours")
    logging.getLogger("other").warning("theirs")
    written = capsys.readouterr().err.splitlines()

    assert [json.loads(line)["message"] for line in written if "ours" in line] == ["ours"]
    assert len([line for line in written if "theirs" in line]) == 1
