"""Serve a process that reads PDFs: receive files over its connection, one by one, and answer with readings.

It writes and opens no file, and ends with its parent. Started by `etl.read.pdf.process`.
"""

import faulthandler
import resource
import signal
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection

from etl.child_process import limit_memory
from etl.model.report import RawReport, Reading
from etl.read.limits import Limits
from etl.read.pdf.engine import limit_error
from etl.read.pdf.reader import Recognize, read_pdf
from etl.read.pdf.recognition import Picture, RecognitionRequest, RecognizedWord

# Beyond its limit, after which a process ends by itself whose parent died while it was reading.
GRACE_SECONDS = 60.0


def main(number: int) -> None:
    """Serve requests on the connection with this file descriptor, until the parent closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(number)
    while True:
        try:
            raw, limits, recognizes = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(None)
        limit_memory(limits.memory)
        _watch(limits)
        connection.send(_answer(raw, limits, partial(_ask, connection, limits) if recognizes else None))
        faulthandler.cancel_dump_traceback_later()


def _watch(limits: Limits) -> None:
    """End the process if it works `GRACE_SECONDS` over its limit, even if it holds the interpreter's lock."""
    faulthandler.dump_traceback_later(limits.seconds + GRACE_SECONDS, exit=True)


def _ask(connection: Connection, limits: Limits, picture: Picture, count: int) -> Sequence[RecognizedWord]:
    """Ask the parent for the words of a picture, however long that takes; ``count`` counts the pages."""
    faulthandler.cancel_dump_traceback_later()
    connection.send(RecognitionRequest(picture, count))
    words: Sequence[RecognizedWord] = connection.recv()
    _watch(limits)
    return words


def _answer(raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading | Exception:
    try:
        return read_pdf(raw, limits, recognize)
    except MemoryError:
        return limit_error("more in it than memory", f"{limits.memory} bytes (setting pdf.max_bytes)")
    except Exception as error:  # noqa: BLE001 - it belongs to who asked
        return error
