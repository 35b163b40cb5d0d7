"""Define `etl config`, which prints the effective configuration and the origin of each part.

What it shows is collected by `etl.in_force`.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.output import terminal

if TYPE_CHECKING:
    from etl.in_force import ConfigEntry

HEADINGS = {
    "setting": "settings",
    "words": "word lists",
    "fact": "facts",
    "deployment": "deployments",
    "unread": "files that nothing reads",
}


def config(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="Only names that begin with this: run, run.workers, people.toml ..."
        ),
    ] = "",
    own: Annotated[bool, typer.Option("--own", help="Only your own values.")] = False,
    schedules: Annotated[
        bool, typer.Option("--schedules", help="Print prefect.yaml as it is in force, for `prefect deploy`.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Show the effective configuration and its origins: settings, word lists, facts, deployments.

    Your own folder (ETL_CONFIG_DIR, or --config on any command) is laid over that of the package; the
    environment lies over both. Passwords are not shown.

    Example: etl config --own --config /etc/etl
    """
    from etl.in_force import entries

    settings = options.settings()
    if schedules:
        _print_schedules()
        return
    found = [one for one in entries(settings) if one.name.startswith(name) and (one.own or not own)]
    if as_json:
        for one in found:
            terminal.print_json(terminal.fields_of(one))
        return
    _tell_folders()
    _show(found)


def _print_schedules() -> None:
    import yaml

    from etl.orchestration.deployment_file import merge_files
    from etl.settings import own_dir

    terminal.print_result(
        yaml.safe_dump(merge_files(own_dir()), allow_unicode=True, sort_keys=False).rstrip()
    )


def _tell_folders() -> None:
    from etl.settings import config_dir, own_dir

    own = own_dir()
    said = str(own) if own else "none; name a folder in ETL_CONFIG_DIR or with --config"
    terminal.print_table([("package", config_dir()), ("your own", said)])


def _show(found: "Sequence[ConfigEntry]") -> None:
    for part, entries in groupby(found, key=attrgetter("part")):
        rows = [(one.name, _said(one.value), one.origin) for one in entries]
        terminal.print_result(f"\n{HEADINGS[part]}")
        terminal.print_columns(rows, indent="  ")
    if not found:
        terminal.print_note("no entry has this name, or none is your own")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "none" if value in {None, ""} else str(value)
