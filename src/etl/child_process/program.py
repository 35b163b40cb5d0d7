"""Run a program of others and all that it starts, within limits, and end all of it with whoever asked.

`run_program` is the caller's side. `main` is a process between both, the first of a group of its own: it sets
the limits, which all that it starts inherit, and ends the group once the program has ended, the time is over
or the caller is gone, even where that was killed.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

FOLLOW_SECONDS = 0.2  # between two looks at the caller
ENDED, LATE = b"ended", b"late"  # what is said: the program ended by itself, or its time is over
COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from etl.child_process.program import main; main()"
)


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What a program may take.

    Attributes:
        seconds: after which it is ended, with all that it has started.
        memory: bytes of data memory of each of its processes; 0 for no limit.
        file_size: bytes of each file that it writes.
    """

    seconds: float
    memory: int
    file_size: int


def run_program(
    command: Sequence[str], limits: ProgramLimits, environment: Mapping[str, str], folder: str = ""
) -> None:
    """Run a program until it ends, without input or output; how it ended is not told.

    ``folder`` is removed where the caller is killed meanwhile, who else removes it.

    Raises:
        TimeoutError: it did not end in time.
        OSError: it could not be started, or the process between was ended.
    """
    told = (os.getpid(), limits.seconds, limits.memory, limits.file_size, folder)
    own = [sys.executable, "-P", "-c", COMMAND, json.dumps(sys.path), *map(str, told), *command]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(environment),
    ) as process:
        try:
            said = process.communicate()[0]
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if said == LATE:
        raise TimeoutError(f"not done after {limits.seconds:g} s")
    if said != ENDED:
        raise OSError(f"{command[0]} could not be run")


def main() -> None:
    """Run the command of the arguments behind the caller's number, three limits and a folder."""
    caller, seconds, memory, file_size = int(sys.argv[1]), float(sys.argv[2]), *map(int, sys.argv[3:5])
    folder = sys.argv[5]
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, file_size)
    if memory:
        _limit(resource.RLIMIT_DATA, memory)
    silent = subprocess.DEVNULL
    program = subprocess.Popen(sys.argv[6:], stdin=silent, stdout=silent, stderr=silent)  # noqa: S603 - as above
    with suppress(OSError):  # the caller may be gone
        os.write(sys.stdout.fileno(), ENDED if _wait(program, caller, seconds) else LATE)
    if folder and os.getppid() != caller:
        shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _limit(what: int, size: int) -> None:
    """Lower a limit of this process and all that it starts, never above what it has."""
    _, most = resource.getrlimit(what)
    wanted = size if most == resource.RLIM_INFINITY else min(size, most)
    resource.setrlimit(what, (wanted, wanted))


def _wait(program: subprocess.Popen[bytes], caller: int, seconds: float) -> bool:
    """Wait until the program ends, its caller does or its seconds are over; return whether it ended."""
    end = time.monotonic() + seconds
    while os.getppid() == caller and (left := end - time.monotonic()) > 0:
        with suppress(subprocess.TimeoutExpired):
            program.wait(min(FOLLOW_SECONDS, left))
            return True
    return False
