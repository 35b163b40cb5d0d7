"""End a run early: take the first SIGTERM or Ctrl-C as a request, and grant it in time.

`Stop.listening` waits for one. Nothing further is begun then, reports under way have some seconds, and a
process that goes on all the same ends itself.
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
    """How workers hear that a run is to end.

    Attributes:
        stop: begin no further report.
        cut: end what is under way.
    """

    stop: Callable[[], None]
    cut: Callable[[], None]


@dataclass(slots=True)
class Stop:
    """Set when somebody asks for an early end.

    Attributes:
        asked: whether somebody has.
        patience: seconds in which the run ends then; 0 waits for what is under way.
        overdue: whether what is under way has had its time.
    """

    asked: bool = False
    patience: float = 0.0
    overdue: bool = False
    signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGINT)
    _ends: list[StopCallbacks] = field(default_factory=list)
    _over: Event = field(default_factory=Event)

    @contextmanager
    def listening(self) -> Iterator["Stop"]:
        """Take the first SIGTERM or Ctrl-C as a request; the second one does what it always did."""
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
        """Let these workers hear of a request while the block runs; they are ended where it raises."""
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
        """Say so at once, then end what does not end by itself."""
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
