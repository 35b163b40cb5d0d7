"""A command that stops itself, as by SIGSTOP from outside, at a named moment: FUNCTION ARGUMENT...

FUNCTION is a dotted path; right before its first call the process that calls it stops until somebody
wakes it: the command's own, or one of its workers.
"""

import signal
import sys
import threading
from importlib import import_module
from typing import Any

from etl.cli.app import main


def sleep_before(path: str) -> None:
    """Let the first call of a function wait for SIGCONT."""
    name, _, function = path.rpartition(".")
    module = import_module(name)
    real = getattr(module, function)

    def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function's
        setattr(module, function, real)
        # To this very thread: sent to the process, another one takes it, and this one runs on for a while.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        return real(*args, **kwargs)

    setattr(module, function, call)


if __name__ in ("__main__", "__mp_main__"):
    sleep_before(sys.argv[1])
if __name__ == "__main__":
    main(sys.argv[2:])
