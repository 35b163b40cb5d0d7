"""The body of a process that reads PDFs: it takes files from its connection, one by one, and answers.

It writes no file, opens none, and ends with its parent. Started by `etl.read.pdf.apart`.
"""

import faulthandler
import resource
import signal
from multiprocessing.connection import Connection

from etl.model import RawReport, Reading
from etl.read.limits import Limits
from etl.read.pdf.engine import too_much
from etl.read.pdf.reader import read_pdf

# Beyond its limit, after which a process ends by itself whose parent died while it was reading.
GRACE_SECONDS = 60.0


def main(number: int) -> None:
    """Serve the connection with this number until the parent has no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(number)
    while True:
        try:
            raw, limits = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(None)
        _bound(limits.memory)
        # Needs no lock of the interpreter: it also ends a process that is lost in a loop of the library.
        faulthandler.dump_traceback_later(limits.seconds + GRACE_SECONDS, exit=True)
        connection.send(_answer(raw, limits))
        faulthandler.cancel_dump_traceback_later()


def _bound(size: int) -> None:
    """Let the process take no more memory than so many bytes; 0 is no limit."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = size if size and most == resource.RLIM_INFINITY else min(size, most) if size else most
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _answer(raw: RawReport, limits: Limits) -> Reading | Exception:
    try:
        return read_pdf(raw, limits)
    except MemoryError:
        return too_much("more in it than memory", f"{limits.memory} bytes (setting pdf.max_bytes)")
    except Exception as error:  # noqa: BLE001 - it belongs to who asked
        return error
