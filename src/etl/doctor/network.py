"""Check what the settings name on the network: a port to listen on, a webhook, a Dask scheduler.

A new check is a function in `CHECKS`.
"""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

from etl.doctor import remedies
from etl.doctor.finding import Finding, ok, problem
from etl.logins import without_login
from etl.settings import Settings

TIMEOUT_SECONDS = 1.0
PORTS = {"http": 80, "https": 443}
ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - asked for, not bound
FREE_AMONG = 50
DASK_SCHEMES = frozenset({"tcp", "tls", "ws", "wss", "ucx", "inproc"})


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings of all checks."""
    return (check(settings) for check in CHECKS)


def check_port(settings: Settings) -> Finding:
    """Check whether `etl serve` can listen on its port, or already does."""
    host, wanted = settings.watch.host, settings.watch.port
    if not wanted:
        return ok("port", "watch.port is 0: `etl serve` answers no monitors")
    why = _refused(host, wanted)
    if not why:
        return ok("port", f"{host}:{wanted} is free for `etl serve`")
    if _serving("127.0.0.1" if host in ANYWHERE else host, wanted):
        return ok("port", f"`etl serve` answers at {host}:{wanted}")
    found = f"{host}:{wanted} (watch.host, watch.port) cannot be used: {why}"
    return problem("port", found, _other_place("watch", host, wanted))


def check_webhook(settings: Settings) -> Finding:
    """Check whether the host of the webhook answers; its address is secret, and nothing is sent."""
    address = settings.notify.webhook.get_secret_value()
    if not address:
        return ok("webhook", "notify.webhook is empty: nobody is told of failures")
    mend = remedies.change_setting("notify.webhook", "https://HOST/PATH")
    try:
        parts = urlsplit(address)
        host, number = parts.hostname, parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, number = None, 0
    if not host:
        return problem("webhook", "notify.webhook is no address that begins with https:// or http://", mend)
    why = why_unreachable(host, number)
    if why:
        return problem("webhook", f"notify.webhook cannot be reached: {why}", mend)
    return ok("webhook", "the host of notify.webhook answers")


def check_dask(settings: Settings) -> Finding:
    """Check whether the Dask scheduler of the settings answers, if runs use one."""
    address = settings.run.dask_address
    if settings.run.runner != "dask" or not address:
        return ok("dask", "runs use no Dask scheduler of others")
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, number = parts.hostname or "", parts.port or 8786
    except ValueError:
        parts, host, number = None, "", 0
    if not parts or not host or parts.scheme not in DASK_SCHEMES or "@" in parts.netloc:
        shown = without_login(address if "://" in address else f"tcp://{address}")
        found = f"run.dask_address is {shown!r}, which is no address like tcp://HOST:8786"
        return problem("dask", found, remedies.change_setting("run.dask_address", "tcp://HOST:8786"))
    why = why_unreachable(host, number)
    if not why:
        return ok("dask", f"a scheduler answers at {host}:{number}")
    mend = f"dask scheduler --host {host} --port {number}"
    if host not in remedies.LOCAL:
        mend = f"ssh {host} dask scheduler --port {number}"
    return problem("dask", f"no Dask scheduler answers at {host}:{number} (run.dask_address): {why}", mend)


def check_room_port(settings: Settings) -> Finding:
    """Check whether `etl serve` can open the reading room at its port, or has it open already."""
    room, watch = settings.room, settings.watch
    if not room.serve:
        return ok("room", "room.serve is off: `etl serve` opens no reading room")
    why = _refused(room.host, room.port)
    if not why or (
        watch.port and _serving("127.0.0.1" if watch.host in ANYWHERE else watch.host, watch.port)
    ):
        return ok("room", f"{room.host}:{room.port} is there for the reading room")
    found = f"{room.host}:{room.port} (room.host, room.port) cannot be used: {why}"
    return problem("room", found, _other_place("room", room.host, room.port))


def _other_place(group: str, host: str, taken: int) -> str:
    """Return the remedy for a port that cannot be used: the next free one, or this machine where none is."""
    others = range(taken + 1, min(taken + FREE_AMONG, 65_536))
    free = next((one for one in others if not _refused(host, one)), 0)
    if free:
        return remedies.change_setting(f"{group}.port", str(free))
    return remedies.change_setting(f"{group}.host", "127.0.0.1")


CHECKS = (check_port, check_room_port, check_webhook, check_dask)


def why_unreachable(host: str, number: int) -> str:
    """Return why no connection can be made; "" where one can."""
    try:
        socket.create_connection((host, number), TIMEOUT_SECONDS).close()
    except socket.gaierror:
        return "its host's name is not known"
    except TimeoutError:
        return f"no answer within {TIMEOUT_SECONDS:g} s"
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _refused(host: str, number: int) -> str:
    """Return why a port cannot be listened on; "" where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            return error.strerror or type(error).__name__
    return ""


def _serving(host: str, number: int) -> bool:
    """Check whether the server that answers there is `etl serve`, by its /health."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{number}/health"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
            return "database" in json.load(answer)
    except urllib.error.HTTPError as error:
        return b'"database"' in error.read()
    except (OSError, ValueError):
        return False
