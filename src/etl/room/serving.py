"""Serve the room to browsers at an address, until it is stopped."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from threading import Thread

import uvicorn

from etl.model.errors import EtlError, SetupError, UnavailableError
from etl.model.report import RawReport
from etl.room.application import app
from etl.room.context import Options
from etl.room.safety import LOCAL, BasicAuth
from etl.settings import Settings
from etl.store.query.client import Store
from etl.store.query.finding import Search
from etl.wiring import decode, open_store

# Seconds that pages under way have when the room closes.
PATIENCE = 5


def serve(settings: Settings, options: Options, say: Callable[[str], None]) -> None:
    """Serve the room until it is stopped.

    Raises:
        SetupError: others than this machine could decide about reports.
        UnavailableError: the address cannot be used, or no database answers.
    """
    with _opened(settings, options) as (server, listening):
        say(f"the reading room is open at {address(settings, listening)}")
        server.run([listening])


@contextmanager
def serve_beside(settings: Settings, say: Callable[[str], None]) -> Iterator[None]:
    """Serve the room beside other work while the block runs, where ``room.serve`` is set.

    A room that cannot be opened is said and stops nothing: loading reports matters more.
    """
    with ExitStack() as closing:
        if settings.room.serve:
            say(_answer(settings, closing))
        yield


def _answer(settings: Settings, closing: ExitStack) -> str:
    """Open the room until ``closing``; return in words whether it is open."""
    options = room_options(settings, read_only=settings.room.read_only)
    try:
        server, listening = closing.enter_context(_opened(settings, options))
    except (SetupError, UnavailableError) as error:
        return f"the reading room is not open: {error}"
    thread = Thread(target=server.run, args=([listening],), name="etl-room", daemon=True)
    thread.start()
    closing.callback(_end, server, thread)
    return f"the reading room is open at {address(settings, listening)}"


def _end(server: uvicorn.Server, thread: Thread) -> None:
    server.should_exit = True
    thread.join(PATIENCE)


@contextmanager
def _opened(settings: Settings, options: Options) -> Iterator[tuple[uvicorn.Server, socket.socket]]:
    """Open a server that is ready to run, and the port at which it will answer."""
    _refuse_strangers(settings.room.host, options)
    with open_store(settings) as store, _listening(settings) as listening:
        Thread(target=_warm, args=(store,), name="etl-room-warm", daemon=True).start()
        config = uvicorn.Config(
            app(store, settings, options),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
        )
        yield uvicorn.Server(config), listening


def _warm(store: Store) -> None:
    """Load what the first search and the first report need, before somebody waits for it."""
    with suppress(EtlError):
        decode(RawReport("memory:warm.txt", "text/plain", b"warm"))
        store.find(Search(words="\u6696", limit=1))


def room_options(settings: Settings, *, read_only: bool) -> Options:
    """Return the options with which the settings open a room."""
    room = settings.room
    password = room.password.get_secret_value()
    login = BasicAuth(room.user, password) if password else None
    return Options(read_only, tuple(name.lower() for name in (*room.hosts, room.host)), login)


def address(settings: Settings, listening: socket.socket) -> str:
    """Return the address at which a browser finds the room."""
    host, port = settings.room.host, listening.getsockname()[1]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _listening(settings: Settings) -> socket.socket:
    """Bind the port of the settings."""
    host, port = settings.room.host, settings.room.port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise UnavailableError(
            f"{host}:{port} cannot be used ({why}); name another with ETL_ROOM__PORT or `etl room --port`"
        ) from error


def _refuse_strangers(host: str, options: Options) -> None:
    """Refuse to serve other machines where anybody could decide about reports without a password."""
    if options.read_only or options.login or _is_local(host):
        return
    raise SetupError(
        f"at {host} anybody could decide about reports; set room.read_only (--read-only), or room.password "
        "(ETL_ROOM__PASSWORD)"
    )


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL
