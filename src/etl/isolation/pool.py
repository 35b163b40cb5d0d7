"""Process reports one at a time in processes of their own, each of which can be ended alone.

`Pool.run` has a worker do a task, gives it so many seconds, and says what became of it. What a worker says is
one more class beside `TaskStarted`.
"""

import atexit
import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from etl.child_process.handle import START_SECONDS, ChildProcess
from etl.isolation.processing import ProcessingTools
from etl.model.stages import Stage
from etl.settings import Settings
from etl.telemetry import timings

T = TypeVar("T")
# Said of a worker that died without a word.
NO_WORDS = "it left no word"


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """What a worker is asked to do.

    Attributes:
        call: does it, in the worker.
        settings: by which the tools are built that ``call`` gets.
        seconds: that it may take; 0 is no limit.
        whole: whether it may need every engine, which are loaded before the time counts.
    """

    call: Callable[[ProcessingTools], T]
    settings: Settings
    seconds: float
    whole: bool = True


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A worker says that it is ready and has begun; its time counts from here."""


@dataclass(frozen=True, slots=True)
class StageEntered:
    """A worker says which stage its report is in from now on."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class LogForwarded:
    """A worker hands on what was logged."""

    record: logging.LogRecord


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A worker says what came of it, and what seconds it took by stage."""

    result: Any
    seconds: Mapping[Stage, float]


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A worker says that the task raised."""

    error: Exception


@dataclass(frozen=True, slots=True)
class ReportInWork:
    """A report that is being worked on.

    Attributes:
        uri: where it is.
        size: of its bytes.
        since: when it began, by `time.monotonic`.
        stage: that it is in; None before the first one.
    """

    uri: str
    size: int
    since: float = 0.0
    stage: Stage | None = None


class TooLongError(Exception):
    """A report was not done in its time; its worker was ended."""

    def __init__(self, stage: Stage | None) -> None:
        super().__init__("took too long")
        self.stage = stage


class DiedError(Exception):
    """A worker ended in the middle of a report."""

    def __init__(self, stage: Stage | None, how: str) -> None:
        super().__init__(how)
        self.stage = stage


class StoppedError(Exception):
    """The run was asked to end, so the report is left for the next one."""


class Worker:
    """One process that does tasks, and the last words that it prints."""

    def __init__(self) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = ChildProcess("etl.isolation.worker", self._words)
        self.ended = False

    def run(self, task: Task[T], tell: Callable[[Stage], None]) -> T:
        """Return the result of a task; ``tell`` receives each stage that it enters.

        Raises:
            TimeoutError: it was not done in its seconds.
            EOFError, OSError: the process ended.
        """
        self._process.send(task)
        end: float | None = time.monotonic() + START_SECONDS
        while True:
            said = self._process.receive(end)
            if isinstance(said, TaskStarted):
                end = time.monotonic() + task.seconds if task.seconds else None
            elif isinstance(said, StageEntered):
                tell(said.stage)
            elif isinstance(said, LogForwarded):
                logging.getLogger(said.record.name).handle(said.record)
            elif isinstance(said, TaskFailed):
                raise said.error
            else:
                done = cast("TaskDone", said)
                timings.add(done.seconds)
                return cast("T", done.result)

    def alive(self) -> bool:
        """Check whether it can do another task."""
        return not self.ended and self._process.alive()

    def end(self) -> None:
        """End the process, whatever it does; harmless where it has ended."""
        self.ended = True
        self._process.kill()

    def close(self) -> str:
        """End the process and release it; return how it ended, in words."""
        code = self._process.close()
        self._words.seek(0)
        lines = self._words.read().decode("utf-8", "replace").split("\n")
        self._words.close()
        last = next((line.strip() for line in reversed(lines) if line.strip()), NO_WORDS)
        return f"signal {-code}, {last}" if code < 0 else f"status {code}, {last}"


class Pool:
    """Workers of this process: started when they are needed, kept for the next report."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, ReportInWork] = {}
        self._stopping = False

    def reopen(self) -> None:
        """Take reports again, at the beginning of a run."""
        self._stopping = False

    def stop_taking(self) -> None:
        """Begin no further report; those in work go on."""
        self._stopping = True

    def kill_all(self) -> None:
        """Kill the workers of all reports in work, and begin no further one."""
        with self._lock:
            self._stopping = True
            for worker in self._busy:
                worker.end()

    def close(self) -> None:
        """End all workers."""
        self.kill_all()
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def under_way(self) -> tuple[ReportInWork, ...]:
        """Return the reports in work, the oldest first."""
        with self._lock:
            return tuple(sorted(self._busy.values(), key=lambda subject: subject.since))

    def run(self, task: Task[T], subject: ReportInWork) -> T:
        """Return the result of a task, done by a worker that is free, or by a new one.

        Raises:
            TooLongError, DiedError: instead of a result; the worker is gone.
            StoppedError: the run was asked to end before the report was done.
            SetupError: no worker can work here, whatever it is asked, as where a word list is missing.
        """
        worker = self._take(subject)
        try:
            result = worker.run(task, lambda stage: self._enter(worker, stage))
        except (TimeoutError, EOFError, OSError) as error:
            stage, how = self._discard(worker)
            if worker.ended:
                raise StoppedError from error
            raise (
                TooLongError(stage) if isinstance(error, TimeoutError) else DiedError(stage, how)
            ) from error
        except BaseException:
            self._discard(worker)
            raise
        with self._lock:
            del self._busy[worker]
            self._idle.append(worker)
        return result

    def _take(self, subject: ReportInWork) -> Worker:
        with self._lock:
            if self._stopping:
                raise StoppedError
            while self._idle and not self._idle[-1].alive():
                self._idle.pop().close()
            worker = self._idle.pop() if self._idle else Worker()
            self._busy[worker] = replace(subject, since=time.monotonic())
            return worker

    def _enter(self, worker: Worker, stage: Stage) -> None:
        with self._lock:
            self._busy[worker] = replace(self._busy[worker], stage=stage)

    def _discard(self, worker: Worker) -> tuple[Stage | None, str]:
        """Release a worker; return the stage that its report was in, and how the process ended."""
        with self._lock:
            stage = self._busy.pop(worker).stage
        with suppress(OSError):
            return stage, worker.close()
        return stage, NO_WORDS


POOL = Pool()
atexit.register(POOL.close)
