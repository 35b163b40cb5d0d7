"""Serve a process that reads PDFs: receive files over its connection, one by one, and answer with readings.

It writes and opens no file, and ends with its parent. Started by `etl.read.pdf.process`.
"""

import resource
import signal
import sys
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection

from etl.child_process.own_limits import limit_memory, limit_time
from etl.model.report import RawReport, Reading
from etl.read.limits import Limits
from etl.read.pdf.engine import limit_error
from etl.read.pdf.reader import Recognize, read_pdf
from etl.read.pdf.recognition import Picture, RecognitionRequest, RecognizedWord
from etl.read.pdf.witness import Witness


def main() -> None:
    """Serve requests on the connection whose number is the first argument, until the parent closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(int(sys.argv[1]))
    while True:
        try:
            raw, limits, recognizes = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(None)
        limit_memory(limits.memory)
        limit_time(limits.seconds)
        answer = _answer(raw, limits, partial(_ask, connection, limits) if recognizes else None)
        if Witness.spoiled:
            return  # unanswered, so that the parent has the file read again, without the witness
        connection.send(answer)
        limit_time(0)


def _ask(connection: Connection, limits: Limits, picture: Picture, count: int) -> Sequence[RecognizedWord]:
    """Ask the parent for the words of a picture, however long that takes; ``count`` counts the pages."""
    limit_time(0)
    connection.send(RecognitionRequest(picture, count))
    words: Sequence[RecognizedWord] = connection.recv()
    limit_time(limits.seconds)
    return words


def _answer(raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading | Exception:
    try:
        return read_pdf(raw, limits, recognize)
    except MemoryError:
        return limit_error("more in it than memory", f"{limits.memory} bytes (setting pdf.max_bytes)")
    except Exception as error:  # noqa: BLE001 - it belongs to who asked
        return error


if __name__ == "__main__":
    main()
