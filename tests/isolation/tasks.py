"""Tasks for the workers' tests, in a module that a worker can import; each gets the tools last."""

import logging
import os
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from etl.isolation.processing import ProcessingTools
from etl.telemetry.timings import stage

log = logging.getLogger("etl.tests")
# Far more than a pipe holds.
LONG_ANSWER = 100_000_000


def number(_: ProcessingTools) -> int:
    """The process that did it."""
    return os.getpid()


def endless(path: Path, _: ProcessingTools) -> None:
    """Leave a file, then stay in a stage for as long as it may."""
    with stage("repair"):
        path.write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(3600)


def die(_: ProcessingTools) -> None:
    """End the process as the system does where memory is short, with a last word."""
    sys.stderr.write("no memory left\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(path: Path, tools: ProcessingTools) -> int:
    """Die, but for the second time."""
    if not path.exists():
        path.touch()
        die(tools)
    return os.getpid()


class Dying:
    """An answer in the middle of which its process is killed."""

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        """Begin to be sent, and die a moment later."""
        Thread(target=_die_soon, daemon=True).start()
        return (bytes, (bytes(LONG_ANSWER),))


def _die_soon() -> None:
    time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_answering(_: ProcessingTools) -> Dying:
    """Begin to answer and die."""
    return Dying()


def fail(_: ProcessingTools) -> None:
    """Raise."""
    raise ValueError("no")


def speak(_: ProcessingTools) -> None:
    """Write everywhere that a library writes, and log a line of ours."""
    sys.stdout.write("a library's word\n")
    sys.stderr.write("a library's word\n")
    os.write(1, b"a library's word\n")
    os.write(2, b"a library's word\n")
    log.warning("ours: %d", 1)
    logging.getLogger("library").warning("a library's word")


def stages(_: ProcessingTools) -> None:
    """Go through two stages."""
    for name in ("read", "repair"):
        with stage(name):
            pass
