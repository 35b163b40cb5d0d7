"""Define the commands that change the database itself: the embedded server, files of databases, removal.

A new one is a function here and a line in `etl.cli.app`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options, secrets
from etl.cli.looking import nothing_held
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from etl.store.admin.dump import Moved
    from etl.store.admin.users import Kind


def start(as_json: options.Json = False) -> None:
    """Start the embedded database, which runs until it is stopped.

    Example: etl db start
    """
    from etl.store.embedded import launcher

    settings = options.settings()
    if settings.mongo_uri:
        raise SetupError("ETL_MONGO_URI names a database, so the embedded one is not used; unset it first")
    server = launcher.start(settings.data_dir, settings.store.cache_size)
    if as_json:
        terminal.print_json({"uri": server.uri, "pid": server.server.pid})
    else:
        terminal.print_result(server.uri)


def stop() -> None:
    """Stop the embedded database.

    Example: etl db stop
    """
    from etl.store.embedded import launcher

    settings = options.settings()
    ended = launcher.stop(settings.data_dir)
    if ended:
        terminal.print_note("the embedded database has stopped")
    elif launcher.status(settings.data_dir):
        terminal.print_note("the embedded database stops when the commands that use it have ended")
    else:
        terminal.print_note(f"no embedded database was running under {settings.data_dir}")


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder to write to.")],
    mongo: options.Mongo = None,
) -> None:
    """Write a whole database as JSON lines; waits for a run that is writing, and runs wait for it.

    Example: etl db export backup-2026-11
    """
    from etl.store.admin import dump
    from etl.store.coordination import lease, runs
    from etl.store.driver.connection import connect

    settings = options.settings(mongo)
    with connect(settings) as connection:
        database = connection.database
        # Collections are written one after the other, so a run in between would be half in them.
        with lease.hold_lease(database, runs.new_id(), "export", settings.run):
            moved = dump.export_database(database, folder, _moved)
    terminal.print_note(f"{sum(part.documents for part in moved)} documents written to {folder}")


def import_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `etl db export` wrote.")],
    mongo: options.Mongo = None,
) -> None:
    """Read an export into an empty database.

    Example: etl db import backup-2026-11 --mongo mongodb://localhost:27017/etl
    """
    from etl.store.admin import dump
    from etl.store.driver.connection import connect

    with connect(options.settings(mongo)) as connection:
        moved = dump.import_database(connection.database, folder, _moved)
    terminal.print_note(f"{sum(part.documents for part in moved)} documents read from {folder}")


def migrate(mongo: options.Mongo = None) -> None:
    """Bring a database of an older release to the present shape.

    Example: etl db migrate
    """
    from etl.store.coordination import lease, runs
    from etl.store.driver.connection import connect
    from etl.store.schema import collections, migrations

    settings = options.settings(mongo)
    with connect(settings) as connection:
        database = connection.database
        with lease.hold_lease(database, runs.new_id(), "migrate", settings.run):
            done = migrations.migrate(database, lambda number: terminal.print_note(f"shape {number}: done"))
            collections.ensure_schema(database, anew=True)
    terminal.print_note(f"database {database.name} has the present shape" + ("" if done else " already"))


def init_users(
    writer: Annotated[str, typer.Option("--writer", metavar="NAME", help="Who loads.")] = "etl_writer",
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Who only reads.")] = "etl_reader",
    passwords: Annotated[
        Path | None,
        typer.Option(
            "--passwords", metavar="FILE", help="Lines ETL_WRITER_PASSWORD=… and ETL_READER_PASSWORD=…"
        ),
    ] = None,
    mongo: options.Mongo = None,
) -> None:
    """Create or update the two users of a MongoDB, writer and reader, with the fewest rights that do.

    ETL_MONGO_URI names the database and an administrator. The passwords come from the variables
    ETL_WRITER_PASSWORD and ETL_READER_PASSWORD, from a file, or are asked for; never from the command line.

    Example: etl db init-users --passwords .env
    """
    from etl.store.admin import users
    from etl.store.driver.connection import connect

    settings = options.settings(mongo)
    if not settings.mongo_uri:
        raise SetupError(
            "the embedded database serves this machine only and has no users; name a MongoDB and its "
            "administrator with ETL_MONGO_URI"
        )
    given = secrets.variables(passwords) if passwords else {}
    kinds: tuple[tuple[Kind, str], ...] = (("writer", writer), ("reader", reader))
    logins = tuple(users.Login(kind, name, _password(kind, name, given)) for kind, name in kinds)
    with connect(settings) as connection:
        for user in users.prepare(connection.database, logins):
            terminal.print_result(f"{user.user}: {'made' if user.made else 'updated'}, role {user.role}")
        if users.is_open(connection.database):
            terminal.print_note(
                "the server asks nobody for a login: start it with --auth, or the users protect nothing"
            )


def _password(kind: "Kind", name: str, given: "Mapping[str, SecretStr]") -> "SecretStr":
    from etl.settings import secret

    variable = f"ETL_{kind.upper()}_PASSWORD"
    found = given.get(variable) or secret(variable) or secrets.ask(f"Password of {name}")
    if found is None:
        raise SetupError(
            f"no password for {name}: set {variable}, name a file with --passwords, or run this at a terminal"
        )
    return found


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="As `etl search` prints them.")],
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Delete reports, with their revisions and entities.

    Example: etl delete 1f6c0b9a2d3e4f5061728394
    """
    from etl.ingest import delete_reports

    _removed(delete_reports(ids, options.settings(mongo)), "deleted", as_json)


def drop(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="As `list` prints them.")] = None,
    reason: options.Reason = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is in quarantine.")] = False,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Remove reports from quarantine, with their bytes.

    Example: etl quarantine drop --reason format
    """
    from etl.ingest import delete_quarantined as remove

    if not (ids or reason or everything):
        raise SetupError("nothing to drop was named; give ids, --reason WORD, or --all")
    if everything and (ids or reason):
        raise SetupError("--all was given together with ids or --reason; choose one")
    count = remove(options.settings(mongo), ids or (), reason)
    _removed(count, "dropped", as_json)
    if not count:
        terminal.print_note(nothing_held(mongo))


def _moved(part: "Moved") -> None:
    terminal.print_note(f"{part.collection}: {part.documents}")


def _removed(count: int, name: str, as_json: bool) -> None:
    if as_json:
        terminal.print_json({name: count})
    else:
        terminal.print_result(f"{name} {count}")
