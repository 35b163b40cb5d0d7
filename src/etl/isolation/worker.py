"""The body of a worker's process: takes tasks from its connection, one after the other, and answers.

What it logs and which stage it is in goes the same way; nothing is ever written to a terminal. It ends with
its parent. Started by `etl.isolation.pool.Worker` as ``python -m etl.isolation.worker CONNECTION``.
"""

import faulthandler
import gc
import logging
import signal
import sys
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from etl.child_process.own_limits import exit_with_parent, limit_memory, limit_time
from etl.isolation.pool import LogForwarded, StageEntered, Task, TaskDone, TaskFailed, TaskStarted
from etl.isolation.processing import load_models, tools_for
from etl.model.errors import EtlError, SetupError, brief
from etl.settings import Settings
from etl.telemetry.logs import LOGGERS
from etl.telemetry.timings import measured
from etl.text.expressions import kept


class ParentConnection:
    """The connection to the parent, for many threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    def send(self, said: object) -> None:
        """Send one answer."""
        with self._lock:
            self._connection.send(said)

    def receive(self) -> Task[Any]:
        """Return the next task.

        Raises:
            EOFError: the parent has ended.
        """
        task: Task[Any] = self._connection.recv()
        return task


class LogForwarder(logging.Handler):
    """Hands what is logged on to the parent, whose handlers know where it belongs."""

    def __init__(self, parent: ParentConnection) -> None:
        super().__init__()
        self._parent = parent

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record, made of nothing but text."""
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self._parent.send(LogForwarded(record))


def serve(parent: ParentConnection) -> None:
    """Do tasks until the parent has no more."""
    seen: Settings | None = None
    while True:
        try:
            task = parent.receive()
        except (EOFError, OSError):
            return
        logging.getLogger(LOGGERS).setLevel(task.settings.log.level)
        if seen != task.settings and (why := _why_unready(task)):
            parent.send(TaskFailed(why))
            continue
        if task.whole:
            seen = task.settings
        parent.send(TaskStarted())
        limit_memory(task.settings.run.report_bytes)
        limit_time(task.seconds)
        parent.send(_answer(task, parent))
        limit_time(0)


def _why_unready(task: Task[Any]) -> EtlError | None:
    """Build what the task needs; return why that cannot be, which is no fault of a report."""
    try:
        tools = tools_for(task.settings)
        if task.whole:
            load_models(tools)
            kept().write()  # the process ends without a word
            # Models and dictionaries stay: the collector need not go over them with every report.
            gc.collect()
            gc.freeze()
    except EtlError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a damaged installation does
        return SetupError(
            f"no report can be processed here ({type(error).__name__}: {brief(error)}); see `etl doctor`"
        )
    finally:
        gc.enable()
    return None


def _answer(task: Task[Any], parent: ParentConnection) -> TaskDone | TaskFailed:
    with measured(lambda stage: parent.send(StageEntered(stage))) as seconds:
        try:
            return TaskDone(task.call(tools_for(task.settings)), seconds)
        except Exception as error:  # noqa: BLE001 - it belongs to who asked
            return TaskFailed(error)


def main() -> None:
    """Serve the connection whose number is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # until the first task: what is loaded for it is no garbage
    faulthandler.enable()
    exit_with_parent()
    parent = ParentConnection(Connection(int(sys.argv[1])))
    loggers = logging.getLogger(LOGGERS)
    loggers.addHandler(LogForwarder(parent))
    loggers.propagate = False
    serve(parent)


if __name__ == "__main__":
    main()
