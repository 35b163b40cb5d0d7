"""The command line ``etl``: it parses, calls the rooms and prints, nothing else.

A new command is one function in the module of its theme and one line in `etl.cli.app.COMMANDS`.

The package imports everything, mostly inside functions; nothing imports it.
"""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    from etl.cli import app

    app.main()
