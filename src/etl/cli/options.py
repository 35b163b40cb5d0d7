"""Define options that several commands share, and load the settings that they change.

A new shared option is one name here; every command that takes it says so in its signature.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.settings import Settings


class Runner(StrEnum):
    """The runners, which spread batches over workers."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


class ScriptName(StrEnum):
    """The scripts that a text can be written in."""

    HANS = "hans"
    HANT = "hant"


Mongo = Annotated[
    str | None,
    typer.Option(
        "--mongo", metavar="URI", help="MongoDB to use; default: ETL_MONGO_URI, else the embedded one."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, one object a line.")]
RunnerChoice = Annotated[
    Runner | None, typer.Option("--runner", help="How batches are spread; default: run.runner.")
]
Prefect = Annotated[
    bool,
    typer.Option("--prefect", help="Record the run in Prefect; the default where PREFECT_API_URL is set."),
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="WORD", help="Only those quarantined for this, as `list` prints it."),
]
Paths = Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders, globs, archives, URLs.")]
Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a report, as search prints it, or its first characters.")
]


def settings(mongo: str | None = None, runner: Runner | None = None) -> "Settings":
    """Load the settings, with those of the command line over them, and configure logging.

    Raises:
        SetupError: a setting is wrong.
    """
    from pydantic import SecretStr

    from etl.cli import secrets
    from etl.settings import load
    from etl.telemetry import logs

    if mongo:
        secrets.hide(mongo)
    found = load(mongo_uri=SecretStr(mongo)) if mongo else load()
    logs.configure(found.log)
    if runner is None:
        return found
    return found.model_copy(update={"run": found.run.model_copy(update={"runner": runner.value})})


def day(value: str | None, option: str) -> date | None:
    """Parse a day of the command line; None for None.

    Raises:
        SetupError: the value is no day like 2020-02-15.
    """
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise SetupError(f"{option} is {value!r}; expected a day like 2020-02-15") from error


def some(values: Sequence[str], what: str) -> Sequence[str]:
    """Return the values, of which there must be at least one.

    Raises:
        SetupError: there is none; ``what`` is its message.
    """
    if not values:
        raise SetupError(what)
    return values
