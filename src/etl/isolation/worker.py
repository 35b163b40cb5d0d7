"""The body of a worker's process: takes tasks from its connection, one after the other, and answers.

What it logs and which stage it is in goes the same way; nothing is ever written to a terminal. It ends with
its parent. Started by `etl.isolation.pool.Worker` as ``python -m etl.isolation.worker CONNECTION``.
"""

import faulthandler
import gc
import logging
import os
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any

from etl.errors import EtlError, SetupError, brief
from etl.isolation.pool import Begun, Done, Entered, Failed, Logged, Task
from etl.isolation.processing import kit_of, warm
from etl.settings import Settings
from etl.telemetry.logs import ROOMS
from etl.telemetry.timings import measured

FOLLOW_SECONDS = 1.0
# Beyond its limit, after which a worker whose parent died in the middle of a report ends by itself.
GRACE_SECONDS = 60.0


class Line:
    """The connection to the parent, for many threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    def send(self, said: object) -> None:
        """Say something."""
        with self._lock:
            self._connection.send(said)

    def receive(self) -> Task[Any]:
        """The next task.

        Raises:
            EOFError: the parent has ended.
        """
        task: Task[Any] = self._connection.recv()
        return task


class Forward(logging.Handler):
    """Hands what is logged on to the parent, whose handlers know where it belongs."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record, made of nothing but text."""
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self._line.send(Logged(record))


def serve(line: Line) -> None:
    """Do tasks until the parent has no more."""
    seen: Settings | None = None
    while True:
        try:
            task = line.receive()
        except (EOFError, OSError):
            return
        logging.getLogger(ROOMS).setLevel(task.settings.log.level)
        if seen != task.settings and (why := _unready(task)):
            line.send(Failed(why))
            continue
        if task.whole:
            seen = task.settings
        line.send(Begun())
        _bound(task.settings.run.report_bytes)
        if task.seconds:
            # Needs no lock of the interpreter: it also ends a worker that is lost in a library's loop.
            faulthandler.dump_traceback_later(task.seconds + GRACE_SECONDS, exit=True)
        line.send(_answer(task, line))
        faulthandler.cancel_dump_traceback_later()


def _bound(size: int) -> None:
    """Let the process take no more memory than so many bytes; 0 is no limit."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = size if size and most == resource.RLIM_INFINITY else min(size, most) if size else most
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _unready(task: Task[Any]) -> EtlError | None:
    """Build what the task needs; why that cannot be, which is no fault of a report."""
    try:
        kit = kit_of(task.settings)
        if task.whole:
            warm(kit)
            # Models and dictionaries stay: the collector need not go over them with every report.
            gc.collect()
            gc.freeze()
    except EtlError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a damaged installation does
        return SetupError(
            f"no report can be processed here ({type(error).__name__}: {brief(error)}); see `etl doctor`"
        )
    return None


def _answer(task: Task[Any], line: Line) -> Done | Failed:
    with measured(lambda stage: line.send(Entered(stage))) as seconds:
        try:
            return Done(task.call(kit_of(task.settings)), seconds)
        except Exception as error:  # noqa: BLE001 - it belongs to who asked
            return Failed(error)


def _follow(parent: int) -> None:
    """End with the parent, also in the middle of a report."""
    while os.getppid() == parent:
        time.sleep(FOLLOW_SECONDS)
    os._exit(1)


def main() -> None:
    """Serve the connection whose number is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    Thread(target=_follow, args=(os.getppid(),), name="etl-follow", daemon=True).start()
    line = Line(Connection(int(sys.argv[1])))
    rooms = logging.getLogger(ROOMS)
    rooms.addHandler(Forward(line))
    rooms.propagate = False
    serve(line)


if __name__ == "__main__":
    main()
