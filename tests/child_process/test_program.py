"""A program of others is ended with all that it has started: in time, and with its caller."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.waiting import until

from etl.child_process.program import ProgramLimits, run_program

LIMITS = ProgramLimits(seconds=300, memory=1_000_000_000, file_size=1_000_000)
ENVIRONMENT = {"PATH": os.environ["PATH"]}


def runs(pid: str) -> bool:
    """Whether a process is alive."""
    return Path(f"/proc/{pid}").exists()


def shell(script: str, limits: ProgramLimits = LIMITS, folder: str = "") -> None:
    """Run a script of the shell."""
    run_program(["/bin/sh", "-c", script], limits, ENVIRONMENT, folder)


def test_limits_hold_for_all_that_it_starts(tmp_path: Path) -> None:
    """A program and its children have the limits of memory and files; nothing of theirs is shown."""
    shell(f"echo loud; sh -c 'ulimit -d; ulimit -f; ulimit -c' > {tmp_path}/told")

    data, files, core = (tmp_path / "told").read_text().split()
    assert (int(data), core) == (LIMITS.memory // 1024, "0")
    assert int(files) in {LIMITS.file_size // 512, LIMITS.file_size // 1024}  # blocks of the shell


def test_no_limit_of_memory(tmp_path: Path) -> None:
    """Without a limit of memory a program has that of its caller."""
    shell(f"ulimit -d > {tmp_path}/told", ProgramLimits(seconds=300, memory=0, file_size=1_000_000))
    own = subprocess.run(["/bin/sh", "-c", "ulimit -d"], capture_output=True, text=True, check=True)

    assert (tmp_path / "told").read_text() == own.stdout


def test_children_are_ended_in_time(tmp_path: Path) -> None:
    """When its time is over, a program is ended with the children that it has not waited for."""
    script = f"sleep 600 & echo $! > {tmp_path}/child; sleep 600"

    with pytest.raises(TimeoutError, match=r"0\.5 s"):
        shell(script, ProgramLimits(0.5, 0, 1_000_000))
    child = (tmp_path / "child").read_text().strip()
    assert until(lambda: not runs(child))


def test_children_are_ended_behind_it(tmp_path: Path) -> None:
    """What a program leaves running is ended when it ends."""
    shell(f"sleep 600 & echo $! > {tmp_path}/child")

    child = (tmp_path / "child").read_text().strip()
    assert until(lambda: not runs(child))


def test_all_is_ended_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    """When the caller is killed, a program is ended with its children, and its folder removed."""
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1])\n"
        "from tests.child_process.test_program import shell; shell(sys.argv[2], folder=sys.argv[3])"
    )
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    script = f"sleep 600 & echo $! > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/child; sleep 600"
    root = str(Path(__file__).parents[2])
    own = [sys.executable, "-c", code, repr([root, *sys.path]), script, str(folder)]
    with subprocess.Popen(own) as caller:
        assert until((tmp_path / "child").exists)
        caller.send_signal(signal.SIGKILL)
    child = (tmp_path / "child").read_text().strip()
    assert until(lambda: not runs(child))
    assert not folder.exists()


def test_folder_of_a_caller_that_lives(tmp_path: Path) -> None:
    """What a program has written is left to a caller that lives, also where its time is over."""
    shell("exit 0", folder=str(tmp_path))
    with pytest.raises(TimeoutError):
        shell("sleep 600", ProgramLimits(0.5, 0, 1_000_000), str(tmp_path))

    assert tmp_path.exists()


def test_program_that_is_none(tmp_path: Path) -> None:
    """A program that cannot be started is an error, not one that ended."""
    with pytest.raises(OSError, match="could not be run"):
        run_program([str(tmp_path / "none")], LIMITS, ENVIRONMENT)
