"""Tell whether the embedded server hangs: it neither answers nor computes.

`HangDetector.hangs` is asked again and again and never waits. A server that computes is left to it for a
while: it is busy, not hung. On systems that do not tell what a process computes only its answers count.
"""

import os
import select
import socket
import struct
import time
from contextlib import suppress

import bson

from etl.store.records.process import stat_fields

EVERY_SECONDS = 1.0
# Without an answer and without computing, and without an answer whatever it does.
IDLE_SECONDS = 4.0
BUSY_SECONDS = 60.0
OP_MSG = 2013


class HangDetector:
    """A watch over one server that asks it for a sign of life.

    Args:
        pid: process id of the server.
        port: its port on this machine; 0 while it is starting.
    """

    def __init__(self, pid: int, port: int = 0) -> None:
        self._pid, self._port = pid, port
        self._heard = self._moved = time.monotonic()
        self._used = cpu_ticks(pid)
        self._asked: float | None = None
        self._wire: socket.socket | None = None

    def hangs(self) -> bool:
        """Check whether the server has neither answered nor computed for too long; never wait for it."""
        moment = time.monotonic()
        if self._port:
            self._exchange(moment)
        used = cpu_ticks(self._pid)
        if used is not None and used != self._used:
            self._used, self._moved = used, moment
        quiet = moment - max(self._heard, self._moved)
        silent = moment - self._heard
        return (used is not None and quiet > IDLE_SECONDS) or (self._port > 0 and silent > BUSY_SECONDS)

    def close(self) -> None:
        """Close the connection to the server."""
        if self._wire:
            self._wire.close()
        self._wire, self._asked = None, None

    def _exchange(self, moment: float) -> None:
        """Take an answer that has arrived; ping again if none is awaited; close the connection on a fault."""
        with suppress(OSError):
            if self._wire and self._asked and select.select([self._wire], [], [], 0)[0]:
                if self._wire.recv(65_536):
                    self._heard, self._asked = moment, None
                else:
                    self.close()
            if self._asked is None and moment - self._heard >= EVERY_SECONDS:
                self._asked = moment
                self._wire = self._wire or socket.create_connection(("127.0.0.1", self._port), EVERY_SECONDS)
                self._wire.sendall(_ping())
            return
        self.close()


def cpu_ticks(pid: int) -> int | None:
    """Return how many clock ticks a process has computed so far; None where the system does not tell."""
    fields = stat_fields(pid)
    return None if fields is None else int(fields[11]) + int(fields[12])


def _ping() -> bytes:
    """Return the command ``ping`` as bytes of the wire protocol."""
    body = struct.pack("<iB", 0, 0) + bson.encode({"ping": 1, "$db": "admin"})
    return struct.pack("<iiii", 16 + len(body), os.getpid(), 0, OP_MSG) + body
