"""What the flows share: batches as recorded tasks, retries by the type of error, the table of counts.

A new way to watch a run is a function here; what is counted is decided in `etl.ingest`.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import asdict
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from etl.errors import TransientError
from etl.ingest import Counts, Summary

RETRIES = 3
RETRY_SECONDS = [2.0, 10.0, 30.0]


def passing(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed batch may work when tried again; decided by the type of the error alone."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


@task(
    name="batch",
    retries=RETRIES,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=passing,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def batch(call: Callable[[], Counts]) -> Counts:
    """Load one batch, wherever the runner of the settings puts it; one line of log for all of it."""
    counts = call()
    get_run_logger().info("%s", ", ".join(f"{value} {name}" for name, value in asdict(counts).items() if value))
    return counts


class Recorded(Executor):
    """An executor whose every call is a task run that waits for the same call in ``inner``.

    Threads here only wait: the work itself is done where ``inner`` does it.
    """

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        """Start a task run; its future ends as the task run ends, retries included."""
        waiting = batch.submit(quote(lambda: self._inner.submit(fn, *args, **kwargs).result()))
        done: Future[Any] = Future()
        waiting.add_done_callback(lambda _: _settle(done, waiting.state))
        return done


def _settle(done: Future[Any], state: State[Any]) -> None:
    result = state.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)


def publish(summary: Summary) -> None:
    """The run's counts as a table among its artifacts."""
    row = {"run": summary.run_id, "state": summary.state, **asdict(summary.counts), "seconds": summary.seconds}
    create_table_artifact(table=[row], key="counts", description="What this run read and wrote")
