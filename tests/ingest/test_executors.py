import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import cast

import pytest
from tests.ingest import work

from etl.ingest import executors
from etl.ingest.executors import BatchTask, run_batches
from etl.ingest.stats import RunStats
from etl.ingest.stop import Stop
from etl.model.errors import TransientError
from etl.settings import RunSettings, load

JOB = BatchTask(work.do, work.split, work.on_crash, len)


def run_settings(kind: str) -> RunSettings:
    """Two workers of a kind."""
    return load().run.model_copy(update={"runner": kind, "workers": 2})


def total(pieces: list[work.Names], kind: str, stop: Stop | None = None) -> RunStats:
    """All counts together."""
    return sum(run_batches(JOB, iter(pieces), run_settings(kind), stop or Stop()), RunStats())


@pytest.mark.parametrize("kind", ["threads", "processes", "dask"])
def test_every_runner(kind: str) -> None:
    """Threads, processes and Dask do all the work, once."""
    assert total([("a", "b"), ("c",), ("d", "e")], kind).inserted == 5


def test_worker_that_dies() -> None:
    """The piece on which a worker dies is quarantined; all others are done, also those beside it."""
    counts = total([("a",), ("b", "kill", "c"), ("d",), ("e",), ("f",)], "processes")

    assert (counts.inserted, counts.quarantined) == (6, 1)


def test_bug_in_a_piece() -> None:
    """A fault of the program stops one piece and nothing else."""
    counts = total([("a", "bug"), ("b",), ("c",)], "threads")

    assert (counts.inserted, counts.quarantined) == (3, 1)


def test_bug_is_no_dead_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that raises is done again by the workers that are up; no other batch is done twice."""
    started = list[RunSettings]()
    begin = executors.RUNNERS["threads"]

    def counted(settings: RunSettings) -> AbstractContextManager[executors.WorkerPool]:
        started.append(settings)
        return begin(settings)

    monkeypatch.setitem(executors.RUNNERS, "threads", counted)
    done = [str(tmp_path / f"{number}") for number in range(6)]
    counts = total([("bug", done[0]), *((name,) for name in done[1:])], "threads")

    assert (counts.inserted, counts.quarantined, len(started)) == (6, 1, 1)


def test_fault_that_passes() -> None:
    """When the database stays away the run ends; what is under way is finished first."""
    with pytest.raises(TransientError):
        total([("a",), ("away",), ("b",)], "threads")


def test_nothing_more_begins() -> None:
    """Once the run must end, what no worker has begun is taken back; only the rest is waited for."""
    begun, waiting = Future[RunStats](), Future[RunStats]()
    begun.set_running_or_notify_cancel()

    assert executors._begun({begun: "a", waiting: "b"}, TransientError("away")) == {begun: "a"}
    assert waiting.cancelled()


def test_nothing_more_begins_when_left(tmp_path: Path) -> None:
    """Who leaves in the middle, as by an error of his own, waits for nothing that no worker has begun."""
    pieces = [("a",), *[(f"pid:{tmp_path}", str(tmp_path / f"begun {n}")) for n in range(8)]]
    with closing(
        cast(
            "Generator[RunStats, None, None]", run_batches(JOB, iter(pieces), run_settings("threads"), Stop())
        )
    ) as counts:
        next(counts)

    assert len(list(tmp_path.glob("begun*"))) < 3


def test_stop() -> None:
    """Asked to stop, no new piece is begun; the rest stays in the iterator to be counted."""
    stop = Stop()
    pieces = iter([(str(number),) for number in range(100)])
    done = RunStats()
    for counts in run_batches(JOB, pieces, run_settings("threads"), stop):
        done += counts
        stop.asked = True

    assert done.read + sum(1 for _ in pieces) == 100
    assert done.read <= 5


def test_bounded() -> None:
    """No more than two pieces a worker are taken from the iterator ahead of their turn."""
    taken: list[int] = []

    def endless() -> Iterator[work.Names]:
        for number in range(1000):
            taken.append(number)
            yield (str(number),)

    stop = Stop()
    for _ in run_batches(JOB, endless(), run_settings("threads"), stop):
        stop.asked = True
    assert len(taken) <= 9


def test_patience_ends() -> None:
    """A process that goes on after it was asked to stop ends itself when the patience is over."""
    code = (
        "import os, signal, time\n"
        "from etl.ingest.stop import Stop\n"
        "with Stop(patience=0.3).listening() as stop:\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    assert stop.asked\n"
        "    time.sleep(600)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=240, check=False)

    assert done.returncode == -signal.SIGTERM


def test_patience_is_for_stopping_only() -> None:
    """A process that stops in time goes on with what follows."""
    code = (
        "import os, signal, time\n"
        "from etl.ingest.stop import Stop\n"
        "with Stop(patience=2.0).listening() as stop:\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "time.sleep(2.5)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=240, check=False)

    assert done.returncode == 0
