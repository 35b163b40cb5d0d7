"""Define `etl plan`, which predicts what a run would do and writes nothing.

How an action is shown is one line in `_show`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.jobs import NO_SOURCE, shown_counts
from etl.cli.output import terminal

if TYPE_CHECKING:
    from etl.ingest.dry_run import PlannedReport


def plan(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Files, folders, globs, archives, URLs; default: run.sources."),
    ] = None,
    same: Annotated[bool, typer.Option("--same", help="Show reports that stay as they are, too.")] = False,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Show what `etl run` would do, with the changes of each text; nothing is written.

    Example: etl plan /srv/reports
    """
    from etl.ingest.dry_run import plan as predict

    settings = options.settings(mongo)
    chosen = list(options.some(sources or settings.run.sources, NO_SOURCE))
    tell: Callable[[PlannedReport], None] = (
        (lambda planned: terminal.print_json(terminal.fields_of(planned)))
        if as_json
        else (lambda planned: _show(planned, same))
    )
    found = predict(chosen, settings, tell)
    if as_json:
        terminal.print_json({**found.counts.as_dict(), "gone": found.gone})
    else:
        terminal.print_table([*shown_counts(found.counts), ("gone", found.gone)])
        terminal.print_note("nothing was written; `etl run` with the same sources does this")
    if found.counts.quarantined or found.counts.left:
        raise typer.Exit(1)


def _show(planned: "PlannedReport", same: bool) -> None:
    if planned.action == "same" and not same and not planned.why:
        return
    why = f"  ({planned.why})" if planned.why else ""
    named = (f"{planned.action:<10}", planned.id, planned.uri + why)
    terminal.print_result("  ".join(filter(None, named)))
    for line in planned.diff[2:]:  # without the names of files, of which there are none
        terminal.print_result("    " + line)
