"""Run a flow in this process, recorded by a Prefect server where one answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from etl.model.errors import UnavailableError
from etl.orchestration.environment import prepare
from etl.orchestration.server import server
from etl.settings import Settings, export, flows_dir, prefect_url

if TYPE_CHECKING:
    from etl.ingest import Summary
    from etl.ingest.jobs import Progress

HAND_IN_SECONDS = 10.0
# Who watches a flow that runs in this process; a flow's parameters can only hold what JSON can.
PROGRESS: "ContextVar[Progress | None]" = ContextVar("progress", default=None)


@contextmanager
def recording(settings: Settings, say: Callable[[str], None], *, asked: bool) -> Iterator[bool]:
    """Yield whether runs in this block are recorded: it was asked for, or a server is named, and it answers.

    A server that does not answer is reported by ``say`` in one line, and nothing stops.
    """
    if not (asked or prefect_url()):
        yield False
        return
    # Errors of a run are ours to show, as one line; Prefect would add a traceback.
    prepare(settings, "CRITICAL")
    with ExitStack() as closing:
        try:
            if not prefect_url():
                say("starting a Prefect server for this run; the first time takes up to a minute")
            url = closing.enter_context(server(settings))
        except UnavailableError as error:
            say(f"{error}; going on without Prefect")
            url = None
        if url:
            export({"PREFECT_API_URL": url}, over=True)
        yield url is not None


def call(flow: str, job: Mapping[str, Any], progress: "Progress | None" = None) -> "Summary":
    """Run ``flows/<flow>.py`` in this process, recorded by the server that the environment names.

    Raises:
        EtlError: what the flow's work raised.
    """
    from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415 - after `environment.prepare`

    loaded: Any = load_flow_from_entrypoint(f"{flows_dir() / flow}.py:{flow}")
    # Who waits at a terminal ends the run himself.
    loaded.timeout_seconds = None
    token = PROGRESS.set(progress)
    try:
        summary: Summary = loaded(job=dict(job))
    finally:
        PROGRESS.reset(token)
        _hand_in()
    return summary


def _hand_in() -> None:
    """Send the server all logs and events of tasks and wait for them, because it may end right after."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - after `environment.prepare`
    from prefect.logging.handlers import APILogHandler  # noqa: PLC0415

    APILogHandler().flush()
    EventsWorker.drain_all(timeout=HAND_IN_SECONDS)
