"""The scheduled ingest: what the sources offer and the database does not hold yet.

What it does stands in `etl.ingest`; a new parameter is a field of `IngestJob`.
"""

from typing import Annotated

from prefect import flow
from pydantic import Field, WithJsonSchema

from etl import ingest as jobs
from etl.logins import PASSWORD
from etl.model.errors import SetupError
from etl.orchestration.flow_calls import PROGRESS
from etl.orchestration.hooks import HOOKS
from etl.orchestration.parameters import Spread
from etl.orchestration.tasks import WAITING, Recorded, publish
from etl.wiring import open_store

HOURS = 6
# Prefect's server holds what it is given against this, so that a password is refused before it is stored.
Address = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^(?!.*(?:{PASSWORD.pattern}))"})]


class IngestJob(Spread):
    """What to load."""

    sources: tuple[Address, ...] = Field(
        default=(),
        max_length=1000,
        description="Files, folders, globs, archives or URLs; those of ETL_RUN__SOURCES where none is named.",
    )


@flow(name="ingest", task_runner=WAITING, timeout_seconds=HOURS * 3600, persist_result=False, **HOOKS)
def ingest(job: IngestJob = IngestJob()) -> jobs.Summary:  # noqa: B008 - the model is frozen
    """Load new and changed reports; the counts are among the run's artifacts."""
    settings = job.settings()
    sources = job.sources or settings.run.sources
    if not sources:
        raise SetupError("no source was named and ETL_RUN__SOURCES is empty; name one in the parameters")
    with open_store(settings) as store:
        summary = jobs.ingest(sources, settings, PROGRESS.get(), Recorded)
        publish(summary, store)
    return summary
