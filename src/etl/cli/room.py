"""Define `etl room`, which serves the reading room to a browser."""

from typing import Annotated

import typer

from etl.cli import options
from etl.cli.output import terminal


def room(
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Where to answer; default: room.host.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65_535, help="At which port, 0 for any; default: room.port."),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Read only: no decisions, corrections or retries.")
    ] = False,
    mongo: options.Mongo = None,
) -> None:
    """Open the reading room: find, read and correct stored reports in a browser.

    Example: etl room --port 8700
    """
    from etl.room import serving

    settings = options.settings(mongo)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"room": settings.room.model_copy(update=given)})
    chosen = serving.room_options(settings, read_only=read_only or settings.room.read_only)
    serving.serve(settings, chosen, terminal.print_note)
