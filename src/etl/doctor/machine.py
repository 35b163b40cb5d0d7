"""Check whether this machine has what runs need: folder, space, dates in the past, a runner, an engine.

A new check is a function in `CHECKS`; `check_sources` finds more than one thing and stands beside them.
"""

import os
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from etl import openvino_session
from etl.doctor import remedies
from etl.doctor.finding import Finding, ok, problem
from etl.model.errors import SetupError, UnavailableError
from etl.model.report import Candidate, Rejected
from etl.settings import Settings
from etl.sources import Skipped, list_candidates
from etl.sources.names import local_path

# Clocks of machines that share a folder may differ by this much.
CLOCK_SECONDS = 60.0
# Offers of the sources that are looked at.
MOST_FILES = 2_000
# A data folder that most users may write.
ELSEWHERE = str(Path.home() / "report-etl")
# Files that a command names one by one.
MOST_SHOWN = 20
# What a worker holds with its models.
WORKER_BYTES = 420_000_000


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings of all checks."""
    yield from (check(settings) for check in CHECKS)
    yield from check_sources(settings)


def check_folder(settings: Settings) -> Finding:
    """Check whether the data folder can be written to, or be made."""
    wanted = settings.data_dir.absolute()
    there = _nearest(wanted)
    if not there.is_dir():
        found = f"{there} is a file; the data folder should be there"
        return problem("folder", found, remedies.change_setting("data_dir", ELSEWHERE))
    if not os.access(there, os.W_OK | os.X_OK, effective_ids=True):
        found = f"{there} cannot be written by this user"
        return problem("folder", found, remedies.change_setting("data_dir", ELSEWHERE))
    return ok("folder", f"the data folder {wanted} can be written")


def check_disk(settings: Settings) -> Finding:
    """Check whether the disk of the data folder has space."""
    there = _nearest(settings.data_dir.absolute())
    free, wanted = shutil.disk_usage(there).free, settings.watch.free_bytes
    said = f"{free / 1e9:.1f} GB are free at {there}"
    if free >= wanted:
        return ok("disk", said)
    found = f"{said}, less than {wanted / 1e9:.1f} GB (watch.free_bytes)"
    return problem("disk", found, f"du -xhd1 {shlex.quote(str(there))} | sort -h")


def check_sources(settings: Settings) -> Iterator[Finding]:
    """Check whether the sources of the settings can be listed and read, with no file dated in the future."""
    named = settings.run.sources
    if not named:
        yield ok("sources", "none are named in run.sources; name them with each `etl run`")
        return
    offers, missing = _offers(settings)
    for why in missing:
        yield problem("sources", why, remedies.change_setting("run.sources", '["/a/folder/that/exists"]'))
    wanted = [path for offer in offers if not isinstance(offer, Skipped) and (path := _local(offer.uri))]
    closed = [path for path in wanted if _there(path) and not _readable(path)]
    if closed:
        yield _closed(closed)
    paths = [path for offer in offers if (path := _local(offer.uri))]
    ahead = {path: by for path in paths if (by := _ahead(path)) > CLOCK_SECONDS}
    if ahead:
        yield _of_the_future(ahead)
    if not (missing or closed or ahead):
        yield ok("sources", f"{', '.join(named)} can be listed")


def check_runner(settings: Settings) -> Finding:
    """Check whether the runner that the settings name is installed, and its workers fit into memory."""
    if settings.run.runner == "dask" and find_spec("distributed") is None:
        mend = "pip install 'report-etl[dask]'"
        return problem("runner", "run.runner is dask, which is not installed", mend)
    workers, room = settings.run.worker_count, _memory_bytes() // WORKER_BYTES
    if settings.run.runner != "dask" and settings.run.workers and 0 < room < workers:
        found = f"{workers} workers (run.workers) need {workers * WORKER_BYTES / 1e9:.0f} GB, {room} fit"
        return problem("runner", found, remedies.change_setting("run.workers", str(room)))
    return ok("runner", f"{workers} workers by {settings.run.runner}")


def check_engine(settings: Settings) -> Finding:
    """Check whether the engine that the settings name can run the tagger's model here."""
    named = settings.extract.engine
    if named != "openvino" or not (why := openvino_session.fault()):
        return ok("engine", f"{named} runs the tagger's model")
    if not openvino_session.is_installed():
        return problem("engine", why, openvino_session.INSTALL)
    return problem("engine", why, remedies.change_setting("extract.engine", "onnxruntime"))


CHECKS = (check_folder, check_disk, check_runner, check_engine)


def _memory_bytes() -> int:
    """Return the memory of this machine; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0


def _offers(settings: Settings) -> tuple[list[Candidate | Skipped | Rejected], list[str]]:
    """Return the first `MOST_FILES` offers of all sources, and why some sources cannot be listed."""
    offers: list[Candidate | Skipped | Rejected] = []
    missing = []
    for one in settings.run.sources:
        try:
            offers += islice(list_candidates([one], settings.source), MOST_FILES - len(offers))
        except (SetupError, UnavailableError) as error:
            missing.append(str(error))
    return offers, missing


def _closed(closed: Sequence[Path]) -> Finding:
    """Return the finding of files or folders that this user may not read."""
    found = f"{len(closed)} files or folders cannot be read by this user, as {closed[0]}"
    rights = "rx" if closed[0].is_dir() else "r"
    listed = " ".join(shlex.quote(str(path)) for path in closed[:MOST_SHOWN])
    return problem("sources", found, f'sudo setfacl -m "u:$(id -un):{rights}" {listed}')


def _of_the_future(ahead: Mapping[Path, float]) -> Finding:
    """Return the finding of files dated in the future: a clock is wrong, here or where they were written."""
    worst = max(ahead, key=lambda path: ahead[path])
    found = f"{len(ahead)} files have a modification time in the future, {worst} by {ahead[worst]:.0f} s"
    listed = " ".join(shlex.quote(str(path)) for path in list(ahead)[:MOST_SHOWN])
    mend = f"touch -- {listed}" if len(ahead) <= MOST_SHOWN else "timedatectl set-ntp true"
    return problem("sources", f"{found}: this machine's clock or that of their writer is wrong", mend)


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    return next(one for one in (path, *path.parents) if _there(one))


def _there(path: Path) -> bool:
    """Check whether a path exists; False where this user may not look."""
    try:
        return path.exists()
    except OSError:
        return False


def _readable(path: Path) -> bool:
    return os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0), effective_ids=True)


def _local(uri: str) -> Path | None:
    return Path(local_path(uri)) if uri.startswith("file://") else None


def _ahead(path: Path) -> float:
    """Return the seconds by which a file is dated in the future; negative for the past, 0 if unreadable."""
    try:
        return path.stat().st_mtime - time.time()
    except OSError:
        return 0.0
