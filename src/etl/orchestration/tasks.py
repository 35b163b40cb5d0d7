"""Provide what the flows share: batches as recorded tasks, retries by the type of error, tables of counts.

A new way to watch a run is a function here; what is counted is decided in `etl.ingest`.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, cast

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from etl.ingest import RunStats, Summary
from etl.logins import masked
from etl.model.errors import TransientError
from etl.store.query.client import Store

# Threads that wait for batches; how many batches are worked on is up to the runner of the settings.
WAITING: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=64)
# Rows of the table of what was quarantined; `etl quarantine list` shows all.
MOST_ROWS = 200
SHOWN = ("id", "stage", "reason", "uri", "message")
RETRIES = 3
RETRY_SECONDS = [2.0, 10.0, 30.0]


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Check whether a failed batch may work when tried again: whether its error is a TransientError."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


@task(
    name="batch",
    retries=RETRIES,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def batch(call: Callable[[], RunStats]) -> RunStats:
    """Run one batch, wherever the settings' runner puts it; log its counts in one line, return them."""
    counts = call()
    said = ", ".join(f"{value} {name}" for name, value in counts.as_dict().items() if value)
    get_run_logger().info("%s", said or "nothing to do")
    return counts


class Recorded(Executor):
    """An executor whose every call is a task run that waits for the same call in ``inner``.

    Threads here only wait: the work itself is done where ``inner`` does it.
    """

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        """Start a task run for a call; return a future that ends when the task run ends, retries included."""
        call = quote(lambda: self._inner.submit(fn, *args, **kwargs).result())
        waiting = batch.submit(cast("Callable[[], RunStats]", call))
        done: Future[Any] = Future()
        done.set_running_or_notify_cancel()  # Prefect has begun: it cannot be taken back
        waiting.add_done_callback(partial(_settle, done))
        return done


def _settle(done: Future[Any], waiting: PrefectFuture[Any]) -> None:
    """Pass a task run's result or error on to ``done``, so that nobody who waits for it waits for ever."""
    try:
        result = waiting.result(raise_on_failure=False)
    except BaseException as error:  # noqa: BLE001 - it belongs to who waits, as in any executor
        result = error
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)


def publish(summary: Summary, store: Store) -> None:
    """Publish the counts of a run, and what it quarantined, as tables among the run's artifacts."""
    row = {"run": summary.run_id, "state": summary.state, **summary.figures()}
    create_table_artifact(table=[row], key="counts", description="What this run read and wrote")
    number = summary.counts.quarantined
    if number:
        records = store.set_aside(summary.run_id, MOST_ROWS)
        table = [{name: _shown(getattr(record, name)) for name in SHOWN} for record in records]
        shown = "all" if len(table) == number else f"{len(table)} of {number}"
        create_table_artifact(table=table, key="quarantined", description=f"What was quarantined ({shown})")


def _shown(value: str) -> str:
    """Return a field with any login in an address masked."""
    return masked(value)
