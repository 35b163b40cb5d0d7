"""Serve the deployments on their schedules, or prepare a server for workers that do."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from etl.model.errors import SetupError
from etl.orchestration import automations
from etl.orchestration.deployment_file import FILE
from etl.orchestration.deployments import deployments
from etl.orchestration.environment import prepare
from etl.orchestration.server import USUAL_PORT, server
from etl.settings import Settings, export, prefect_url

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


def serve(settings: Settings, limit: int, announce: Callable[[str], None]) -> None:
    """Serve all deployments on their schedules until the process is told to stop.

    Starts a Prefect server of its own, with its files under the data folder, where the
    environment names none.

    Raises:
        UnavailableError: the server that the environment names does not answer.
        SetupError: a deployment cannot be used.
    """
    prepare(settings, settings.log.level)
    with server(settings, USUAL_PORT) as url:
        export({"PREFECT_API_URL": url}, over=True)
        automations.set_up(settings.run.silent_seconds)
        announce(f"serving config/prefect.yaml; what runs shows at {url.removesuffix('/api')}")
        chosen = deployments(settings.config_dir)
        _take_over(chosen)
        _serve_all(chosen, limit)


def _serve_all(chosen: "Sequence[RunnerDeployment]", limit: int) -> None:
    from prefect import serve as serve_all  # noqa: PLC0415 - after `environment.prepare`
    from prefect.deployments.runner import DeploymentApplyError  # noqa: PLC0415

    try:
        serve_all(*chosen, limit=limit, print_starting_message=False)
    except DeploymentApplyError as error:
        raise SetupError(f"Prefect refuses a deployment of {FILE}: {error}; correct it") from error


def _take_over(chosen: "Sequence[RunnerDeployment]") -> None:
    """Remove deployments that a work pool has under the same names; their runs stay.

    Registering over them leaves them in the pool and without their code's place (3.8.8), so that workers
    would go on taking their runs and every run here would fail.
    """
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - after `environment.prepare`
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        for one in chosen:
            with suppress(ObjectNotFound):
                found = client.read_deployment_by_name(f"{one.flow_name}/{one.name}")
                if found.work_pool_name:
                    client.delete_deployment(found.id)


def set_up(settings: Settings) -> str:
    """Set up automations for crashed runs on the server that the environment names; return its address.

    Raises:
        SetupError: the environment names none.
        UnavailableError: it does not answer.
    """
    prepare(settings, settings.log.level)
    if not prefect_url():
        raise SetupError("PREFECT_API_URL is not set, so there is no Prefect server to set up; set it")
    with server(settings) as url:
        automations.set_up(settings.run.silent_seconds)
        return url
