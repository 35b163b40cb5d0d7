"""The nightly reprocess: stored reports made again from their stored bytes.

What it does stands in `etl.ingest`; a new parameter is a field of `ReprocessJob`.
"""

from typing import Literal

from prefect import flow
from pydantic import Field

from etl import ingest as jobs
from etl.orchestration.flow_calls import PROGRESS
from etl.orchestration.hooks import HOOKS
from etl.orchestration.parameters import Spread
from etl.orchestration.tasks import WAITING, Recorded, publish
from etl.wiring import open_store

HOURS = 12


class ReprocessJob(Spread):
    """What to make again."""

    selection: Literal["stale", "all"] = Field(
        default="stale", description="Reports that older rules or settings made, or all of them."
    )
    ids: tuple[str, ...] = Field(
        default=(), max_length=1000, description="Only the reports with these ids, whatever made them."
    )


@flow(name="reprocess", task_runner=WAITING, timeout_seconds=HOURS * 3600, persist_result=False, **HOOKS)
def reprocess(job: ReprocessJob = ReprocessJob()) -> jobs.Summary:  # noqa: B008 - the model is frozen
    """Make reports again where the rules have changed; the counts are among the run's artifacts."""
    settings = job.settings()
    with open_store(settings) as store:
        summary = jobs.reprocess(job.ids or job.selection, settings, PROGRESS.get(), Recorded)
        publish(summary, store)
    return summary
