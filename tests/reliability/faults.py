"""Faults at the lowest boundary that Python has: messages to the database, calls of the file system, time.

`Shim` counts the calls of each layer and lets the n-th one fail; it is installed in a process of its
own and never taken out. A new fault is one entry in `FAULTS` and a branch of its layer.
"""

import errno
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

from pymongo import common
from pymongo.errors import OperationFailure
from pymongo.synchronous.pool import Connection

from etl.ingest.worker import isolation
from etl.store.driver import connection
from etl.store.records import clock

KILLED = 9
# Errors that the server answers with, and their codes; the first stands for any that nobody knows.
REFUSALS = {"exception": 8, "disk full": connection.DISK_FULL}
# The connection ends, with nothing or with half of the message sent.
CUTS = frozenset({"cut", "torn"})
# A message is held back and arrives a second time when the run has long ended, see `World.deliver`.
LATE = "late copy"
# What may happen at a call, by layer; those of the second row happen once: most end the process.
FAULTS = {
    "db": ("exception", "cut", "torn", "lost answer", "disk full"),
    "file": ("input error", "vanished"),
    "clock": ("back", "forward"),
}
ONCE = {"db": ("kill before", "kill after", LATE), "file": ("kill before",), "clock": ()}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at which call of a layer (from 1), once or from then on for ever."""

    layer: str
    kind: str
    number: int
    for_ever: bool = False

    def __str__(self) -> str:
        often = "from then on" if self.for_ever else "once"
        return f"{self.kind} at call {self.number} of {self.layer}, {often}"


def held_back(folder: str) -> Path:
    """The file of a message that arrives late, beside the inbox."""
    return Path(folder).parent / "late.bin"


class Shim:
    """Counts calls and makes the fault happen.

    Args:
        fault: None to count only.
        folder: calls of the file system count when they are about something below it.
    """

    def __init__(self, fault: Fault | None, folder: str) -> None:
        self.calls: Counter[str] = Counter()
        self.fault = fault
        self.folder = folder

    def install(self) -> None:
        """Put this between the program and the world, and let it wait for nothing."""
        common.MIN_HEARTBEAT_INTERVAL = 0.01
        connection.FIRST_WAIT = 0.002
        isolation.RETRY_PAUSES = (0.0,)  # type: ignore[assignment]
        Wires(self).install()
        for name in ("open", "stat", "scandir"):
            setattr(os, name, self._file_call(getattr(os, name)))
        setattr(clock, "datetime", self._clock())  # noqa: B010 - the module has no such name for others

    def due(self, layer: str) -> str | None:
        """Count one call; the fault that happens at it."""
        self.calls[layer] += 1
        fault = self.fault
        if fault is None or fault.layer != layer:
            return None
        now = self.calls[layer]
        return fault.kind if now == fault.number or (fault.for_ever and now > fault.number) else None

    def _file_call(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - as the functions of os
            if not str(path).startswith(self.folder):
                return real(path, *rest, **options)
            kind = self.due("file")
            if kind == "kill before":
                os._exit(KILLED)
            if kind == "input error":
                raise OSError(errno.EIO, os.strerror(errno.EIO), path)
            if kind == "vanished":
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return real(path, *rest, **options)

        return call

    def _clock(self) -> type[datetime]:
        shim = self

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                moment = cls.fromtimestamp(time.time(), tz)
                days = {"back": -2, "forward": 2}.get(shim.due("clock") or "", 0)
                return moment + timedelta(days=days)

        return Clock


class Wires:
    """The driver's connections, at which messages to the database and their answers get lost."""

    def __init__(self, shim: Shim) -> None:
        self._shim = shim
        self._losing: dict[Connection, str] = {}
        self._send, self._receive = Connection.send_message, Connection.receive_message

    def install(self) -> None:
        """Let every connection of this process send and receive through this."""

        def sending(wire: Connection, message: bytes, size: int) -> None:
            self._sending(wire, message, size)

        def receiving(wire: Connection, request: int | None) -> Any:  # noqa: ANN401 - the driver's type is its own
            return self._receiving(wire, request)

        Connection.send_message = sending  # type: ignore[method-assign, assignment]
        Connection.receive_message = receiving  # type: ignore[method-assign, assignment]

    def _sending(self, wire: Connection, message: bytes, size: int) -> None:
        if not wire.performed_handshake or wire.is_sdam:
            self._greet(wire)
        elif kind := self._shim.due("db"):
            self._fail(wire, kind, message)
        self._send(wire, message, size)

    def _fail(self, wire: Connection, kind: str, message: bytes) -> None:
        """Fail now, or note that the answer is lost."""
        if kind == "kill before":
            os._exit(KILLED)
        if kind == LATE:
            held_back(self._shim.folder).write_bytes(message)
            return
        if kind in REFUSALS:
            raise OperationFailure(kind, REFUSALS[kind])
        if kind == "torn":
            wire.conn.get_conn.sendall(message[: len(message) // 2])
        if kind in CUTS:
            wire._raise_connection_failure(ConnectionResetError(errno.ECONNRESET, kind))
        self._losing[wire] = kind

    def _greet(self, wire: Connection) -> None:
        """A new connection: refused where the server is gone for ever."""
        fault = self._shim.fault
        gone = fault and fault.for_ever and fault.layer == "db" and fault.kind in CUTS
        if gone and fault and self._shim.calls["db"] >= fault.number:
            wire._raise_connection_failure(ConnectionRefusedError(errno.ECONNREFUSED, "refused"))

    def _receiving(self, wire: Connection, request: int | None) -> Any:  # noqa: ANN401 - the driver's type is its own
        reply = self._receive(wire, request)
        if kind := self._losing.pop(wire, None):
            if kind == "kill after":
                os._exit(KILLED)
            wire._raise_connection_failure(TimeoutError("timed out after it was applied"))
        return reply
