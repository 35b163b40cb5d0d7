"""Define the commands that load: `etl run`, `etl reprocess`, `etl quarantine retry`, `etl serve`.

A new job is a function here that makes a `Summary` and hands it to `_report`.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli import options
from etl.cli.looking import nothing_held
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.ingest import RunStats, Summary
    from etl.settings import Settings

NO_SOURCE = (
    "no source was named and setting run.sources (ETL_RUN__SOURCES) is empty; "
    "name a file, folder, glob, archive or URL, as in `etl run samples`"
)
# What a summary on a terminal leaves out where it is nothing.
QUIET_ZEROS = ("skipped", "left", "repaired", "needs_review")


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Files, folders, globs, archives, URLs; default: run.sources."),
    ] = None,
    mongo: options.Mongo = None,
    runner: options.RunnerChoice = None,
    prefect: options.Prefect = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print one of the reports, before and after.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="List the files that were skipped, each with its reason.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Load reports that are new or have changed.

    Example: etl run samples --mongo mongodb://localhost:27017/etl
    """
    from etl.sources.names import refuse_passwords

    settings = options.settings(mongo, runner)
    chosen = list(options.some(sources or settings.run.sources, NO_SOURCE))
    refuse_passwords(chosen)  # before Prefect notes them
    with terminal.Progress("loading", terminal.count_ahead(chosen, settings)) as progress:
        summary = _job("ingest", {"sources": chosen}, settings, (prefect, progress))
    _report(summary, as_json, verbose=verbose)
    if example and not as_json:
        from etl.cli.output.example import show_one

        show_one(chosen, settings)
    _leave(summary)


def reprocess(
    stale: Annotated[
        bool, typer.Option("--stale", help="Reports that older rules or settings made; the default.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="All reports.")] = False,
    ids: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="This report; repeatable.")
    ] = None,
    mongo: options.Mongo = None,
    runner: options.RunnerChoice = None,
    prefect: options.Prefect = False,
    as_json: options.Json = False,
) -> None:
    """Make reports again from their stored bytes.

    Example: etl reprocess --stale
    """
    if stale + everything + bool(ids) > 1:
        raise SetupError("--stale, --all and --id were given together; choose one")
    settings = options.settings(mongo, runner)
    job = {"selection": "all" if everything else "stale", "ids": ids or []}
    with terminal.Progress("reprocessing", None) as progress:
        summary = _job("reprocess", job, settings, (prefect, progress))
    _report(summary, as_json)
    _leave(summary)


def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="As `list` prints them; default: all.")
    ] = None,
    reason: options.Reason = None,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Try quarantined reports again.

    Example: etl quarantine retry --reason encoding
    """
    from etl.ingest import retry as again

    with terminal.Progress("trying again", None) as progress:
        summary = again(options.settings(mongo), ids or (), reason, progress)
    _report(summary, as_json)
    if not (summary.counts.read or summary.counts.left):
        terminal.print_note(nothing_held(mongo))
    _leave(summary)


def serve(
    mongo: options.Mongo = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Runs at the same time.")] = 2,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port", min=0, max=65_535, help="Of /metrics and /health; default: watch.port."
        ),
    ] = None,
    setup: Annotated[
        bool,
        typer.Option("--setup", help="Only prepare the server of PREFECT_API_URL for workers, and leave."),
    ] = False,
) -> None:
    """Run the flows of config/prefect.yaml on their schedules.

    Example: ETL_RUN__SOURCES='["/srv/reports"]' etl serve
    """
    from etl.monitor import answering
    from etl.orchestration import serving
    from etl.room import serving as room

    settings = options.settings(mongo)
    if setup:
        terminal.print_note(f"crashed runs will show as crashed at {serving.set_up(settings)}")
        return
    if not settings.run.sources:
        raise SetupError(
            "setting run.sources (ETL_RUN__SOURCES) is empty, so the scheduled ingest has nothing to read; "
            'set it like ["/srv/reports"]'
        )
    with (
        answering(settings, metrics_port, terminal.print_note),
        room.serve_beside(settings, terminal.print_note),
    ):
        serving.serve(settings, limit, terminal.print_note)


def _job(
    name: str, job: dict[str, Any], settings: "Settings", how: "tuple[bool, terminal.Progress]"
) -> "Summary":
    """Run a job through its Prefect flow where a server records it, else directly; the code is the same."""
    from etl import ingest
    from etl.orchestration import flow_calls

    prefect, progress = how
    if prefect:  # its server takes UTF-8 alone, and up to a minute to start
        json.dumps(job, ensure_ascii=False, default=str).encode()
    with flow_calls.recording(settings, terminal.print_note, asked=prefect) as recorded:
        if recorded:
            return flow_calls.call(name, job, progress)
    if name == "ingest":
        return ingest.ingest(job["sources"], settings, progress)
    return ingest.reprocess(job["ids"] or job["selection"], settings, progress)


def shown_counts(counts: "RunStats") -> list[tuple[str, int]]:
    """Return the counts that a person wants to see: without zeros of `QUIET_ZEROS`."""
    return [(name, n) for name, n in counts.as_dict().items() if n or name not in QUIET_ZEROS]


def _report(summary: "Summary", as_json: bool, *, verbose: bool = False) -> None:
    counts, why = summary.counts.as_dict(), summary.counts.why_skipped if verbose else ()
    if as_json:
        more = {"why_skipped": [terminal.fields_of(one) for one in why]} if verbose else {}
        head = {**counts, "seconds": summary.seconds, "run": summary.run_id, "state": summary.state}
        terminal.print_json({**head, **more})
        return
    terminal.print_table([*shown_counts(summary.counts), ("seconds", f"{summary.seconds:.1f}")])
    terminal.print_skipped(why)
    if summary.counts.skipped and not verbose:
        terminal.print_note("see `etl status --skipped` for what was skipped, and why")
    if summary.counts.quarantined:
        terminal.print_note("see `etl quarantine list` for what was quarantined, and why")
    if summary.counts.left:
        early = "ended early, as it was asked to; " if summary.state == "stopped" else ""
        terminal.print_note(f"{early}{summary.counts.left} reports are left; run again to load them")


def _leave(summary: "Summary") -> None:
    if summary.counts.quarantined or summary.counts.left:
        raise typer.Exit(1)
