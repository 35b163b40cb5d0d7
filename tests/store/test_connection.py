import os
import signal
import threading
from pathlib import Path

import pytest
from bson.errors import InvalidDocument
from pydantic import SecretStr
from pymongo.errors import (
    AutoReconnect,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteError,
)
from pymongo.periodic_executor import PeriodicExecutor
from tests.store.guarded import running
from tests.waiting import freeze, until

from etl.model.errors import EtlError, SetupError, TransientError, UnavailableError
from etl.settings import Settings, load
from etl.store.driver.availability import Availability
from etl.store.driver.connection import SOCKET_SECONDS, connect, is_transient, pause_after, with_retry
from etl.wiring import open_store


def test_nobody_answers() -> None:
    """A database that is not there ends the attempt within the time-out, in words without the password."""
    settings = load(mongo_uri=SecretStr("mongodb://writer:sesame@127.0.0.1:1/reports"))
    short = settings.model_copy(update={"store": settings.store.model_copy(update={"timeout_seconds": 0.5})})
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1 within 0\.5 s") as caught, connect(short):
        pass
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("uri", ["http://sesame@x", "mongodb://u:ses@me:sesame@h", "mongodb://", "sesame"])
def test_no_address(uri: str) -> None:
    """What is no address is a wrong setting, named without quoting it."""
    with pytest.raises(SetupError, match="ETL_MONGO_URI") as caught, connect(load(mongo_uri=SecretStr(uri))):
        pass
    assert "sesame" not in str(caught.value)


def test_closing_waits_for_no_thread(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client is closed without waiting for the driver's thread for events, which then ends by itself."""
    waited: list[float | None] = []
    monkeypatch.setattr(PeriodicExecutor, "join", lambda _, timeout=None: waited.append(timeout))
    others = set(threading.enumerate())
    with connect(settings):
        (thread,) = (
            one for one in set(threading.enumerate()) - others if one.name == "pymongo_events_thread"
        )

    assert waited == []
    assert until(lambda: not thread.is_alive())


def test_steady_repeats() -> None:
    """A fault that passes is not seen by the caller."""
    faults = [AutoReconnect("away")]

    def ask() -> int:
        if faults:
            raise faults.pop()
        return 7

    assert with_retry(ask) == 7


def test_steady_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that does not pass becomes a TransientError after a bounded number of tries."""
    monkeypatch.setattr("etl.store.driver.connection.FIRST_WAIT", 0.0)
    tries = []

    def ask() -> None:
        tries.append(1)
        raise AutoReconnect("away")

    with pytest.raises(TransientError):
        with_retry(ask)
    assert len(tries) == 6


def test_steady_waits_apart() -> None:
    """Workers that failed at the same moment wait for different times, each for twice as long every time."""
    waits = {attempt: {pause_after(attempt) for _ in range(50)} for attempt in range(5)}

    for attempt, found in waits.items():
        assert len(found) > 1
        assert 0.05 * 2**attempt <= min(found) <= max(found) <= 0.1 * 2**attempt


@pytest.mark.parametrize("error", [ServerSelectionTimeoutError("away"), AutoReconnect("away")])
def test_steady_looks_once(monkeypatch: pytest.MonkeyPatch, error: PyMongoError) -> None:
    """A server that could not be found, or was looked for in vain for long, is not looked for again."""
    monkeypatch.setattr("etl.store.driver.connection.SEARCH_SECONDS", -1.0)
    tries = []

    def ask() -> None:
        tries.append(1)
        raise error

    with pytest.raises(TransientError, match="failed 1 times"):
        with_retry(ask)
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (AutoReconnect("x"), True),
        (OperationFailure("x", 112), True),
        (OperationFailure("x", 121), False),
        (OperationFailure("x", 13), False),
    ],
)
def test_passing(error: PyMongoError, passes: bool) -> None:  # noqa: FBT001
    """Only faults that a moment may cure are tried again."""
    assert is_transient(error) is passes


@pytest.mark.mongo
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationFailure("internal server error", 1), "code 1"),
        (OperationFailure("not authorized", 13), "init-users"),
        (AutoReconnect("sesame"), "stopped answering"),
        (OperationFailure("sesame", 59, {"code": 59, "codeName": "CommandNotFound"}), "59, CommandNotFound"),
        (WriteError("sesame", 2, {"code": 2}), "WriteError, 2"),
        (InvalidOperation("sesame"), "InvalidOperation"),
        (InvalidDocument("sesame"), "InvalidDocument"),
    ],
)
def test_gone_meanwhile(settings: Settings, error: Exception, words: str) -> None:
    """A database that fails in the middle of a command ends it in a sentence, not in the driver's words."""
    with pytest.raises(UnavailableError, match=words) as caught, connect(settings):
        raise error
    assert "sesame" not in str(caught.value)


@pytest.mark.mongo
def test_readers_hear_our_words(settings: Settings) -> None:
    """What the driver raises within a store ends in a sentence, too."""
    with pytest.raises(UnavailableError, match="nobody expects"), open_store(settings):
        raise OperationFailure("sesame", 59)


@pytest.mark.mongo
@pytest.mark.timeout(SOCKET_SECONDS)
def test_server_that_hangs(tmp_path: Path) -> None:
    """A server that hangs ends what is under way in a sentence, long before its connection would time out."""
    with running(tmp_path, []) as (port, server):
        address = SecretStr(f"mongodb://127.0.0.1:{port}/?directConnection=true")
        settings = load(mongo_uri=address)
        store = settings.store.model_copy(update={"timeout_seconds": 2.0})
        with connect(settings.model_copy(update={"store": store})) as connection:
            connection.database.things.insert_one({"_id": 1})
            freeze(server.pid)
            with pytest.raises(TransientError, match="last with"):
                with_retry(lambda: connection.database.things.count_documents({}))
            with pytest.raises(TransientError, match="answers no more"):
                with_retry(lambda: pytest.fail("it is asked once more, and waited for as long again"))
            os.kill(server.pid, signal.SIGCONT)
            assert until(lambda: not connection.client.availability.lost)
            assert with_retry(lambda: connection.database.things.count_documents({})) == 1
        server.kill()


@pytest.mark.mongo
def test_lost_server_is_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that begins while a server is lost waits until it is back, and is not made before."""
    answers = iter([True, True, False])
    with connect(settings) as connection:
        monkeypatch.setattr(Availability, "lost", property(lambda _: next(answers)))
        assert with_retry(lambda: connection.database.things.count_documents({})) == 0
        assert list(answers) == []


def test_errors_are_ours() -> None:
    """Callers can catch everything that this module raises as one type."""
    assert issubclass(SetupError, EtlError)
    assert issubclass(UnavailableError, EtlError)
