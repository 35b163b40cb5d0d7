"""Read each PDF in a separate process, so that a crash, a hang or too much memory ends only that process.

`read_pdf` uses an idle process, or starts one; `child` answers. What a file may take are `Limits`.
"""

import atexit
import os
import time
from contextlib import suppress
from dataclasses import replace
from threading import Lock

from etl.child_process.handle import START_SECONDS, ChildProcess
from etl.model.errors import RejectError
from etl.model.ids import sha256
from etl.model.report import RawReport, Reading
from etl.read.limits import Limits
from etl.read.pdf import reader
from etl.read.pdf.engine import limit_error
from etl.read.pdf.reader import Recognize
from etl.read.pdf.recognition import RecognitionRequest
from etl.read.pdf.recognizer import RecognitionCache, is_installed

# The first death may be another's fault, as where memory was short, or that of the witness, which is then not
# asked again.
TRIES = 2


def read_pdf(raw: RawReport, limits: Limits) -> Reading:
    """Read the text of a PDF in a process of its own; in this one where the time is not limited.

    Raises:
        RejectError: as `reader.read_pdf`; ``pdf limit`` where it takes too much time or memory.
    """
    recognize = (
        RecognitionCache(limits.kept, sha256(raw.payload)).words if limits.ocr and is_installed() else None
    )
    if not limits.seconds:
        return reader.read_pdf(raw, limits, recognize)
    for tries_left in reversed(range(TRIES)):
        try:
            return PROCESSES.read(raw, replace(limits, witness=tries_left > 0 and limits.witness), recognize)
        except TimeoutError as error:
            raise limit_error(
                "more work than time", f"{limits.seconds:g} s (setting pdf.max_seconds)"
            ) from error
        except (EOFError, OSError) as error:
            if not tries_left:
                what = (
                    f"found a PDF on which its reader died {TRIES} times ({error}), expected one that takes"
                )
                how = f"{limits.memory} bytes of memory (setting pdf.max_bytes) at most and has no fault"
                raise RejectError("read", "pdf limit", f"{what} {how}") from error
    raise AssertionError("unreachable: the loop returns or raises")


class PdfProcess:
    """A child process that reads PDFs, one after the other."""

    def __init__(self) -> None:
        self._process = ChildProcess("etl.read.pdf.child")
        self.alive = self._process.alive
        self.close = self._process.close

    def read(self, raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading:
        """Read a file in the child; pictures of pages are recognized here, where the models are loaded.

        Raises:
            RejectError: the file cannot be read.
            TimeoutError: the child did not answer in time.
            EOFError, OSError: the child ended.
        """
        self._process.send((raw, limits, recognize is not None))
        self._answer(START_SECONDS)  # it has begun
        said = self._answer(limits.seconds)
        while isinstance(said, RecognitionRequest) and recognize is not None:
            self._process.send(recognize(said.picture, said.pages))
            said = self._answer(limits.seconds)
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Reading):
            return said
        raise EOFError("no answer")

    def _answer(self, seconds: float) -> object:
        return self._process.receive(time.monotonic() + seconds)


class PdfProcessPool:
    """The idle child processes of this process, started when needed and kept for further files."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owner = os.getpid()
        self._idle: list[PdfProcess] = []

    def read(self, raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading:
        """Read a file as `PdfProcess.read`, by an idle child; one that fails or does not answer is ended."""
        child = self._take()
        try:
            found = child.read(raw, limits, recognize)
        except RejectError:
            self._keep(child)
            raise
        except EOFError as error:
            raise EOFError(f"status {child.close()}") from error
        except BaseException:
            child.close()
            raise
        self._keep(child)
        return found

    def _take(self) -> PdfProcess:
        with self._lock:
            if self._owner != os.getpid():  # this process was forked; those are its parent's
                self._owner, self._idle = os.getpid(), []
            while self._idle:
                child = self._idle.pop()
                if child.alive():
                    return child
                child.close()
        return PdfProcess()

    def _keep(self, child: PdfProcess) -> None:
        with self._lock:
            self._idle.append(child)

    def close(self) -> None:
        """End all idle children."""
        if self._owner == os.getpid():
            with self._lock:
                idle, self._idle = self._idle, []
            for child in idle:
                with suppress(OSError):
                    child.close()


PROCESSES = PdfProcessPool()
atexit.register(PROCESSES.close)
