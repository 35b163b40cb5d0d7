"""Hold the table of commands, and turn every expected error into a line and an exit status.

A new command is one line in `COMMANDS` or `GROUPS`; a new kind of failure one line in `STATUS`.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NoReturn

import typer

from etl.cli import (
    INTERRUPTED,
    STOPPED,
    configuration,
    database,
    exporting,
    facts,
    health,
    index,
    jobs,
    looking,
    planning,
    review,
    room,
    rule,
    searching,
    texts,
)
from etl.cli.command import Command, Config, with_common
from etl.cli.output import terminal
from etl.model.errors import EtlError, FencedError, RejectError, SetupError, TransientError, UnavailableError

HELP = """Turn broken Chinese report texts into clean, searchable documents in MongoDB.

Exit status: 0 done, 1 some reports were quarantined, 2 wrong use or settings, 3 could not run.
"""

COMMANDS: dict[str, Callable[..., None]] = {
    "run": jobs.run,
    "plan": planning.plan,
    "clean": texts.clean,
    "process": texts.process,
    "reprocess": jobs.reprocess,
    "status": looking.status,
    "show": looking.show,
    "search": searching.search,
    "review": review.review,
    "doctor": health.doctor,
    "config": configuration.config,
    "rule": rule.rule,
    "delete": database.delete,
    "room": room.room,
    "serve": jobs.serve,
}

GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "quarantine": (
        "Reports in quarantine: list, retry, drop.",
        {"list": looking.quarantined, "retry": jobs.retry, "drop": database.drop},
    ),
    "export": (
        "Export tables and documents.",
        {**{name: exporting.table(name) for name in exporting.TABLES}, "report": exporting.report},
    ),
    "facts": ("Test a fact pattern.", {"test": facts.try_out}),
    "index": ("The index of search.", {"build": index.build}),
    "db": (
        "The embedded database; databases as files.",
        {
            "start": database.start,
            "stop": database.stop,
            "export": database.export,
            "import": database.import_,
            "migrate": database.migrate,
            "init-users": database.init_users,
        },
    ),
}

STATUS: tuple[tuple[type[EtlError], int], ...] = (
    (SetupError, 2),
    (UnavailableError, 3),
    (TransientError, 3),
    (FencedError, 3),
    (RejectError, 1),
)


def build() -> typer.Typer:
    """Build the typer application with all commands and groups."""
    app = typer.Typer(
        name="etl", help=HELP, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback(invoke_without_command=True)(_root)
    for name, function in COMMANDS.items():
        app.command(name, cls=Command)(with_common(function))
    for name, (words, functions) in GROUPS.items():
        group = typer.Typer(help=words, rich_markup_mode=None)
        for command, function in functions.items():
            group.command(command, cls=Command)(with_common(function))
        app.add_typer(group, name=name)
    return app


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line, by default on the arguments of the process, and end it with the exit status."""
    terminal.use_utf8()
    status = status_of(list(sys.argv[1:] if arguments is None else arguments))
    terminal.finish()
    sys.exit(status)


def status_of(arguments: list[str]) -> int:
    """Run one command and return its exit status; an expected failure prints one line on standard error."""
    try:
        # Built for each call: the help names the kinds of facts of the configuration that is in force.
        result: Any = typer.main.get_command(build()).main(arguments, prog_name="etl", standalone_mode=False)
    except typer.TyperException as error:
        terminal.print_error(_usage(error))
        return 2
    except EtlError as error:
        terminal.print_error(str(error))
        return next(status for kind, status in STATUS if isinstance(error, kind))
    except (typer.Abort, KeyboardInterrupt):
        terminal.print_error(STOPPED)
        return INTERRUPTED
    except UnicodeEncodeError:
        if not (odd := [word for word in arguments if not _is_utf8(word)]):
            raise
        terminal.print_error(f"{odd[0]!r} is not UTF-8; type it in UTF-8, or name the folder above it")
        return 2
    except OSError as error:
        terminal.print_error(
            f"{error.filename or 'the system'}: {error.strerror or error}; mend that and run again"
        )
        return 3
    return result if isinstance(result, int) else 0


def _is_utf8(word: str) -> bool:
    """Check whether a word of the command line is UTF-8; other bytes have become lone surrogates."""
    return word.isascii() or word.encode("utf-8", "replace").decode() == word


def _usage(error: typer.TyperException) -> str:
    """Return what typer found wrong, with the command whose help says what is allowed."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "etl"
    words = getattr(error, "format_message", lambda: str(error))()
    return f"{words.rstrip('.')}; see `{command} --help`"


def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    config: Config = None,
) -> None:
    del config  # its callback has dealt with it
    if version:
        from importlib.metadata import version as installed

        terminal.print_result(f"etl {installed('report-etl')}")
    elif context.invoked_subcommand is None:
        terminal.print_result(context.get_help())
