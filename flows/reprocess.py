"""The nightly reprocess: stored reports made again from their stored bytes.

What it does stands in `etl.ingest`; a new parameter is a field of `ReprocessJob`.
"""

from typing import Literal

from prefect import flow
from pydantic import BaseModel, ConfigDict, Field

from etl import ingest as rooms
from etl.orchestrate import PROGRESS
from etl.settings import load

from .support import WAITING, Recorded, publish


class ReprocessJob(BaseModel):
    """What to make again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    selection: Literal["stale", "all"] = Field(
        default="stale", description="Reports that older rules or settings made, or all of them."
    )
    ids: tuple[str, ...] = Field(
        default=(), max_length=1000, description="Only the reports with these ids, whatever made them."
    )


@flow(name="reprocess", task_runner=WAITING, persist_result=False)
def reprocess(job: ReprocessJob = ReprocessJob()) -> rooms.Summary:  # noqa: B008 - the model is frozen
    """Make reports again where the rules have changed; the counts are among the run's artifacts."""
    summary = rooms.reprocess(job.ids or job.selection, load(), PROGRESS.get(), Recorded)
    publish(summary)
    return summary
