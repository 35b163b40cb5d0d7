"""Connect to the database of the settings, or to the embedded server, and repeat calls after passing faults.

`connect` opens, `with_retry` repeats a call. The type of a fault, or its code in `TRANSIENT_CODES`, tells
whether it passes.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, TypeVar

import pymongo
from bson.errors import BSONError
from pydantic import SecretStr
from pymongo import MongoClient, WriteConcern
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.uri_parser import parse_uri

from etl.model.errors import SetupError, TransientError, UnavailableError
from etl.settings import Settings, StoreSettings
from etl.store.driver import auth
from etl.store.driver.availability import Availability, tracking, wait_until_available
from etl.store.embedded import launcher

Doc = dict[str, Any]
Db = Database[Doc]
T = TypeVar("T")

# Elections, shutdowns, time-outs and write conflicts as servers name them; they pass.
TRANSIENT_CODES = frozenset({6, 7, 64, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})
UNAUTHORIZED = 13
REFUSED_CODES = frozenset({UNAUTHORIZED, 18})
DISK_FULL = 14031
# The server itself is at fault, as the embedded one whose disk was full a moment ago.
INTERNAL_CODES = frozenset({1, 8})
SCHEMES = ("mongodb://", "mongodb+srv://")
ATTEMPTS = 6
FIRST_WAIT = 0.1
SOCKET_SECONDS = 120
# A server that hangs is noticed when it has not answered a heartbeat for so long; then one that comes back is
# waited for as long as `store.timeout_seconds` says.
HEARTBEAT_MS = 2_000
HEARD_MS = 4_000
SEARCH_SECONDS = 10.0
GOODBYE_SECONDS = 0.5
AGAIN = "what was loaded stays, run again when it is back to go on"


class Client(MongoClient[Doc]):
    """The driver's client, which knows whether its server answers and its login may bypass validators."""

    may_bypass = True

    def __init__(self, uri: str, availability: Availability, options: Mapping[str, Any]) -> None:
        super().__init__(uri, event_listeners=[availability], **options)
        self.availability = availability

    def close(self) -> None:
        """Close as the driver does, but leave the thread that passes its events on to end by itself.

        The driver waits for that thread, which sleeps half a second at a time, and then passes on what is
        left in any case.
        """
        executor = getattr(self._topology, "_events_executor", None)
        if executor is not None:
            executor.join = _leave_alone
        super().close()


def _leave_alone(timeout: float | None = None) -> None:
    """Stand in for the wait for a thread that ends by itself."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open database; its URI may hold a password and is never shown."""

    client: Client
    database: Db
    uri: str = field(repr=False)

    def settings(self, settings: Settings) -> Settings:
        """Return the settings with the URI of this very database, for workers in other processes."""
        return settings.model_copy(update={"mongo_uri": SecretStr(self.uri)})


@contextmanager
def connect(settings: Settings) -> Iterator[Connection]:
    """Yield an open database that has answered; close it afterwards, and the embedded server if unused.

    Raises:
        SetupError: the URI is not one, or the login or a file of the settings cannot be used.
        UnavailableError: nobody answers, or the login is refused; within ``store.timeout_seconds``.
    """
    if settings.mongo_uri is None:
        _refuse_login(settings.store)
        with (
            launcher.serve(settings.data_dir, settings.store.cache_size) as uri,
            _opened(uri, settings) as db,
        ):
            yield db
    else:
        with _opened(settings.mongo_uri.get_secret_value(), settings) as db:
            yield db


def with_retry(action: Callable[[], T]) -> T:
    """Run a repeatable action, again while faults pass, and return its result.

    Raises:
        TransientError: it failed every time.
        UnavailableError: the server's disk is full.
    """
    begun = time.monotonic()
    if not wait_until_available():
        raise TransientError(f"the database answers no more; {AGAIN}")
    for attempt in range(ATTEMPTS):
        try:
            return action()
        except PyMongoError as error:
            if is_disk_full(error):
                raise UnavailableError(
                    f"the database has no space left on its disk (code {DISK_FULL}); "
                    "make room there, then run again to go on: what was loaded stays"
                ) from error
            if not is_transient(error):
                raise
            past = time.monotonic() - begun
            if attempt == ATTEMPTS - 1 or _away(error, past) or not wait_until_available():
                raise TransientError(
                    f"the database failed {attempt + 1} times within {past:.0f} s, last with "
                    f"{type(error).__name__.lstrip('_')}; {AGAIN}"
                ) from error
            time.sleep(pause_after(attempt))
    raise AssertionError("unreachable: the loop returns or raises")


def pause_after(attempt: int) -> float:
    """Return the seconds to wait after the failed attempt with this number, counted from 0.

    Workers that failed together at an election must not come back together, so the pause is a random one of
    the upper half.
    """
    whole: float = FIRST_WAIT * 2**attempt
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _away(error: PyMongoError, seconds: float) -> bool:
    """Check whether a server was looked for in vain as long as the settings say; a retry would take as long.

    The driver looks for it before its own second try, too, but then raises the error of the first one.
    """
    searched = isinstance(error, ConnectionFailure) and seconds > SEARCH_SECONDS
    return searched or isinstance(error, ServerSelectionTimeoutError)


def is_transient(error: PyMongoError) -> bool:
    """Check whether the same call may work a moment later."""
    if isinstance(error, AutoReconnect):
        return True
    return isinstance(error, OperationFailure) and (
        error.code in TRANSIENT_CODES or error.has_error_label("RetryableWriteError")
    )


def is_answering(client: MongoClient[Doc]) -> bool:
    """Check whether a writable server answered last; if none did, a last command to it only takes time."""
    return client.topology_description.has_writable_server()


def is_disk_full(error: PyMongoError) -> bool:
    """Check whether the server's disk is full, for the whole call or for one document of it."""
    if isinstance(error, BulkWriteError):
        return any(failed.get("code") == DISK_FULL for failed in error.details["writeErrors"])
    return isinstance(error, OperationFailure) and error.code == DISK_FULL


@contextmanager
def _opened(uri: str, settings: Settings) -> Iterator[Connection]:
    client = _client(uri, settings.store)
    try:
        concern = WriteConcern("majority", j=True)
        named = client.get_default_database(settings.store.database)
        _check(client, named.name, uri, settings.store.timeout_seconds)
        with tracking(client.availability):
            yield Connection(client, client.get_database(named.name, write_concern=concern), uri)
    except (PyMongoError, BSONError) as error:
        why = _gone(error) or _unforeseen(error)
        raise UnavailableError(f"MongoDB at {_hosts(uri)} {why}") from error
    finally:
        _close(client)


def _close(client: Client) -> None:
    """Close a client; in the background where its server does not answer."""
    if is_answering(client):
        client.close()
    else:
        Thread(target=_leave, args=(client,), daemon=True).start()


def _leave(client: Client) -> None:
    with pymongo.timeout(GOODBYE_SECONDS):
        client.close()


@contextmanager
def explain_errors(db: Db) -> Iterator[None]:
    """Turn a driver's error that makes the database unusable into one of ours, as `connect` does.

    For workers: a fault of the database must end the run, not quarantine the report at hand.

    Raises:
        UnavailableError: in the place of the driver's error.
    """
    try:
        with tracking(db.client.availability if isinstance(db.client, Client) else None):
            yield
    except PyMongoError as error:
        if why := _gone(error):
            raise UnavailableError(f"the database {db.name} {why}") from error
        raise


def _unforeseen(error: Exception) -> str:
    """Describe an answer of the server that no other message covers."""
    details = error.details or {} if isinstance(error, OperationFailure) else {}
    numbers = (str(details[key]) for key in ("code", "codeName") if key in details)
    named = ", ".join((type(error).__name__, *numbers))
    return f"did what nobody expects ({named}); see its log and `etl doctor`: what was loaded stays"


def _gone(error: Exception) -> str:
    """Say why a database cannot be used any further; empty where the fault lies in the request."""
    if isinstance(error, ConnectionFailure):
        return f"stopped answering ({type(error).__name__}); run again when it is back: what was loaded stays"
    code = error.code if isinstance(error, OperationFailure) else None
    if code == UNAUTHORIZED:
        return "refuses what this login asks for; use that of the writer, see `etl db init-users`"
    if code in INTERNAL_CODES:
        return (
            f"fails by a fault of its own (code {code}), as where its disk is full: see its log and "
            "`etl doctor`, mend that, then run again; what was loaded stays"
        )
    return ""


def _refuse_login(store: StoreSettings) -> None:
    """Refuse a login or TLS without a URI: the embedded server takes none, so they are meant for another."""
    if store.user or store.tls or store.tls_ca_file or store.tls_key_file:
        raise SetupError(
            "store.user or store.tls is set, but no database is named: the embedded server serves this "
            "machine only, without logins; set ETL_MONGO_URI, or unset them"
        )


def _client(uri: str, store: StoreSettings) -> Client:
    try:
        if not uri.startswith(SCHEMES):  # the driver would take it for the name of a host
            raise InvalidURI
        head, _, tail = uri.partition("://")[2].partition("/")
        if "@" in tail.partition("?")[0] and "@" not in head:
            raise InvalidURI  # a password with a slash: the driver would ask for a host of the user's name
        return Client(uri, Availability(store.timeout_seconds), _options(store))
    except OSError as error:
        raise SetupError(f"a file that ETL_MONGO_URI names cannot be used: {error.strerror}") from None
    except (ConfigurationError, ValueError, TypeError) as error:
        # The driver's words may quote the URI, and with it a password.
        raise SetupError(
            f"setting mongo_uri (ETL_MONGO_URI) is no MongoDB address ({type(error).__name__}); "
            "expected mongodb://host:port/database or mongodb+srv://host/database; "
            "in a password a slash is written %2F, an at sign %40, a colon %3A, a per cent sign %25"
        ) from None


def _options(store: StoreSettings) -> dict[str, Any]:
    wait = int(store.timeout_seconds * 1000)
    return {
        "tz_aware": True,
        "appname": "report-etl",
        "serverSelectionTimeoutMS": wait,
        "connectTimeoutMS": min(wait, HEARD_MS),
        "heartbeatFrequencyMS": HEARTBEAT_MS,
        "socketTimeoutMS": SOCKET_SECONDS * 1000,
        **auth.options(store),
    }


def _check(client: MongoClient[Doc], name: str, uri: str, timeout_seconds: float) -> None:
    try:
        # Unlike a ping, this is refused to those who have not logged in.
        client.get_database(name).command("listCollections", nameOnly=True, authorizedCollections=True)
    except ConnectionFailure as error:
        if why := auth.tls_failure(error):
            raise UnavailableError(
                f"the connection to MongoDB at {_hosts(uri)} cannot be encrypted safely: {why}; name the "
                "authority that signed its certificate with store.tls_ca_file, and the server by its name"
            ) from None
        raise UnavailableError(
            f"no MongoDB answers at {_hosts(uri)} within {timeout_seconds:g} s ({type(error).__name__}); "
            "start it, or correct ETL_MONGO_URI; a server that wants encryption needs tls=true there"
        ) from None
    except OperationFailure as error:
        refused = "refuses the login" if error.code in REFUSED_CODES else "answers with an error"
        raise UnavailableError(
            f"MongoDB at {_hosts(uri)} {refused} (code {error.code}); "
            "check user, password and authSource in ETL_MONGO_URI, or store.user and its password"
        ) from None


def _hosts(uri: str) -> str:
    try:
        return ", ".join(f"{host}:{port}" for host, port in parse_uri(uri)["nodelist"])
    except PyMongoError:
        return "the address of ETL_MONGO_URI"
