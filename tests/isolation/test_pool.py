import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.isolation import tasks

from etl.isolation.pool import DiedError, Pool, ReportInWork, StoppedError, Task, TooLongError
from etl.model.errors import SetupError
from etl.settings import load
from etl.telemetry.timings import measured

SUBJECT = ReportInWork("file:///a.txt", 1)
LONG = 300.0


@pytest.fixture(scope="module")
def workers() -> Iterator[Pool]:
    """Workers of these tests."""
    found = Pool()
    yield found
    found.close()


@pytest.fixture
def pool(workers: Pool) -> Pool:
    """The workers, of whom nobody has asked to end."""
    workers.reopen()
    return workers


def task(call: Callable[..., Any], seconds: float = LONG) -> Task[Any]:
    """A task that needs no engine."""
    return Task(call, load(), seconds, whole=False)


def begun(path: Path) -> int:
    """Wait until a task has left its process in a file."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return int(text)
        time.sleep(0.02)
    raise AssertionError("it never began")


def gone(process: int) -> bool:
    """Wait until a process is no more."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def hanging(pool: Pool, path: Path) -> Future[Any]:
    """A task that would run for an hour, when the pool knows that it is in its stage."""
    executor = ThreadPoolExecutor(1)
    future = executor.submit(pool.run, task(partial(tasks.endless, path)), SUBJECT)
    executor.shutdown(wait=False)
    end = time.monotonic() + LONG
    while not any(subject.stage for subject in pool.under_way()):
        assert time.monotonic() < end, "it never began"
        time.sleep(0.02)
    begun(path)
    return future


def test_kept_for_the_next(pool: Pool) -> None:
    """A worker that has done a task does the next one, too."""
    assert pool.run(task(tasks.number), SUBJECT) == pool.run(task(tasks.number), SUBJECT) != os.getpid()


def test_too_long(pool: Pool, tmp_path: Path) -> None:
    """A report that is not done in its time costs its worker, tells its stage, and harms no other report."""
    with pytest.raises(TooLongError) as caught:
        pool.run(task(partial(tasks.endless, tmp_path / "begun"), 0.3), SUBJECT)

    assert caught.value.stage == "repair"
    assert gone(begun(tmp_path / "begun"))
    assert pool.run(task(tasks.number), SUBJECT)


def test_death(pool: Pool) -> None:
    """A worker that is killed is told with how it ended and its last words; the next report has another."""
    with pytest.raises(DiedError, match="signal 9, no memory left"):
        pool.run(task(tasks.die), SUBJECT)
    assert pool.run(task(tasks.number), SUBJECT)


def test_death_in_the_middle_of_an_answer(pool: Pool, tmp_path: Path) -> None:
    """A worker that is killed while it answers harms nobody beside it, and nobody after it."""
    beside = hanging(pool, tmp_path / "begun")
    with pytest.raises(DiedError):
        pool.run(task(tasks.die_while_answering), SUBJECT)

    assert pool.run(task(tasks.number), SUBJECT)
    assert not beside.done()
    pool.kill_all()


def test_death_while_idle(pool: Pool) -> None:
    """A worker that was killed between two reports is not asked again."""
    process = pool.run(task(tasks.number), SUBJECT)
    os.kill(process, 9)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)  # a zombie may have threads that still end

    assert pool.run(task(tasks.number), SUBJECT) != process


def test_error_belongs_to_who_asked(pool: Pool) -> None:
    """What a task raises is raised here."""
    with pytest.raises(ValueError, match="no"):
        pool.run(task(tasks.fail), SUBJECT)


def test_what_keeps_workers_from_working(pool: Pool, tmp_path: Path) -> None:
    """What is wrong with the installation is said as such, and not taken for a death on the report."""
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "places.toml").write_text("[", encoding="utf-8")
    broken = Task(tasks.number, load(config_dir=tmp_path), LONG)

    with pytest.raises(SetupError, match=r"places\.toml"):
        pool.run(broken, SUBJECT)
    assert pool.run(task(tasks.number), SUBJECT)


def test_stop(pool: Pool, tmp_path: Path) -> None:
    """Asked to stop, no report is begun; those under way go on until they are cut, and leave no process."""
    future = hanging(pool, tmp_path / "begun")
    pool.stop_taking()
    with pytest.raises(StoppedError):
        pool.run(task(tasks.number), SUBJECT)
    assert [subject.stage for subject in pool.under_way()] == ["repair"]
    pool.kill_all()

    assert isinstance(future.exception(LONG), StoppedError)
    assert gone(begun(tmp_path / "begun"))
    assert not pool.under_way()
    pool.reopen()
    assert pool.run(task(tasks.number), SUBJECT)


def test_nothing_of_a_library_is_shown(
    pool: Pool, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What libraries write in a worker reaches no terminal; our own log does, as if it were written here."""
    with caplog.at_level(logging.WARNING, logger="etl"):
        pool.run(task(tasks.speak), SUBJECT)

    assert [record.getMessage() for record in caplog.records] == ["ours: 1"]
    written = capfd.readouterr()
    assert "library" not in written.out + written.err


def test_seconds_and_stages(pool: Pool) -> None:
    """Seconds by stage of a worker count where the report was asked for."""
    with measured() as seconds:
        pool.run(task(tasks.stages), SUBJECT)

    assert set(seconds) == {"read", "repair"}


def test_ends_with_its_parent(tmp_path: Path) -> None:
    """A worker in the middle of a report ends when the process that asked is killed."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom functools import partial\n"
        "from tests.isolation import tasks\nfrom tests.isolation.test_pool import SUBJECT, task\n"
        "from etl.isolation.pool import Pool\n"
        "Pool().run(task(partial(tasks.endless, Path(sys.argv[1]))), SUBJECT)\n"
    )
    path = os.pathsep.join(filter(None, sys.path))
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "begun")], env={**os.environ, "PYTHONPATH": path}
    )
    worker = begun(tmp_path / "begun")
    parent.kill()
    parent.wait()

    assert gone(worker)
