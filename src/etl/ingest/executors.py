"""Run batches on threads, processes or Dask, each behind one `concurrent.futures.Executor`.

`run_batches` keeps at most two batches a worker under way. A batch that raises is run again by the same
workers, one report at a time; only a broken executor means a dead worker, and new workers. Asked to stop, the
workers finish the reports under way or are ended, see `etl.ingest.stop`. A new runner is one more entry in
`RUNNERS`.
"""

import logging
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing.synchronize import Event
from threading import Thread
from typing import Any, Generic, TypeVar

from etl.child_process.own_limits import exit_with_parent
from etl.ingest.stats import RunStats
from etl.ingest.stop import Stop, StopCallbacks
from etl.isolation.pool import POOL
from etl.model.errors import EtlError, SetupError, UnavailableError
from etl.settings import RunSettings

Work = TypeVar("Work")
ExecutorWrapper = Callable[[Executor], Executor]
TICK_SECONDS = 0.5
# Workers of a cluster cannot be told; they go on with what they have begun, and the run does not wait for it.
UNREACHABLE = StopCallbacks(lambda: None, lambda: None)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchTask(Generic[Work]):
    """The functions that run a piece of work, split it and give it up.

    Attributes:
        run: runs the piece in any process and returns its counts.
        split: splits it into pieces of one report each, to find the one that crashes a worker.
        on_crash: records a report that raised twice, or on which two workers died, and returns its counts.
        size: returns its number of reports.
    """

    run: Callable[[Work], RunStats]
    split: Callable[[Work], list[Work]]
    on_crash: Callable[[Work, BaseException], RunStats]
    size: Callable[[Work], int]


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """Workers that are ready for work.

    Attributes:
        executor: submits work to them.
        width: returns their present number; a cluster may grow and shrink.
        ends: callbacks that tell them to stop.
    """

    executor: Executor
    width: Callable[[], int]
    ends: StopCallbacks


@dataclass(frozen=True, slots=True)
class Submitted(Generic[Work]):
    """Work that was submitted to a worker; ``again`` if it is one report of a batch that raised."""

    future: Future[RunStats]
    work: Work
    again: bool = False


def run_batches(
    task: BatchTask[Work],
    works: Iterator[Work],
    settings: RunSettings,
    stop: Stop,
    wrap: ExecutorWrapper | None = None,
) -> Iterator[RunStats]:
    """Run the pieces of work, at most two a worker under way; yield the counts of each as it ends.

    Raises:
        EtlError: a piece of work raised it on purpose; pieces under way are finished first.
    """
    suspects: list[Work] = []
    while True:
        with RUNNERS[settings.runner](settings) as pool, stop.told(pool.ends):
            chosen = replace(pool, executor=wrap(pool.executor)) if wrap else pool
            yield from _run_all(task, works, chosen, (stop, suspects))
        if not suspects:
            return
        if not stop.asked:
            log.warning("a worker died; doing %d batches again, one report at a time", len(suspects))
        pieces = [piece for work in suspects for piece in task.split(work)]
        suspects = []
        for piece in pieces:
            yield (
                RunStats(left=task.size(piece))
                if stop.asked
                else _run_alone(task, piece, settings, (wrap, stop))
            )


def _run_all(
    task: BatchTask[Work], works: Iterator[Work], pool: WorkerPool, ends: tuple[Stop, list[Work]]
) -> Iterator[RunStats]:
    """Keep the pool busy until the work is done or the pool breaks; add unfinished work to the suspects."""
    stop, suspects = ends
    under_way: dict[Future[RunStats], Work] = {}
    failure: EtlError | None = None
    while True:
        limit = 2 * pool.width()
        while len(under_way) < limit and not (stop.asked or failure or suspects):
            work = next(works, None)
            if work is None:
                break
            under_way[_submit(pool.executor, task, work)] = work
        if not under_way or (stop.overdue and pool.ends is UNREACHABLE):
            break
        done, _ = wait(under_way, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            tried = Submitted(future, under_way.pop(future))
            failure = (yield from _ended(task, tried, pool, suspects)) or failure
        if failure:
            under_way = _begun(under_way, failure)
    suspects += under_way.values()
    if failure:
        raise failure


def _begun(under_way: dict[Future[RunStats], Work], failure: EtlError) -> dict[Future[RunStats], Work]:
    """Cancel work that no worker has begun and return the rest, so that the end of a run waits no longer."""
    begun = {future: work for future, work in under_way.items() if not future.cancel()}
    if len(begun) < len(under_way) and begun:
        log.warning("%s; ending when %d batches under way have ended", failure, len(begun))
    return begun


def _ended(
    task: BatchTask[Work], tried: Submitted[Work], pool: WorkerPool, suspects: list[Work]
) -> Generator[RunStats, None, EtlError | None]:
    """Yield the counts of work that has ended; return the error that must end the run, None if there is none.

    Work that raised is run again by the same workers, one report at a time; raising again, one is given up.
    """
    error = tried.future.exception()
    if error is None:
        yield tried.future.result()
    elif isinstance(error, EtlError):
        return error
    elif isinstance(error, BrokenExecutor):
        suspects.append(tried.work)
    elif tried.again:
        yield task.on_crash(tried.work, error)
    else:
        log.warning("a batch raised; doing it again, one report at a time", exc_info=error)
        for piece in task.split(tried.work):
            again = Submitted(_submit(pool.executor, task, piece), piece, again=True)
            if failure := (yield from _ended(task, again, pool, suspects)):
                return failure
    return None


def _submit(executor: Executor, task: BatchTask[Work], work: Work) -> Future[RunStats]:
    try:
        return executor.submit(task.run, work)
    except BrokenExecutor as error:
        broken: Future[RunStats] = Future()
        broken.set_exception(error)
        return broken


def _run_alone(
    task: BatchTask[Work], piece: Work, settings: RunSettings, watched: tuple[ExecutorWrapper | None, Stop]
) -> RunStats:
    """Run one report in a worker of its own; if this worker dies too, count the report as the cause."""
    wrap, stop = watched
    with RUNNERS[settings.runner](settings) as pool, stop.told(pool.ends):
        future = _submit(wrap(pool.executor) if wrap else pool.executor, task, piece)
        error = future.exception()
    if isinstance(error, EtlError):
        raise error
    return task.on_crash(piece, error) if error else future.result()


@contextmanager
def _ending(executor: Executor) -> Iterator[None]:
    """Cancel work not yet begun when the block ends, also by an error; the executor waits for the rest."""
    try:
        yield
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _threads(settings: RunSettings) -> Iterator[WorkerPool]:
    with ThreadPoolExecutor(settings.worker_count, thread_name_prefix="etl") as executor, _ending(executor):
        yield WorkerPool(
            executor, lambda: settings.worker_count, StopCallbacks(POOL.stop_taking, POOL.kill_all)
        )


@contextmanager
def _processes(settings: RunSettings) -> Iterator[WorkerPool]:
    spawn = multiprocessing.get_context("spawn")
    stop, cut = spawn.Event(), spawn.Event()
    pool = ProcessPoolExecutor(
        settings.worker_count, mp_context=spawn, initializer=_begin_worker, initargs=(stop, cut)
    )
    with pool as executor, _ending(executor):
        yield WorkerPool(executor, lambda: settings.worker_count, StopCallbacks(stop.set, cut.set))


@contextmanager
def _dask(settings: RunSettings) -> Iterator[WorkerPool]:
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise SetupError(
            "setting run.runner (ETL_RUN__RUNNER) is 'dask', which is not installed; "
            "pip install 'report-etl[dask]', or choose threads or processes"
        ) from error
    with ExitStack() as closing:
        where = settings.dask_address or closing.enter_context(
            distributed.LocalCluster(
                n_workers=settings.worker_count, threads_per_worker=1, dashboard_address=None
            )
        )
        client = closing.enter_context(_client(distributed, where))
        # Asked each time: workers come and go. One batch waits for the first of them where there is none.
        yield WorkerPool(
            client.get_executor(pure=False), lambda: max(1, sum(client.ncores().values())), UNREACHABLE
        )


def _client(distributed: Any, where: Any) -> Any:  # noqa: ANN401 - Dask says nothing of its types
    """Return a client of a Dask scheduler; its address is not repeated, since it may hold a login."""
    try:
        return distributed.Client(where)
    except ValueError as error:
        raise SetupError(
            "setting run.dask_address (ETL_RUN__DASK_ADDRESS) is no address like tcp://HOST:8786; correct it"
        ) from error
    except OSError as error:
        raise UnavailableError(
            "no Dask scheduler answers at the address of setting run.dask_address (ETL_RUN__DASK_ADDRESS); "
            "start it, or correct the address"
        ) from error


def _begin_worker(stop: Event, cut: Event) -> None:
    """Prepare a worker's process: ignore Ctrl-C, obey the events stop and cut, and exit with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for event, end in ((stop, POOL.stop_taking), (cut, POOL.kill_all)):
        Thread(target=lambda event=event, end=end: event.wait() and end(), daemon=True).start()
    exit_with_parent()


RUNNERS: dict[str, Callable[[RunSettings], AbstractContextManager[WorkerPool]]] = {
    "threads": _threads,
    "processes": _processes,
    "dask": _dask,
}
