"""Report the end of a run: failures, crashes and the first success after one reach webhook and log.

Prefect calls hooks by the names of their parameters, in the run's own process or in its worker's. Another
end to react to is one more entry in `HOOKS`.
"""

from typing import Any, Literal

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.flows import Flow
from prefect.logging.loggers import flow_run_logger
from prefect.settings import PREFECT_UI_URL

from etl.logins import masked
from etl.settings import load
from etl.telemetry.notify import Notice, send

# Of the ends that say how the job fares; who cancels a run knows that it ended.
TELLING = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED]


def failed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Report that a run ended with an error."""
    _tell("failed", flow, flow_run, state.message or "no reason was given")


def crashed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Report that the process of a run ended before the run did."""
    _tell("crashed", flow, flow_run, state.message or "its process ended")


def completed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Report that a job works again, if the run before this one did not complete."""
    del state
    before = find_previous(flow_run, flow.name)
    if before and before.state and before.state.type is not StateType.COMPLETED:
        why = f"the run before it, {before.name}, ended as {before.state.name}: {before.state.message}"
        _tell("recovered", flow, flow_run, why)


def find_previous(flow_run: FlowRun, name: str) -> FlowRun | None:
    """Return the last run before this one of the same deployment (or, without one, of the same flow)."""
    deployment = FlowRunFilterDeploymentId(
        any_=[flow_run.deployment_id] if flow_run.deployment_id else None,
        is_null_=None if flow_run.deployment_id else True,
    )
    chosen = FlowRunFilter(
        id=FlowRunFilterId(not_any_=[flow_run.id]),
        deployment_id=deployment,
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=TELLING)),
    )
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
            flow_run_filter=chosen,
            sort=FlowRunSort.END_TIME_DESC,
            limit=1,
        )
    return found[0] if found else None


def _tell(
    event: Literal["failed", "crashed", "recovered"], flow: Flow[..., Any], run: FlowRun, why: str
) -> None:
    message = " ".join(masked(why).split())
    base = PREFECT_UI_URL.value() or ""
    url = f"{base.rstrip('/')}/runs/flow-run/{run.id}"
    notice = Notice(event, flow.name, run.name, str(run.id), message, url)
    taken = send(notice, load().notify)
    said = flow_run_logger(run, flow)
    say = said.info if event == "recovered" else said.error
    say("%s%s", notice.text, "; the webhook was told" if taken else "")


HOOKS: dict[str, Any] = {"on_failure": [failed], "on_crashed": [crashed], "on_completion": [completed]}
