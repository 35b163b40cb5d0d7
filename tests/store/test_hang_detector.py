import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import pytest

from etl.store.embedded import hang_detector
from etl.store.embedded.hang_detector import HangDetector

LIMIT_SECONDS = 60.0


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing; who does that for a moment is taken for one that hangs."""
    monkeypatch.setattr(hang_detector, "IDLE_SECONDS", 1.0)
    monkeypatch.setattr(hang_detector, "EVERY_SECONDS", 0.1)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        yield child
        child.kill()


def becomes(true: Callable[[], bool], seconds: float) -> bool:
    """Whether something becomes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def answer(listener: socket.socket) -> None:
    """Answer whatever one caller says, until he hangs up: with an answer unread that is a reset."""
    with suppress(ConnectionError), listener.accept()[0] as wire:
        while wire.recv(1000):
            wire.sendall(b"yes")


def test_idle_and_silent(idle: subprocess.Popen[bytes]) -> None:
    """A process that neither answers nor computes hangs, whether it has a port yet or not."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for port in (0, listener.getsockname()[1]):
            asked = HangDetector(idle.pid, port)
            assert becomes(asked.hangs, LIMIT_SECONDS)
            asked.close()


def test_answering(idle: subprocess.Popen[bytes]) -> None:
    """A process that does nothing but answer does not hang."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = Thread(target=answer, args=(listener,), daemon=True)
        answering.start()
        asked = HangDetector(idle.pid, listener.getsockname()[1])
        assert not becomes(asked.hangs, 3.0)
        asked.close()
        answering.join(LIMIT_SECONDS)
        assert not answering.is_alive()


def test_computing(idle: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that computes without an answer is busy, and hangs only after much longer."""
    ticks = iter(range(10**9))
    monkeypatch.setattr(hang_detector, "cpu_ticks", lambda _: next(ticks))
    monkeypatch.setattr(hang_detector, "BUSY_SECONDS", 4.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = HangDetector(idle.pid, listener.getsockname()[1])
        assert not becomes(asked.hangs, 2.0)
        assert becomes(asked.hangs, LIMIT_SECONDS)
        asked.close()
