"""Make Prefect's deployments from config/prefect.yaml.

A new flow is a file in ``flows`` and an entry there; nothing changes here.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.model.errors import SetupError
from etl.orchestration import deployment_file, deployment_form
from etl.settings import flows_dir

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule


def deployments(own: Path | None = None) -> "list[RunnerDeployment]":
    """Return the deployments of config/prefect.yaml, in its order, their flows read from this installation.

    Args:
        own: folder whose prefect.yaml is laid over that of the package; None where the operator has none.

    Raises:
        SetupError: the file is missing or is not what Prefect expects.
    """
    return [_deployment_of(entry) for entry in deployment_file.list_deployments(own)]


def _deployment_of(entry: Mapping[str, Any]) -> "RunnerDeployment":
    from prefect.exceptions import PrefectException  # noqa: PLC0415 - after `environment.prepare`

    what = f"deployment {entry['name']} of {deployment_file.FILE} cannot be used"
    faults = [said for _, said in deployment_form.find_faults(entry)]
    if faults:
        raise SetupError(f"{what}: {'; '.join(faults)}; correct it")
    try:
        return _deployment(entry)
    except (OSError, LookupError, TypeError, ValueError, PrefectException) as error:
        raise SetupError(f"{what}: {error}; correct it") from error


def _deployment(entry: Mapping[str, Any]) -> "RunnerDeployment":
    from prefect.client.schemas.objects import ConcurrencyLimitConfig  # noqa: PLC0415 - after `environment.prepare`
    from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415
    from prefect.flows import Flow, load_flow_from_entrypoint  # noqa: PLC0415

    limit, parameters = entry.get("concurrency_limit"), dict(entry.get("parameters") or {})
    entrypoint = f"{flows_dir() / Path(entry['entrypoint']).name}"
    # Not from_entrypoint: that notes the present folder as where the code is, and every run of the
    # deployment that starts elsewhere copies that whole folder over its own (3.8.8).
    flow: Flow[..., object] = load_flow_from_entrypoint(entrypoint)
    flow.validate_parameters(parameters)
    deployment = RunnerDeployment.from_flow(
        flow,
        name=entry["name"],
        description=entry.get("description"),
        tags=entry.get("tags"),
        parameters=parameters,
        schedules=[_schedule(schedule) for schedule in entry.get("schedules") or ()],
        concurrency_limit=ConcurrencyLimitConfig(**limit) if limit else None,
    )
    # Absolute, so that it is found from wherever the command is called the next time.
    return deployment.model_copy(update={"entrypoint": entrypoint})


def _schedule(entry: Mapping[str, Any]) -> "Schedule":
    from prefect.schedules import Schedule  # noqa: PLC0415

    interval = entry.get("interval")
    return Schedule(**{**entry, "interval": timedelta(seconds=interval) if interval else None})
