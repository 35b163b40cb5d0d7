"""Start a module as a process of its own, send it values over a connection, and end it."""

import os
import socket
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from typing import IO

# Until a process has begun on a busy machine; one that takes longer is broken.
START_SECONDS = 600.0


class ChildProcess:
    """A process that runs ``python -m module CONNECTION``, in a session of its own.

    It has a connection of its own, so that one that is killed in the middle of an answer harms no other, and
    gets no Ctrl-C, which is for whoever started it. ``words`` receives what it prints.
    """

    def __init__(self, module: str, words: IO[bytes] | int = subprocess.DEVNULL) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        self._connection = Connection(ours.detach())

    def send(self, said: object) -> None:
        """Send a value.

        Raises:
            OSError: the process has ended.
        """
        self._connection.send(said)

    def receive(self, end: float | None) -> object:
        """Return the child's next message; ``end`` is on the clock of `time.monotonic`, None waits for ever.

        Raises:
            TimeoutError: it said nothing until then.
            EOFError, OSError: the process has ended.
        """
        if not self._connection.poll(None if end is None else max(0.0, end - time.monotonic())):
            raise TimeoutError
        said: object = self._connection.recv()
        return said

    def alive(self) -> bool:
        """Check whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it, whatever it does; harmless where it has ended."""
        self._process.kill()

    def close(self) -> int:
        """End it and release it; return its exit status, negative for the signal that ended it."""
        self._process.kill()
        self._connection.close()
        return self._process.wait()
