"""The way to Prefect: its environment, its server, and the deployments of config/prefect.yaml.

Prefect is imported here and in ``flows`` only, and only after `prepare`. A new flow is a file in
``flows`` and a deployment in config/prefect.yaml; nothing changes here.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl import crashes, private, schedules
from etl.errors import SetupError, UnavailableError
from etl.settings import CONFIG_VARIABLE, Settings, export, flows_dir, prefect_url

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

    from etl.ingest import Summary
    from etl.ingest.jobs import Progress

# Nothing is reported to anybody, and Prefect's own words stay out of the way of ours.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLI_PROMPT": "false",
}
# On Linux the server ends with this process, however that ends; the request outlives the exec.
TIE = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
TIED = ("-c", TIE) if sys.platform.startswith("linux") else ()
# A first start on two busy cores took 44 s.
START_SECONDS = 180
STOP_SECONDS = 15
HAND_IN_SECONDS = 10.0
HOST = "127.0.0.1"
# Where people look for Prefect.
USUAL_PORT = 4200
# Who watches a flow that runs in this process; a flow's parameters can only hold what JSON can.
PROGRESS: "ContextVar[Progress | None]" = ContextVar("progress", default=None)


def prepare(settings: Settings, console: str) -> None:
    """Set Prefect's environment for this process and its children; call before Prefect is imported.

    What the environment says already is left as it is. The database's address travels in the
    environment too, never in a flow's parameters, which Prefect stores and shows.

    Args:
        settings: whose data folder holds what Prefect writes.
        console: the least level of Prefect's own words that reaches standard error.
    """
    home = {"PREFECT_HOME": str((settings.data_dir / "prefect").resolve())}
    home["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] = str(crashes.beat_seconds(settings.run.silent_seconds))
    os.umask(private.OTHERS)  # Prefect writes below the data folder from its import on
    export(QUIET | home | {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": console})
    if settings.log.json_lines:
        export({"PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json"})
    changed = {"ETL_DATA_DIR": str(settings.data_dir.resolve()), "ETL_RUN__RUNNER": settings.run.runner}
    if settings.config_dir:
        changed[CONFIG_VARIABLE] = str(settings.config_dir)
    if settings.mongo_uri:
        changed["ETL_MONGO_URI"] = settings.mongo_uri.get_secret_value()
    export(changed, over=True)


@contextmanager
def recording(settings: Settings, say: Callable[[str], None], *, asked: bool) -> Iterator[bool]:
    """Whether runs in this block can be recorded: asked for, or a server is named, and it answers.

    A server that does not answer is said in one line and stops nothing.
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


def healthy(url: str, seconds: float = 5.0) -> bool:
    """Whether a Prefect server answers at ``url`` (which ends in ``/api``)."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=seconds) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's word for yes
    except (urllib.error.URLError, OSError, ValueError):
        return False


def call(flow: str, job: Mapping[str, Any], progress: "Progress | None" = None) -> "Summary":
    """Run ``flows/<flow>.py`` in this process, recorded by the server that the environment names.

    Raises:
        EtlError: what the flow's work raised.
    """
    from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415 - after `prepare`

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
    """Wait until the server has what was logged and which tasks ran; it may end right after."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - after `prepare`
    from prefect.logging.handlers import APILogHandler  # noqa: PLC0415

    APILogHandler().flush()
    EventsWorker.drain_all(timeout=HAND_IN_SECONDS)


def serve(settings: Settings, limit: int, announce: Callable[[str], None]) -> None:
    """Serve all deployments on their schedules until the process is told to stop.

    Starts a Prefect server of its own, with its files under the data folder, where the
    environment names none.

    Raises:
        UnavailableError: the server that the environment names does not answer.
    """
    prepare(settings, settings.log.level)
    with server(settings, USUAL_PORT) as url:
        export({"PREFECT_API_URL": url}, over=True)
        from prefect import serve as serve_all  # noqa: PLC0415 - after `prepare`

        crashes.set_up(settings.run.silent_seconds)
        announce(f"serving config/prefect.yaml; what runs shows at {url.removesuffix('/api')}")
        chosen = deployments(settings.config_dir)
        _take_over(chosen)
        serve_all(*chosen, limit=limit, print_starting_message=False)


def _take_over(chosen: "Sequence[RunnerDeployment]") -> None:
    """Remove deployments that a work pool has under the same names; their runs stay.

    Registering over them leaves them in the pool and without their code's place (3.8.8), so that workers
    would go on taking their runs and every run here would fail.
    """
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - after `prepare`
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        for one in chosen:
            with suppress(ObjectNotFound):
                found = client.read_deployment_by_name(f"{one.flow_name}/{one.name}")
                if found.work_pool_name:
                    client.delete_deployment(found.id)


def set_up(settings: Settings) -> str:
    """Prepare the server that the environment names for workers: dead runs will show as crashed. Its address.

    Raises:
        SetupError: the environment names none.
        UnavailableError: it does not answer.
    """
    prepare(settings, settings.log.level)
    if not prefect_url():
        raise SetupError("PREFECT_API_URL is not set, so there is no Prefect server to set up; set it")
    with server(settings) as url:
        crashes.set_up(settings.run.silent_seconds)
        return url


def deployments(own: Path | None = None) -> "list[RunnerDeployment]":
    """The deployments of config/prefect.yaml, in its order, their flows read from this installation.

    Args:
        own: the folder whose prefect.yaml is laid over that of the package.

    Raises:
        SetupError: the file is missing or is not what Prefect expects.
    """
    return [_deployment_of(entry) for entry in schedules.entries(own)]


def _deployment_of(entry: Mapping[str, Any]) -> "RunnerDeployment":
    try:
        return _deployment(entry)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise SetupError(
            f"deployment {entry['name']} of {schedules.FILE} cannot be used: {error}; correct it"
        ) from error


def _deployment(entry: Mapping[str, Any]) -> "RunnerDeployment":
    from prefect.client.schemas.objects import ConcurrencyLimitConfig  # noqa: PLC0415 - after `prepare`
    from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415
    from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415

    limit = entry.get("concurrency_limit")
    entrypoint = f"{flows_dir() / Path(entry['entrypoint']).name}"
    # Not from_entrypoint: that notes the present folder as where the code is, and every run of the
    # deployment that starts elsewhere copies that whole folder over its own (3.8.8).
    deployment = RunnerDeployment.from_flow(
        load_flow_from_entrypoint(entrypoint),
        name=entry["name"],
        description=entry.get("description"),
        tags=entry.get("tags"),
        parameters=entry.get("parameters"),
        schedules=[_schedule(schedule) for schedule in entry.get("schedules", ())],
        concurrency_limit=ConcurrencyLimitConfig(**limit) if limit else None,
    )
    # Absolute, so that it is found from wherever the command is called the next time.
    return deployment.model_copy(update={"entrypoint": entrypoint})


def _schedule(entry: Mapping[str, Any]) -> "Schedule":
    from prefect.schedules import Schedule  # noqa: PLC0415

    interval = entry.get("interval")
    return Schedule(**{**entry, "interval": timedelta(seconds=interval) if interval else None})


@contextmanager
def server(settings: Settings, wanted: int = 0) -> Iterator[str]:
    """The address of the server that the environment names, or of one that lives as long as this block.

    ``wanted`` is the port of the latter where it is free; without it, each one has a port of its own.

    Raises:
        UnavailableError: neither answers.
    """
    named = prefect_url()
    if named:
        if not healthy(named):
            raise UnavailableError(
                f"no Prefect server answers at {named} (PREFECT_API_URL); start it, or unset the variable"
            )
        yield named
        return
    log = private.folder(settings.data_dir, "prefect") / "server.log"
    log.touch(private.FILE)
    port = _port(wanted)
    command = [sys.executable, *TIED, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    with (
        log.open("ab") as words,
        subprocess.Popen(command, stdout=words, stderr=words, umask=private.OTHERS) as process,  # noqa: S603
    ):
        try:
            yield _await(f"http://{HOST}:{port}/api", process, log)
        finally:
            _stop(process)


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if healthy(url, 2.0):
            return url
        time.sleep(0.3)
    raise UnavailableError(f"Prefect's server did not start within {START_SECONDS} s; its words are in {log}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _port(wanted: int) -> int:
    """The port that is wanted where it is free, else any."""
    for one in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, one))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UnavailableError("no free port for Prefect's server on this machine; end a program that holds one")
