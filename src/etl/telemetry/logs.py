"""Write what the product logs to standard error: plain text, or one JSON object a line with run and report.

`configure` is for the command line, `adopt` for processes that were started to do a part of the work. A new
field of a JSON line is one entry in `JsonFormatter.format`.
"""

import json
import logging
import multiprocessing
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from etl.logins import masked
from etl.telemetry.log_context import CONTEXT

if TYPE_CHECKING:
    from etl.settings import LogSettings

LOGGERS = "etl"


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, logger and message, with run, report and traceback where there is one."""
        subject = CONTEXT.get()
        line: dict[str, str | None] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "run": subject.run,
            "report": subject.report,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        known = {name: masked(value) for name, value in line.items() if value is not None}
        return json.dumps(known, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """Level and message, with a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without logins of addresses."""
        return masked(super().format(record))


class StderrHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic for mypy only
    """The one handler of this product."""

    def __init__(self, settings: "LogSettings") -> None:
        logging.Handler.__init__(self)
        text = TextFormatter("%(levelname)s %(message)s")
        self.setFormatter(JsonFormatter() if settings.json_lines else text)
        self.addFilter(lambda record: not _prefects(record.name))

    @property
    def stream(self) -> TextIO:
        """Standard error as it is now: a bar that is drawn there moves down for a line of log."""
        return sys.stderr


def configure(settings: "LogSettings") -> None:
    """Log as the settings say; our own loggers as they say, those of libraries from warnings on."""
    logging.basicConfig(level=logging.WARNING, handlers=[StderrHandler(settings)], force=True)
    logging.getLogger(LOGGERS).setLevel(settings.level)


def adopt(settings: "LogSettings") -> None:
    """Log as the settings say in a process that has not been told: a worker's, or one that Prefect set up.

    Prefect takes the console for itself when it starts; our loggers get their handler back and write
    nothing twice.
    """
    loggers = logging.getLogger(LOGGERS)
    if _ours() is not None:
        return
    prefects = [handler for handler in logging.getLogger().handlers if _prefects(type(handler).__module__)]
    if prefects:
        for handler in prefects:
            handler.addFilter(_is_foreign)
        loggers.addHandler(StderrHandler(settings))
        loggers.setLevel(settings.level)
    elif multiprocessing.parent_process() is not None:
        configure(settings)


def format_for_terminal(words: str, level: int = logging.INFO) -> str:
    """Return words for the person at the terminal, as a JSON line where lines of log are JSON."""
    ours = _ours()
    if ours is None or not isinstance(ours.formatter, JsonFormatter):
        return words
    return ours.format(logging.LogRecord(f"{LOGGERS}.cli", level, "", 0, words, None, None))


def _ours() -> StderrHandler | None:
    there = [*logging.getLogger().handlers, *logging.getLogger(LOGGERS).handlers]
    return next((handler for handler in there if isinstance(handler, StderrHandler)), None)


def _prefects(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == "prefect"


def _is_foreign(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] != LOGGERS
