"""Work for the runners' tests, in a module that worker processes can import."""

import os
import time
from pathlib import Path

from etl.errors import TransientError
from etl.ingest.counts import Counts

Names = tuple[str, ...]
MOMENT = 0.4


def do(names: Names) -> Counts:
    """Count names; ``kill`` ends the worker, ``bug`` fails, ``away`` is a fault that passes.

    ``pid:FOLDER`` takes a moment and notes in the folder which process did it.
    """
    if "kill" in names:
        os._exit(9)
    if "bug" in names:
        raise RuntimeError("bug")
    if "away" in names:
        raise TransientError("away")
    for name in names:
        if name.startswith("/"):
            Path(name).touch()
        if name.startswith("pid:"):
            (Path(name[4:]) / str(os.getpid())).touch()
            time.sleep(MOMENT)
    return Counts(read=len(names), inserted=len(names))


def single(names: Names) -> list[Names]:
    """One name a piece."""
    return [(name,) for name in names]


def give_up(names: Names, error: BaseException) -> Counts:
    """Count a name as set aside."""
    del error
    return Counts(read=len(names), quarantined=len(names))
