"""Set up two automations by which Prefect's server ends a run whose process is gone.

A run shows life by heartbeats (`beat_seconds`); a silent one is marked as crashed. Another sign of a
crashed run is one more entry in `automations`.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.events.schemas.automations import AutomationCore

# Prefect allows no shorter ones.
LEAST_BEAT_SECONDS = 30
ENDS = ("Completed", "Failed", "Cancelled", "Crashed")
# What follows when a run that was handed to a worker is not stuck.
STARTED = ("Running", "Cancelling", "Scheduled", "Late", "AwaitingConcurrencySlot", "AwaitingRetry", *ENDS)
# A worker starts a process in some seconds, on a busy machine in tens of them.
START_SECONDS = 300


def beat_seconds(silent_seconds: int) -> int:
    """Return the seconds between heartbeats: a third of ``silent_seconds``, at least the 30 of Prefect."""
    return max(LEAST_BEAT_SECONDS, silent_seconds // 3)


def set_up(silent_seconds: int) -> None:
    """Create the automations on the server that the environment names, or replace those that differ.

    An automation that is as it should be stays: a new one would not know of the runs under way.
    """
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - after `environment.prepare`

    with get_client(sync_client=True) as client:
        for wanted in automations(silent_seconds):
            found = client.read_automations_by_name(wanted.name)
            if any(_same(one, wanted) for one in found):
                continue
            for one in found:
                client.delete_automation(one.id)
            client.create_automation(wanted)


def automations(silent_seconds: int) -> "tuple[AutomationCore, ...]":
    """Return the automations that mark runs as crashed: silent for so long, or handed out and never begun."""
    return (
        _crash("etl: no sign of life", ("heartbeat",), ("heartbeat", *ENDS), silent_seconds),
        _crash("etl: never began", ("Pending",), STARTED, START_SECONDS),
    )


def _same(found: "AutomationCore", wanted: "AutomationCore") -> bool:
    """Check whether two automations do the same, whatever id the server gave their triggers."""
    first, second = (
        (one.enabled, one.trigger.model_dump(exclude={"id"}), [action.model_dump() for action in one.actions])
        for one in (found, wanted)
    )
    return first == second


def _crash(name: str, after: tuple[str, ...], expect: tuple[str, ...], seconds: int) -> "AutomationCore":
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415 - after `environment.prepare`
    from prefect.events.actions import ChangeFlowRunState  # noqa: PLC0415
    from prefect.events.schemas.automations import (  # noqa: PLC0415
        AutomationCore,
        EventTrigger,
        Posture,
    )
    from prefect.events.schemas.events import ResourceSpecification  # noqa: PLC0415

    trigger = EventTrigger(
        after={f"prefect.flow-run.{one}" for one in after},
        expect={f"prefect.flow-run.{one}" for one in expect},
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=seconds),
    )
    message = f"{name.removeprefix('etl: ')} for {seconds} s; the next run does what is left"
    action = ChangeFlowRunState(state=StateType.CRASHED, name="Crashed", message=message, force=False)
    return AutomationCore(name=name, trigger=trigger, actions=[action])
