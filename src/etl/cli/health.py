"""Define `etl doctor`, which finds what keeps the product from working, and the command that mends it.

The checks are in `etl.doctor`.
"""

from typing import TYPE_CHECKING

import typer

from etl.cli import options
from etl.cli.output import terminal

if TYPE_CHECKING:
    from etl.doctor import Finding


def doctor(mongo: options.Mongo = None, as_json: options.Json = False) -> None:
    """Find what is wrong with the installation, the machine, the database and the schedules.

    Looks for five seconds at most, without the internet, and changes nothing. Status 1 where
    something is wrong.

    Example: etl doctor --json
    """
    from etl.doctor import examine

    findings = examine(lambda: options.settings(mongo))
    for finding in findings:
        if as_json:
            terminal.print_json(terminal.fields_of(finding))
        else:
            _show(finding)
    if any(finding.state == "problem" for finding in findings):
        raise typer.Exit(1)


def _show(finding: "Finding") -> None:
    terminal.print_result(f"{finding.state:<7}  {finding.check:<12}  {finding.found}")
    if finding.mend:
        terminal.print_result(f"{'':<7}  {'mend with':<12}  {finding.mend}")
