"""Work for the runners' tests, in a module that worker processes can import."""

import os
from pathlib import Path

from tests.waiting import until

from etl.ingest.stats import RunStats
from etl.model.errors import TransientError

Names = tuple[str, ...]


def do(names: Names) -> RunStats:
    """Count names; ``kill`` ends the worker, ``bug`` fails, ``away`` is a fault that passes.

    ``pid:FOLDER`` notes in the folder which process did it; ``meet:FOLDER`` also waits for another one there.
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
        if name.startswith(("pid:", "meet:")):
            kind, _, folder = name.partition(":")
            (Path(folder) / str(os.getpid())).touch()
            until(lambda: kind == "pid" or len(list(Path(folder).iterdir())) > 1)  # noqa: B023 - asked at once
    return RunStats(read=len(names), inserted=len(names))


def split(names: Names) -> list[Names]:
    """One name a piece."""
    return [(name,) for name in names]


def on_crash(names: Names, error: BaseException) -> RunStats:
    """Count a name as quarantined."""
    del error
    return RunStats(read=len(names), quarantined=len(names))
