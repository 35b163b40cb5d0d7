"""The weekly maintenance: old runs and versions go, and the database is asked whether it agrees with itself.

What it does stands in `etl.ingest`; a new parameter is a field of `MaintainJob`.
"""

from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Failed
from pydantic import BaseModel, ConfigDict, Field

from etl import ingest as jobs
from etl.orchestration.hooks import HOOKS
from etl.settings import load

HOURS = 2


class MaintainJob(BaseModel):
    """What to do beside checking."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remove: bool = Field(
        default=True,
        description="Remove runs and versions beyond the limits of the settings; without it, only check.",
    )


@flow(name="maintain", timeout_seconds=HOURS * 3600, persist_result=False, **HOOKS)
def maintain(job: MaintainJob = MaintainJob()) -> jobs.MaintenanceResult | State[Any]:  # noqa: B008 - the model is frozen
    """Remove what is old and check the rest; fails where something does not hold."""
    found = jobs.maintain(load(), remove=job.remove)
    rows = [{"run": found.run_id, **found.counts, "seconds": found.seconds}]
    create_table_artifact(table=rows, key="counts", description="What this run removed and found")
    if found.message:
        return Failed(message=found.message)
    return found
