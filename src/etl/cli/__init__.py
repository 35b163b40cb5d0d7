"""Run the command line ``etl``: parse arguments, call the packages below and print, nothing else.

A new command is one function in the module of its theme and one line in `etl.cli.app.COMMANDS`.

`app` holds the table of commands. Loading: `jobs`, `planning`, `example`, `bar`. Without a database: `texts`,
`names`, `facts`. Looking: `looking`, `changes`, `ledger`, `searching`, `rule`. Reviewing: `review`,
`correcting`. Operating: `database`, `index`, `health`, `configuration`, `secrets`, `exporting`, `room`. All
share `command`, `options`, `filters` and `terminal`.

The package imports everything, mostly inside functions; nothing imports it.
"""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    from etl.cli import app

    app.main()
