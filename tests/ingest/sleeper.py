"""A command that stops itself, as by SIGSTOP from outside, at a named moment: FUNCTION ARGUMENT...

FUNCTION is a dotted path; right before its first call the whole process stops until somebody wakes it.
"""

import os
import signal
import sys
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
        os.kill(os.getpid(), signal.SIGSTOP)
        return real(*args, **kwargs)

    setattr(module, function, call)


if __name__ == "__main__":
    sleep_before(sys.argv[1])
    main(sys.argv[2:])
