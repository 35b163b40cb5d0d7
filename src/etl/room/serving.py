"""Answer browsers: the room at an address, for as long as it is wanted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Thread

import uvicorn
from starlette.applications import Starlette

from etl.errors import SetupError, UnavailableError
from etl.room.application import app
from etl.room.context import Options
from etl.room.safety import LOCAL, Login
from etl.settings import Settings
from etl.wiring import open_store

# Seconds that pages under way have when the room closes.
PATIENCE = 5


def serve(settings: Settings, options: Options, say: Callable[[str], None]) -> None:
    """Answer until stopped.

    Raises:
        SetupError: others than this machine could decide about reports.
        UnavailableError: the address cannot be used, or no database answers.
    """
    with open_store(settings) as store:
        server = _server(settings, app(store, settings, options), options)
        say(f"the reading room is open at {address(settings)}")
        server.run()
        if not server.started:
            raise UnavailableError(_taken(settings))


@contextmanager
def answering(settings: Settings, say: Callable[[str], None]) -> Iterator[None]:
    """Answer beside other work for as long as the block runs, where ``room.serve`` says so."""
    if not settings.room.serve:
        yield
        return
    options = options_of(settings, read_only=settings.room.read_only)
    with open_store(settings) as store:
        server = _server(settings, app(store, settings, options), options)
        thread = Thread(target=server.run, name="etl-room", daemon=True)
        thread.start()
        say(f"the reading room is open at {address(settings)}")
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def options_of(settings: Settings, *, read_only: bool) -> Options:
    """How the settings open a room."""
    room = settings.room
    password = room.password.get_secret_value()
    login = Login(room.user, password) if password else None
    return Options(read_only, tuple(name.lower() for name in (*room.hosts, room.host)), login)


def address(settings: Settings) -> str:
    """Where a browser finds the room."""
    host = settings.room.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.room.port}/"


def _server(settings: Settings, application: Starlette, options: Options) -> uvicorn.Server:
    _refuse_strangers(settings.room.host, options)
    return uvicorn.Server(
        uvicorn.Config(
            application,
            host=settings.room.host,
            port=settings.room.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
        )
    )


def _refuse_strangers(host: str, options: Options) -> None:
    """Who is not at this machine may decide about reports only with a password."""
    if options.read_only or options.login or _is_local(host):
        return
    raise SetupError(
        f"at {host} anybody could decide about reports; give --read-only, or set room.password "
        "(ETL_ROOM__PASSWORD)"
    )


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL


def _taken(settings: Settings) -> str:
    return (
        f"{settings.room.host}:{settings.room.port} cannot be used, perhaps it is taken; name another one "
        "with --port or ETL_ROOM__PORT"
    )
