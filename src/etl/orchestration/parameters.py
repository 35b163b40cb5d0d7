"""Declare what an operator may choose for any run, on top of the settings: forms in Prefect's interface.

A parameter of one flow stands beside that flow; one for all is a field here.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from etl.settings import Settings, load


class Spread(BaseModel):
    """How the work is spread over workers; a default value leaves it to the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runner: Literal["settings", "threads", "processes", "dask"] = Field(
        default="settings",
        description="Where batches are worked on; `settings` leaves it to ETL_RUN__RUNNER.",
    )
    workers: int = Field(
        default=0, ge=0, le=256, description="Workers at the same time; 0 leaves it to ETL_RUN__WORKERS."
    )

    def settings(self) -> Settings:
        """Return the settings of this process with the chosen runner and number of workers.

        Raises:
            SetupError: a setting of the environment is wrong.
        """
        found = load()
        changes: dict[str, object] = {"workers": self.workers} if self.workers else {}
        if self.runner != "settings":
            changes["runner"] = self.runner
        return found.model_copy(update={"run": found.run.model_copy(update=changes)})
