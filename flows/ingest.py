"""The scheduled ingest: what the sources offer and the database does not hold yet.

What it does stands in `etl.ingest`; a new parameter is a field of `IngestJob`.
"""

from prefect import flow
from pydantic import BaseModel, ConfigDict, Field

from etl import ingest as rooms
from etl.errors import SetupError
from etl.orchestrate import PROGRESS
from etl.settings import load

from .support import WAITING, Recorded, publish


class IngestJob(BaseModel):
    """What to load."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: tuple[str, ...] = Field(
        default=(),
        max_length=1000,
        description="Files, folders, globs, archives or URLs; those of ETL_RUN__SOURCES where none is named.",
    )


@flow(name="ingest", task_runner=WAITING, persist_result=False)
def ingest(job: IngestJob = IngestJob()) -> rooms.Summary:  # noqa: B008 - the model is frozen
    """Load new and changed reports; the counts are among the run's artifacts."""
    settings = load()
    sources = job.sources or settings.run.sources
    if not sources:
        raise SetupError("no source was named and ETL_RUN__SOURCES is empty; name one in the parameters")
    summary = rooms.ingest(sources, settings, PROGRESS.get(), Recorded)
    publish(summary)
    return summary
