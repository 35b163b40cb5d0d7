"""Define `etl index`, which rebuilds the search index; it follows the database by itself otherwise.

A new command about it is a function here and a line in `etl.cli.app`.
"""

from etl.cli import options
from etl.cli.output import terminal


def build(mongo: options.Mongo = None, as_json: options.Json = False) -> None:
    """Build the search index anew from the database.

    Example: etl index build
    """
    from etl.wiring import index_of, open_store

    settings = options.settings(mongo)
    with open_store(settings) as store:
        count = index_of(settings, store).build(lambda done: terminal.print_note(f"{done} reports read"))
    if as_json:
        terminal.print_json({"indexed": count})
    else:
        terminal.print_result(f"indexed {count}")
