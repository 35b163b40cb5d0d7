"""End this process with the one that started it, and limit its memory and time."""

import faulthandler
import os
import resource
import time
from threading import Thread

FOLLOW_SECONDS = 1.0  # between two looks at the parent
# Beyond its limit, after which a process ends by itself whose parent died in the middle of a task.
GRACE_SECONDS = 60.0


def exit_with_parent() -> None:
    """End this process once its parent has ended, also in the middle of a task."""
    Thread(target=_follow, args=(os.getppid(),), name="etl-follow", daemon=True).start()


def limit_memory(size: int) -> None:
    """Limit the data memory of this process to so many bytes; 0 raises it to the system's hard limit."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = size if size and most == resource.RLIM_INFINITY else min(size, most) if size else most
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def limit_time(seconds: float) -> None:
    """End this process if it works `GRACE_SECONDS` longer than this from now; 0 is no limit.

    Needs no lock of the interpreter: it also ends a process that is lost in a library's loop.
    """
    faulthandler.cancel_dump_traceback_later()
    if seconds:
        faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True)


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(FOLLOW_SECONDS)
    os._exit(1)
