"""Find Prefect's server, or start one that lives as long as it is needed."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl import private
from etl.model.errors import UnavailableError
from etl.settings import Settings, prefect_url

# On Linux the server ends with this process, however that ends; the request outlives the exec.
TIE = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
TIED = ("-c", TIE) if sys.platform.startswith("linux") else ()
# A first start on two busy cores took 44 s.
START_SECONDS = 180
STOP_SECONDS = 15
HOST = "127.0.0.1"
# Where people look for Prefect.
USUAL_PORT = 4200


@contextmanager
def server(settings: Settings, wanted: int = 0) -> Iterator[str]:
    """Yield the address of the server that the environment names, or of one started for this block alone.

    ``wanted`` is the port of the latter if it is free; without it, any free port is taken.

    Raises:
        UnavailableError: neither answers.
    """
    named = prefect_url()
    if named:
        if not is_healthy(named):
            raise UnavailableError(
                f"no Prefect server answers at {named} (PREFECT_API_URL); start it, or unset the variable"
            )
        yield named
        return
    log = private.owner_only_folder(settings.data_dir, "prefect") / "server.log"
    log.touch(private.FILE)
    port = _port(wanted)
    command = [sys.executable, *TIED, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    with (
        log.open("ab") as words,
        subprocess.Popen(command, stdout=words, stderr=words, umask=private.OTHERS) as process,  # noqa: S603
    ):
        try:
            yield _await(f"http://{HOST}:{port}/api", process, log)
        finally:
            _stop(process)


def is_healthy(url: str, seconds: float = 5.0) -> bool:
    """Check whether a Prefect server answers at ``url`` (which ends in ``/api``)."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=seconds) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's word for yes
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if is_healthy(url, 2.0):
            return url
        time.sleep(0.3)
    raise UnavailableError(f"Prefect's server did not start within {START_SECONDS} s; its words are in {log}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _port(wanted: int) -> int:
    """Return the wanted port if it is free, else any free one."""
    for one in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, one))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UnavailableError("no free port for Prefect's server on this machine; end a program that holds one")
