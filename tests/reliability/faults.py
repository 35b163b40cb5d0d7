"""Faults at the lowest boundary that Python has: messages to the database, calls of the file system, the clock.

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
from typing import Any, Self

from pymongo import common
from pymongo.errors import OperationFailure
from pymongo.synchronous.pool import Connection

from etl.ingest import attempt
from etl.store import connection, times

KILLED = 9
DISK_FULL = 14031
# What may happen at a call, by layer; those of the second row end the process, so they happen once.
FAULTS = {
    "db": ("cut", "torn", "lost answer", "disk full"),
    "file": ("input error", "vanished"),
    "clock": ("back", "forward"),
}
DEADLY = {"db": ("kill before", "kill after"), "file": ("kill before",), "clock": ()}


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


class Shim:
    """Counts calls and makes the fault happen.

    Args:
        fault: None to count only.
        folder: calls of the file system count when they are about something below it.
    """

    def __init__(self, fault: Fault | None, folder: str) -> None:
        self.calls: Counter[str] = Counter()
        self._fault = fault
        self._folder = folder

    def install(self) -> None:
        """Put this between the program and the world, and let it wait for nothing."""
        common.MIN_HEARTBEAT_INTERVAL = 0.01
        connection.FIRST_WAIT = 0.002  # type: ignore[misc]
        attempt.PAUSES = (0.0,)  # type: ignore[assignment]
        self._wrap_messages()
        for name in ("open", "stat", "scandir"):
            setattr(os, name, self._file_call(getattr(os, name)))
        times.datetime = self._clock()  # type: ignore[misc]

    def due(self, layer: str) -> str | None:
        """Count one call; the fault that happens at it."""
        self.calls[layer] += 1
        fault = self._fault
        if fault is None or fault.layer != layer:
            return None
        now = self.calls[layer]
        return fault.kind if now == fault.number or (fault.for_ever and now > fault.number) else None

    def _wrap_messages(self) -> None:
        send, receive = Connection.send_message, Connection.receive_message
        losing = set[Connection]()

        def sending(wire: Connection, message: bytes, size: int) -> None:
            if not wire.performed_handshake or wire.is_sdam:
                return self._greet(wire, send, (message, size))
            kind = self.due("db")
            if kind == "kill before":
                os._exit(KILLED)
            if kind == "disk full":
                raise OperationFailure("no space left on the server", DISK_FULL)
            if kind == "cut":
                wire._raise_connection_failure(ConnectionResetError(errno.ECONNRESET, "cut"))
            if kind == "torn":
                wire.conn.get_conn.sendall(message[: len(message) // 2])
                wire._raise_connection_failure(ConnectionResetError(errno.ECONNRESET, "cut in the middle"))
            if kind:
                losing.add(wire)
                self._losing = kind
            return send(wire, message, size)

        def receiving(wire: Connection, request: int | None) -> Any:  # noqa: ANN401 - the driver's type is its own
            reply = receive(wire, request)
            if wire in losing:
                losing.remove(wire)
                if self._losing == "kill after":
                    os._exit(KILLED)
                wire._raise_connection_failure(TimeoutError("timed out after it was applied"))
            return reply

        Connection.send_message, Connection.receive_message = sending, receiving  # type: ignore[method-assign]

    def _greet(self, wire: Connection, send: Callable[..., None], message: tuple[bytes, int]) -> None:
        """A new connection: refused where the server is gone for ever."""
        fault = self._fault
        gone = fault and fault.for_ever and fault.layer == "db" and fault.kind in ("cut", "torn")
        if gone and fault and self.calls["db"] >= fault.number:
            wire._raise_connection_failure(ConnectionRefusedError(errno.ECONNREFUSED, "refused"))
        send(wire, *message)

    def _file_call(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - as the functions of os
            if not str(path).startswith(self._folder):
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
