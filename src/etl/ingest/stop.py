"""End a run early: take the first SIGTERM or Ctrl-C as a request, and end within the time that is set.

`Stop.listening` waits for a request. After it no report is begun, reports under way have some seconds, and a
process that still goes on ends itself.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

# Of the patience, what reports under way have; the rest is for storing what was made, and for closing.
SHARE = 0.4
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StopCallbacks:
    """The two calls by which workers learn that a run is to end.

    Attributes:
        stop: tells them to begin no further report.
        cut: ends the reports under way.
    """

    stop: Callable[[], None]
    cut: Callable[[], None]


@dataclass(slots=True)
class Stop:
    """The state of a request to end a run early.

    Attributes:
        asked: whether the end was requested.
        patience: seconds from the request to the end of the run; 0 waits for the reports under way.
        overdue: whether the share of the reports under way in this time has passed.
        signals: those that count as a request.
    """

    asked: bool = False
    patience: float = 0.0
    overdue: bool = False
    signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGINT)
    _ends: list[StopCallbacks] = field(default_factory=list)
    _over: Event = field(default_factory=Event)

    @contextmanager
    def listening(self) -> Iterator["Stop"]:
        """Take the first SIGTERM or Ctrl-C in the block as a request; a second one acts as usual."""
        try:
            before = {number: signal.signal(number, self._ask) for number in self.signals}
        except ValueError:  # not the main thread: whoever owns it listens
            before = {}
        try:
            yield self
        finally:
            self._over.set()
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def told(self, ends: StopCallbacks) -> Iterator[None]:
        """Pass a request to these workers while the block runs; cut their work if the block raises."""
        self._ends.append(ends)
        if self.asked:
            ends.stop()
        try:
            yield
        except BaseException:
            ends.cut()
            raise
        finally:
            self._ends.remove(ends)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # The rest must not wait for what this thread is at, nor interrupt it.
        Thread(target=self._grant, name="etl-stop", daemon=True).start()

    def _grant(self) -> None:
        """Tell workers to stop; cut their work after a share of the patience, kill the process after all."""
        start = time.monotonic()
        for ends in tuple(self._ends):
            ends.stop()
        within = f"within {self.patience:g} s" if self.patience else "when the reports under way are done"
        log.warning(
            "asked to end: it ends %s; what is left is for the next run (ask again to end at once)", within
        )
        if not self.patience or self._over.wait(self.patience * SHARE):
            return
        self.overdue = True
        for ends in tuple(self._ends):
            ends.cut()
        if self._over.wait(max(0.0, start + self.patience - time.monotonic())):
            return
        log.warning("not ended after %g s: ending now; the next run does what is left", self.patience)
        # What is half done then is what a crash leaves: the next run finishes it.
        os.kill(os.getpid(), signal.SIGTERM)
